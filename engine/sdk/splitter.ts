import type { Code } from "./error.ts";

/** One message cut out of a longer stream. */
export interface Cut {
  readonly bytes: Uint8Array;
  /** Offset in the stream behind it: where a reader that has it goes on. */
  readonly end: number;
}

/** What was found wrong beside the messages (a batch whose count does not agree): a code, places and counts. */
export interface SplitProblem {
  readonly code: Code;
  readonly offset: number;
  readonly line: number;
  readonly has?: number;
  readonly says?: number;
}

/** Cuts a stream into messages as the channel's `split` says. Keeps no more than one unfinished message. */
export interface Splitter {
  /** Messages that are whole with this chunk, in order. Throws EngineError of the codec where the stream cannot be cut any further. */
  push(chunk: Uint8Array): readonly Cut[];
  /** What is left at the end of the stream: a last message without its terminator counts as whole. */
  finish(): readonly Cut[];
  /** What was found since the last call. */
  problems(): readonly SplitProblem[];
}

export interface SplitOptions {
  /** Messages that end at or before this offset were taken earlier and are left out; the stream is given from its beginning all the same. */
  readonly from: number;
  /** Most bytes of one message. */
  readonly limit: number;
}
