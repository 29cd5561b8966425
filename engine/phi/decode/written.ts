import { longestKept } from "./units.ts";

const keptFor = 8192;

/** Units written one after the other that become one text, without a string for each piece. One text at a time. */
export class Written {
  /** As long as none is above 255, one byte each. */
  #narrow = Buffer.alloc(keptFor);
  #wide = new Uint16Array(0);
  #isWide = false;
  #length = 0;

  /** Those of `units` from `start` to `end`. */
  add(units: Uint16Array, start: number, end: number): void {
    this.#reserve(end - start);
    if (!this.#isWide && copyNarrow(units, start, end, this.#narrow, this.#length) > 255) this.#widen();
    if (this.#isWide) copyWide(units, start, end, this.#wide, this.#length);
    this.#length += end - start;
  }

  /** One below 256. */
  sign(unit: number): void {
    this.#reserve(1);
    (this.#isWide ? this.#wide : this.#narrow)[this.#length++] = unit;
  }

  /** What was written; the next text begins anew. */
  take(): string {
    const n = this.#length;
    const text = this.#isWide ? Buffer.from(this.#wide.buffer, 0, n * 2).toString("utf16le") : this.#narrow.toString("latin1", 0, n);
    this.clear();
    return text;
  }

  clear(): void {
    this.#length = 0;
    this.#isWide = false;
    if (this.#narrow.length > longestKept) this.#narrow = Buffer.alloc(keptFor);
    if (this.#wide.length > longestKept) this.#wide = new Uint16Array(0);
  }

  #widen(): void {
    if (this.#wide.length < this.#narrow.length) this.#wide = new Uint16Array(this.#narrow.length);
    this.#wide.set(this.#narrow.subarray(0, this.#length));
    this.#isWide = true;
  }

  #reserve(more: number): void {
    const into = this.#isWide ? this.#wide : this.#narrow;
    const needed = this.#length + more;
    if (needed <= into.length) return;
    const size = Math.max(into.length * 2, needed);
    if (this.#isWide) {
      this.#wide = new Uint16Array(size);
      this.#wide.set(into);
    } else {
      this.#narrow = Buffer.alloc(size);
      this.#narrow.set(into);
    }
  }
}

/** Gives the bits of all of them. */
function copyNarrow(units: Uint16Array, start: number, end: number, into: Uint8Array, at: number): number {
  let bits = 0;
  for (let i = start, n = at; i < end; i++, n++) {
    const unit = units[i] as number;
    bits |= unit;
    into[n] = unit;
  }
  return bits;
}

function copyWide(units: Uint16Array, start: number, end: number, into: Uint16Array, at: number): void {
  for (let i = start, n = at; i < end; i++, n++) into[n] = units[i] as number;
}
