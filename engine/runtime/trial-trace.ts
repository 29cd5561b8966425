import type { Channel, DestinationSpec } from "../config/project.ts";
import { lower, transformedAfter } from "../flow/deidentified.ts";
import type { Output } from "../flow/guarded.ts";
import { type ChannelRevision, type FlowPorts, programName } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import { Work } from "../flow/work.ts";
import type { TracedStep } from "../sandbox/sandbox.ts";
import type { TrialParts, TrialResult } from "./trial.ts";

export interface TrialTrace {
  /** The message as the channel read it. */
  readonly text: string;
  readonly steps: readonly TracedStep[];
  /** What the code logged. */
  readonly log: readonly string[];
}

/** The value after each step of a message that went through a trial: the code runs once more, with the same id, clock and randomness. */
export async function traceOf(channel: Channel, raw: Uint8Array, { receipt }: TrialResult, { ports }: TrialParts): Promise<TrialTrace | undefined> {
  if (receipt.id === undefined) return undefined;
  const id = Number(receipt.id.slice(1));
  const { format } = channel.source;
  const receivedAt = ports.store.message(id)?.receivedAt ?? 0;
  const work = Work.from({ id, receivedAt, raw: { format, bytes: raw } }, channel.source);
  const { text } = work;
  const output = await ports.sandbox.run(programName(channel), { messageId: ports.opaqueId("message", id), receivedAt, text, trace: true });
  const steps = [...(output.trace ?? [])];
  const log = [...output.log];
  for (const [at, spec] of channel.destinations.entries()) {
    const result = output.results[at];
    if (!spec.deidentify || result?.kind !== "output") continue;
    const after = await stepsAfter(result, work, { channel, program: programName(channel) }, spec, ports);
    for (const step of after.steps) steps.push(step);
    for (const line of after.log) log.push(line);
  }
  return { text, steps, log };
}

/** What the engine made of a destination's output, and what the code that sees no more made of that. */
async function stepsAfter(output: Output, work: Work, revision: ChannelRevision, spec: DestinationSpec, ports: FlowPorts): Promise<{ readonly steps: TracedStep[]; readonly log: readonly string[] }> {
  const { name: destination, deidentify } = spec;
  const lowered = lower(output, work, revision, spec, ports);
  const result: TracedStep["result"] = "refusal" in lowered ? { kind: "failed", code: lowered.refusal.code } : { kind: "output", ...lowered };
  const step: TracedStep = { destination, step: "deidentify", at: revision.channel.place.at("destinations", destination, "deidentify"), result };
  if ("refusal" in lowered || !deidentify?.transform) return { steps: [step], log: [] };
  const name = work.nameFor({ lane: laneOf(revision.channel.name, destination) }, ports);
  const after = await transformedAfter(lowered, work, name, revision, spec, ports);
  return { steps: [step, { destination, step: "transform-after", at: revision.channel.place.at("destinations", destination, "deidentify", "transform"), result: after.result }], log: after.log };
}
