import { longestKept } from "./units.ts";

let narrow = Buffer.alloc(8192);

/** Units written one after the other that become one text, without a string for each piece. One text at a time. */
export class Written {
  #units = new Uint16Array(8192);
  #length = 0;
  /** Bits of all of them. */
  #bits = 0;

  /** Those of `units` from `start` to `end`. */
  add(units: Uint16Array, start: number, end: number): void {
    this.#reserve(end - start);
    const into = this.#units;
    let n = this.#length;
    let bits = 0;
    for (let i = start; i < end; i++) {
      const unit = units[i] as number;
      bits |= unit;
      into[n++] = unit;
    }
    this.#length = n;
    this.#bits |= bits;
  }

  sign(unit: number): void {
    this.#reserve(1);
    this.#units[this.#length++] = unit;
    this.#bits |= unit;
  }

  /** What was written; the next text begins anew. */
  take(): string {
    const n = this.#length;
    const units = this.#units.subarray(0, n);
    let text: string;
    if (this.#bits < 256) {
      if (narrow.length < n) narrow = Buffer.alloc(n * 2);
      narrow.set(units);
      text = narrow.toString("latin1", 0, n);
      if (n > longestKept) narrow = Buffer.alloc(8192);
    } else text = Buffer.from(units.buffer, 0, n * 2).toString("utf16le");
    this.clear();
    return text;
  }

  clear(): void {
    this.#length = this.#bits = 0;
    if (this.#units.length > longestKept) this.#units = new Uint16Array(8192);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#units.length) return;
    const units = new Uint16Array(Math.max(this.#units.length * 2, this.#length + more));
    units.set(this.#units);
    this.#units = units;
  }
}
