import type { DestinationSpec } from "../config/project.ts";
import type { RunOutput, StepResult } from "../sandbox/sandbox.ts";
import type { ChannelRevision, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/** Guest code runs once a message for all destinations; each lane picks its own result. */
export async function transformed(
  work: Work,
  id: string,
  receivedAt: number,
  revision: ChannelRevision,
  destination: DestinationSpec,
  ports: FlowPorts,
): Promise<{ readonly result: StepResult; readonly log: readonly string[] }> {
  const { channel } = revision;
  if (!runsCode(revision, destination)) return { result: { kind: "output", format: channel.source.format, text: work.text }, log: [] };
  work.run ??= ports.sandbox.run(revision.program, { messageId: id, receivedAt, text: work.text });
  const output: RunOutput = await work.run;
  const result = output.results[channel.destinations.findIndex((d) => d.name === destination.name)];
  return { result: result ?? { kind: "failed", code: "FLW-204" }, log: output.log };
}

/** An untouched message never enters the sandbox: its bytes pass as they came. */
function runsCode({ channel }: ChannelRevision, destination: DestinationSpec): boolean {
  return Boolean(channel.filter || channel.transform || destination.filter || destination.transform);
}
