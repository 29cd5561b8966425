import type { Prepared } from "./prepare.ts";
import type { RunInput, RunOutput } from "./sandbox.ts";
import { type FrameWriter, kind } from "./worker/wire.ts";

const maxMessages = 32;
const maxChars = 256 * 1024;

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

/** Takes what waits, oldest first: one frame carries them all, whatever their channels. */
export function takeBatch(queue: Job[]): Job[] {
  let chars = 0;
  let count = 0;
  while (count < queue.length && count < maxMessages) {
    chars += queue[count]?.input.text.length ?? 0;
    if (count > 0 && chars > maxChars) break;
    count++;
  }
  return queue.splice(0, count);
}

/** How long a worker may be silent over a batch: results come singly when they are slow, so one message's time counts. */
export function patience(batch: readonly Job[]): number {
  return Math.max(...batch.map((job) => job.loaded.prepared.program.limits.timeoutMs)) + graceMs;
}

/** For making an isolate, and for a machine that is busy elsewhere. */
const graceMs = 1500;

export function batchFrame(writer: FrameWriter, batch: readonly Job[]): Buffer {
  writer.start(kind.run).u32(batch.length);
  for (const { loaded, input } of batch) {
    writer.u32(loaded.handle).f64(input.receivedAt).text(input.messageId).text(input.text);
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
