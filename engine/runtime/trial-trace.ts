import { decode } from "../codec/bytes/index.ts";
import type { Channel } from "../config/project.ts";
import { programName } from "../flow/ports.ts";
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
  const { format, charset } = channel.source;
  const { text } = decode(raw, { format, charset });
  const receivedAt = ports.store.message(id)?.receivedAt ?? 0;
  const output = await ports.sandbox.run(programName(channel), { messageId: ports.opaqueId("message", id), receivedAt, text, trace: true });
  return { text, steps: output.trace ?? [], log: output.log };
}
