import { EngineError } from "../../sdk/error.ts";
import { isInterchangeAt, readDelimiters } from "../x12/delimiters.ts";
import { Parts } from "./interchange-parts.ts";
import { type Cut, defaultLimit, markLength, nothing, Pieces, type SplitOptions, type SplitProblem, type Splitter } from "./splitter.ts";

/** What one message holds: an interchange as it came, or one group, transaction set or claim of it in an envelope of its own. */
export type X12Unit = "interchange" | "group" | "transaction" | "claim";

/**
 * X12 by its envelopes, in any character set in which a byte below 0x80 is ASCII. Each message is an interchange that can be read alone: ISA, GS
 * and ST are repeated, and the counts of SE, GE and IEA are those of the message. `claim` cuts an 837 at each CLM and an 835 at each CLP, and repeats what stands
 * above it: the heading and the levels (HL) it hangs on, or its header (LX); what an 835 holds of no claim (PLB) is one more message. Other transaction sets stay whole. Throws `X12-0nn` where no interchange begins.
 */
export class InterchangeSplitter implements Splitter {
  readonly #parts: Parts;
  readonly #limit: number;
  /** What no terminator has ended yet. */
  readonly #rest = new Pieces();
  /** `#rest` begins with something that its terminator will end, and that is no ISA to be looked at. */
  #isWithin = false;
  #terminator = -1;
  #element = -1;
  /** Offset in the stream of the begin of `#rest`. */
  #base = 0;
  #line = 1;

  constructor(unit: X12Unit, { from = 0, limit = defaultLimit }: SplitOptions = {}) {
    this.#parts = new Parts(unit, from, limit);
    this.#limit = limit;
  }

  get held(): number {
    return this.#rest.size + this.#parts.held;
  }

  push(chunk: Uint8Array): readonly Cut[] {
    return this.#read(chunk, false);
  }

  finish(): readonly Cut[] {
    return [...this.#read(nothing, true), ...this.#parts.finish({ offset: this.#base, line: this.#line })];
  }

  problems(): readonly SplitProblem[] {
    return this.#parts.problems();
  }

  #read(chunk: Uint8Array, isLast: boolean): readonly Cut[] {
    const out: Cut[] = [];
    // Within a segment, what no terminator ends is not looked at again.
    if (!isLast && this.#isWithin && chunk.indexOf(this.#terminator) < 0) {
      this.#hold(chunk);
      return out;
    }
    const bytes = this.#rest.take(nothing, chunk);
    let at = 0;
    if (this.#base === 0 && this.#terminator < 0) at = markLength(bytes);
    for (;;) {
      const start = skipBlank(bytes, at);
      if (start >= bytes.length) break;
      if (this.#begins(bytes, start) && !this.#delimiters(bytes, start, isLast)) break;
      const stop = bytes.indexOf(this.#terminator, start);
      if (stop < 0 && !isLast) break;
      const end = stop < 0 ? bytes.length : stop + 1;
      this.#line += breaks(bytes, at, start);
      this.#parts.segment({ bytes, start, end, element: this.#element, offset: this.#base + start, line: this.#line, isEnded: stop >= 0 }, this.#base + end, out);
      this.#line += breaks(bytes, start, end);
      at = end;
    }
    this.#base += at;
    const rest = bytes.subarray(at);
    const start = skipBlank(rest, 0);
    this.#isWithin = this.#terminator >= 0 && start < rest.length && (!this.#parts.isBetween || (rest.length >= start + 3 && !isIsa(rest, start)));
    this.#hold(rest);
    return out;
  }

  #hold(bytes: Uint8Array): void {
    this.#rest.add(bytes);
    if (this.#rest.size > this.#limit) throw new EngineError("X12-005", { offset: this.#base, limit: this.#limit });
  }

  /** Whether an interchange begins here: at the begin, behind an IEA, or where the last lacks one. */
  #begins(bytes: Uint8Array, start: number): boolean {
    if (this.#terminator < 0 || this.#parts.isBetween) return true;
    return isIsa(bytes, start) && bytes[start + 3] === this.#element;
  }

  /** Reads ISA; `false` while it is not there whole. */
  #delimiters(bytes: Uint8Array, start: number, isLast: boolean): boolean {
    // Text behind the last interchange is told and left out, segment by segment.
    if (this.#terminator >= 0 && bytes.length >= start + 3 && !isIsa(bytes, start)) return true;
    const head = latin(bytes, start, start + 330);
    if (!isInterchangeAt(head, 0)) {
      if (head.length < 4 && !isLast) return false;
      if (this.#terminator < 0) throw new EngineError("X12-001", { offset: this.#base + start });
      return true;
    }
    if (head.length < 330 && !isLast) {
      try {
        readDelimiters(head, 0);
      } catch {
        return false;
      }
    }
    const { element, segment } = readDelimiters(head, 0);
    this.#element = element.charCodeAt(0);
    this.#terminator = segment.charCodeAt(0);
    return true;
  }
}

function isIsa(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 73 && bytes[at + 1] === 83 && bytes[at + 2] === 65;
}

function skipBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte !== 10 && byte !== 13 && byte !== 32 && byte !== 9 && byte !== 0) break;
    at++;
  }
  return at;
}

function breaks(bytes: Uint8Array, start: number, end: number): number {
  let n = 0;
  for (let at = start; at < end; at++) if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) n++;
  return n;
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, bytes.length)));
}
