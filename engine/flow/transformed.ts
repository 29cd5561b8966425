import type { DestinationSpec } from "../config/project.ts";
import type { RunInput, RunOutput, StepResult } from "../sandbox/sandbox.ts";
import { type Code, codeOf } from "../sdk/index.ts";
import type { Pulled } from "./attachments.ts";
import type { ChannelRevision, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/** Guest code runs once a message for all destinations; each lane picks its own result. */
export async function transformed(
  work: Work,
  receivedAt: number,
  revision: ChannelRevision,
  destination: DestinationSpec,
  ports: FlowPorts,
): Promise<{ readonly result: StepResult; readonly log: readonly string[] }> {
  const { channel } = revision;
  if (!runsCode(revision, destination)) return { result: { kind: "output", format: channel.source.format, text: work.text }, log: [] };
  const aside = work.pulled(channel.source, ports);
  const input = { messageId: work.idFor("message", ports), number: work.message, receivedAt, text: aside?.text ?? work.text, ...(work.case && { case: work.case }) };
  const run = (work.run ??= runWithStrikes(revision.program, input, ports).then((done) => reported(done, channel.name, ports)));
  let output: RunOutput;
  try {
    output = await run;
  } catch (error) {
    // No run is no result: the next try asks the sandbox again.
    if (work.run === run) work.run = undefined;
    throw error;
  }
  const result = output.results[channel.destinations.findIndex((d) => d.name === destination.name)];
  if (!result) return { result: { kind: "failed", code: "FLW-204" }, log: output.log };
  // What the engine could not run is run again at the next try; what the code did stands.
  if (result.kind === "failed" && isEngineFault(result.code) && work.run === run) work.run = undefined;
  return { result: whole(result, aside), log: output.log };
}

/** Once for a message, however many destinations it has. */
function reported(output: RunOutput, channel: string, { events }: FlowPorts): RunOutput {
  for (const [table, count] of Object.entries(output.missed ?? {})) events.missedKey?.(channel, table, count);
  return output;
}

/** What was set aside before the code ran is back before anything else looks at its result. */
function whole(result: StepResult, aside: Pulled | undefined): StepResult {
  if (aside === undefined || result.kind !== "output") return result;
  try {
    return { ...result, text: aside.putBack(result.format, result.text) };
  } catch (error) {
    return { kind: "failed", code: codeOf(error, "FLW-208") };
  }
}

/** An untouched message never enters the sandbox: its bytes pass as they came. */
function runsCode({ channel }: ChannelRevision, destination: DestinationSpec): boolean {
  return Boolean(channel.filter || channel.transform || destination.filter || destination.transform);
}

/** Code that outlasts or kills its worker may have had a bad neighbour: it gets three strikes (security-reliability T20). */
export async function runWithStrikes(program: string, input: RunInput, ports: FlowPorts): Promise<RunOutput> {
  let output = await ports.sandbox.run(program, input);
  for (let strike = 2; strike <= 3 && output.results.some(isFatal); strike++) output = await ports.sandbox.run(program, input);
  return output;
}

function isFatal(result: StepResult): boolean {
  return result.kind === "failed" && fatal.has(result.code);
}

/** Time, memory, crash: what ends a worker, as against an error of the code. */
const fatal: ReadonlySet<Code> = new Set<Code>(["SBX-202", "SBX-203", "SBX-208"]);

/** The sandbox could not run anything: the message has no part in it and waits. */
export function isEngineFault(code: Code): boolean {
  return code === "SBX-302" || code === "SBX-303" || code === "SBX-304";
}
