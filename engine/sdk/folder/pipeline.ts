import type { Receipt, SourceContext } from "../context.ts";
import type { FoundFile } from "../files.ts";
import { createHash } from "node:crypto";
import { sleep } from "../ports.ts";
import type { Cut } from "../splitter.ts";
import { place, readPosition, standing, writePosition } from "./position.ts";

export interface PipelineLimits {
  readonly inFlight: number;
  readonly bytesInFlight: number;
  /** Larger pieces are refused without asking. */
  readonly maxBytes: number;
  /** Bytes that are on record already are a repeat. */
  readonly skipsDuplicates: boolean;
}

interface Flight {
  readonly piece: Cut;
  readonly done: Promise<void>;
  receipt?: Receipt;
}

/** How long a source waits before it asks an engine again that could not keep its promise. */
const pauseMs = 1_000;

/**
 * Hands the pieces of one file over, several at a time, so that one commit serves many. Each is accepted only where the one before it
 * was, by its checkpoint: whatever goes wrong with one, those behind it come back and go again, in their order.
 */
export class Pipeline {
  taken = 0;
  refused: number;
  readonly #ctx: SourceContext;
  readonly #file: FoundFile;
  readonly #limits: PipelineLimits;
  #flights: Flight[] = [];
  #bytes = 0;
  #after: string;
  #isBroken = false;

  constructor(ctx: SourceContext, file: FoundFile, refused: number, limits: PipelineLimits) {
    this.#ctx = ctx;
    this.#file = file;
    this.refused = refused;
    this.#limits = limits;
    this.#after = ctx.checkpoint(place) ?? "";
  }

  /** Takes the next piece when there is room. `false`: the engine stops, and it was not taken. */
  async push(piece: Cut): Promise<boolean> {
    while (this.#isBroken || this.#isFull) if (!(await this.#advance())) return false;
    if (this.#ctx.signal.aborted) return false;
    if (piece.bytes.length > this.#limits.maxBytes) {
      this.refused++;
      this.#ctx.problem("FIL-102", { bytes: piece.bytes.length });
    } else this.#submit(piece);
    return true;
  }

  /** Waits until everything has its receipt. `false`: the engine stops, and not all of it was taken. */
  async finish(): Promise<boolean> {
    while (this.#flights.length > 0) if (!(await this.#advance())) return false;
    return true;
  }

  get #isFull(): boolean {
    return this.#flights.length >= this.#limits.inFlight || this.#bytes >= this.#limits.bytesInFlight;
  }

  #submit(piece: Cut): void {
    const { mark, node, size } = this.#file;
    const value = writePosition({ mark, node, size, offset: piece.end, refused: this.refused });
    const received = this.#ctx.receive(piece.bytes, { checkpoint: { of: place, value, after: this.#after }, ...(this.#limits.skipsDuplicates && { identity: contentId(piece.bytes) }) });
    const flight: Flight = {
      piece,
      done: received.then((receipt) => {
        flight.receipt = receipt;
        if (!isTaken(receipt)) this.#isBroken = true;
      }),
    };
    this.#flights.push(flight);
    this.#bytes += piece.bytes.length;
    this.#after = value;
  }

  async #advance(): Promise<boolean> {
    await this.#flights[0]?.done;
    if (this.#isBroken) return this.#mend();
    let settled = 0;
    for (const { receipt, piece } of this.#flights) {
      if (!receipt) break;
      settled++;
      this.#bytes -= piece.bytes.length;
    }
    this.taken += settled;
    this.#flights = this.#flights.slice(settled);
    return true;
  }

  /** Every receipt is waited for before anything goes again: a piece in doubt must not overtake itself. */
  async #mend(): Promise<boolean> {
    const flights = this.#flights;
    await Promise.all(flights.map(({ done }) => done));
    this.#flights = [];
    this.#bytes = 0;
    this.#isBroken = false;
    this.#after = this.#ctx.checkpoint(place) ?? "";
    const at = standing(readPosition(this.#after), this.#file);
    const again: Cut[] = [];
    for (const { receipt, piece } of flights) {
      // A commit whose answer was lost stands in the record all the same.
      if ((receipt && isTaken(receipt)) || piece.end <= at.offset) this.taken++;
      else if (receipt?.kind === "refused") this.#refuse(receipt);
      else again.push(piece);
    }
    // Not one of them: then it is not the order of pieces that failed, but the engine.
    const isEngineDown = again.length === flights.length;
    if (isEngineDown && !(await sleep(this.#ctx.clock, pauseMs, this.#ctx.signal))) return false;
    if (this.#ctx.signal.aborted && again.length > 0) return false;
    for (const piece of again) this.#submit(piece);
    return true;
  }

  #refuse({ code }: Receipt): void {
    this.refused++;
    if (code !== undefined) this.#ctx.problem(code, { refused: this.refused });
  }
}

/** `unanswered` is on disk as well: what is not known is what became of it further on. */
function isTaken({ kind }: Receipt): boolean {
  return kind === "accepted" || kind === "duplicate" || kind === "unanswered";
}

/** The bytes as their own id, which the record keeps as a keyed hash. */
function contentId(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
