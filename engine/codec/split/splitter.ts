import type { Code } from "../../sdk/error.ts";

/** Cuts a stream of bytes into messages in flat memory. Bytes are given in order, from the begin of the stream. */
export interface Splitter {
  /** Every message that is whole with these bytes. Throws `CSV-005`, `HL7-305` or `X12-005` for one beyond the limit; after that the stream is over. */
  push(chunk: Uint8Array): readonly Cut[];
  /** What is left when the stream has ended. */
  finish(): readonly Cut[];
  /** What was wrong so far beside the messages, which are given all the same. Each is told once. */
  problems(): readonly SplitProblem[];
  /** Bytes kept for a message that is not whole yet. */
  readonly held: number;
}

/** One message of a stream. */
export interface Cut {
  /** The message alone; of delimited text with a header, the header and one record. */
  readonly bytes: Uint8Array;
  /** Offset in the stream behind the message: where to go on after it was committed (`SplitOptions.from`). */
  readonly end: number;
}

/** Counts and places, no content. `line` counts from 1. */
export interface SplitProblem {
  readonly code: Code;
  readonly offset: number;
  readonly line: number;
  /** What was counted and what the trailer says, where that is the problem. */
  readonly has?: number;
  readonly says?: number;
}

export interface SplitOptions {
  /** Messages that end at or before this offset were taken earlier and are not given again; the stream is still read from its begin. */
  readonly from?: number;
  /** Most bytes of one message; default 64 MB. */
  readonly limit?: number;
}

export const defaultLimit = 64 * 1024 * 1024;

/** Bytes collected over several chunks. */
export class Pieces {
  #list: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Copies, since a chunk's memory belongs to whoever reads the stream. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#list.push(bytes.slice());
    this.#size += bytes.length;
  }

  /** Everything with `head` in front and `tail` behind; empty afterwards. */
  take(head: Uint8Array, tail: Uint8Array): Uint8Array {
    const out = new Uint8Array(head.length + this.#size + tail.length);
    out.set(head);
    let at = head.length;
    for (const piece of this.#list) {
      out.set(piece, at);
      at += piece.length;
    }
    out.set(tail, at);
    this.clear();
    return out;
  }

  clear(): void {
    this.#list = [];
    this.#size = 0;
  }
}

export const nothing = new Uint8Array(0);

/** How many bytes of a UTF-8 byte-order mark begin these bytes. */
export function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
