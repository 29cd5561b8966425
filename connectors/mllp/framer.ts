import type { Code } from "../../engine/sdk/index.ts";
import { CR, FS, VT } from "./frame.ts";
import { Gather } from "./gather.ts";

export interface FramerLimits {
  readonly maxFrame: number;
  /** Bytes between two frames beyond which the peer does not speak MLLP. */
  readonly maxGarbage: number;
}

/**
 * Cuts a stream of bytes into frames. One pass over each chunk; a frame inside one chunk is not copied. Frames before an error are
 * given out; after one the framer takes nothing more, since where the next frame begins would be a guess.
 */
export class Framer {
  readonly #limits: FramerLimits;
  readonly #onFrame: (message: Uint8Array) => void;
  readonly #gather = new Gather();
  #at: "outside" | "inside" | "end" = "outside";
  #frames = 0;
  #gap = 0;
  #skipped = 0;
  #failure: Code | undefined;

  constructor(limits: FramerLimits, onFrame: (message: Uint8Array) => void) {
    this.#limits = limits;
    this.#onFrame = onFrame;
  }

  /** Whether a frame has begun and not ended. */
  get open(): boolean {
    return this.#at !== "outside";
  }

  /** Bytes kept of the unfinished frame. */
  get held(): number {
    return this.#gather.size;
  }

  /** Frames given out so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes skipped before the frames begun since the last call; line ends, which some senders add between frames, are not counted. */
  takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }

  /** Takes the next chunk. Returns the code of what broke the framing; the connection is of no use then. */
  push(chunk: Uint8Array): Code | undefined {
    let from = 0;
    while (from < chunk.length && !this.#failure) {
      if (this.#at === "outside") from = this.#skip(chunk, from);
      else if (this.#at === "inside") from = this.#read(chunk, from);
      else from = this.#finish(chunk, from);
    }
    return this.#failure;
  }

  #skip(chunk: Uint8Array, from: number): number {
    const start = chunk[from] === VT ? from : chunk.indexOf(VT, from);
    const end = start === -1 ? chunk.length : start;
    for (let i = from; i < end; i++) if (chunk[i] !== CR && chunk[i] !== 0x0a) this.#gap++;
    if (this.#gap > this.#limits.maxGarbage) this.#failure = "MLP-102";
    if (start === -1) return chunk.length;
    this.#skipped += this.#gap;
    this.#gap = 0;
    this.#at = "inside";
    return start + 1;
  }

  #read(chunk: Uint8Array, from: number): number {
    const end = chunk.indexOf(FS, from);
    const piece = chunk.subarray(from, end === -1 ? chunk.length : end);
    if (this.#gather.size + piece.length > this.#limits.maxFrame) this.#failure = "MLP-103";
    else if (piece.indexOf(VT) !== -1) this.#failure = "MLP-105";
    else if (end === -1) this.#gather.add(piece);
    else return this.#close(chunk, piece, end);
    return chunk.length;
  }

  /** At FS: the common case has its CR in the same chunk, and nothing of the frame in an earlier one. */
  #close(chunk: Uint8Array, piece: Uint8Array, end: number): number {
    if (this.#gather.size === 0 && chunk[end + 1] === CR) {
      this.#give(piece);
      return end + 2;
    }
    this.#gather.add(piece);
    this.#at = "end";
    return end + 1;
  }

  #finish(chunk: Uint8Array, from: number): number {
    if (chunk[from] !== CR) {
      this.#failure = "MLP-104";
      return chunk.length;
    }
    this.#give(this.#gather.take());
    return from + 1;
  }

  #give(message: Uint8Array): void {
    this.#at = "outside";
    this.#frames++;
    this.#onFrame(message);
  }
}
