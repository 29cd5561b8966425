import type { Prepared } from "./prepare.ts";
import type { RunInput, RunOutput } from "./sandbox.ts";
import { type FrameWriter, kind } from "./worker/wire.ts";

/** A channel as the workers know it. */
export interface Loaded {
  readonly handle: number;
  readonly prepared: Prepared;
}

/** A message that waits for a worker, or is with one. */
export interface Job {
  readonly loaded: Loaded;
  readonly input: RunInput;
  done(output: RunOutput): void;
}

/** How long a worker may be silent over a batch: results come singly when they are slow, so one message's time counts. */
export function patience(batch: readonly Job[]): number {
  return Math.max(...batch.map((job) => job.loaded.prepared.program.limits.timeoutMs)) + graceMs;
}

/** For making an isolate, and for a machine that is busy elsewhere. */
const graceMs = 1500;

/** Id and number of the message, and in a channel with cases how its case stands: words without a tab. Read by `inside/main.ts`. */
function headOf({ messageId, number, case: about }: RunInput): string {
  const head = [messageId, `${number ?? ""}`];
  return (about ? [...head, about.isMatched ? "matched" : "unmatched", about.state ?? "", about.previous ?? ""] : head).join("\t");
}

export function batchFrame(writer: FrameWriter, batch: readonly Job[]): Buffer {
  writer.start(kind.run).u32(batch.length);
  for (const { loaded, input } of batch) {
    writer.u32(loaded.handle).f64(input.receivedAt).text(headOf(input)).text(input.text);
  }
  return writer.end();
}

/** With `check`, the worker answers with the mistakes of syntax it finds. */
export function loadFrame(writer: FrameWriter, { handle, prepared }: Loaded, check: boolean): Buffer {
  const { timeoutMs, memoryMb } = prepared.program.limits;
  writer.start(kind.load).u32(handle).u8(check ? 1 : 0).u32(timeoutMs).u32(memoryMb).text(prepared.json);
  if (check) writer.text(JSON.stringify(prepared.wrapped));
  return writer.end();
}
