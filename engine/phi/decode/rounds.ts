import { isSame } from "./repeats.ts";

/** So often what goes round and round is kept: base32 reads a row of signs otherwise from each of eight places. */
const rounds = 8;
/** And at least so many units of it: longer than what anybody's name or number is. */
const fewest = 512;
const slots = 256;

/**
 * The keys of a text in a row, of which those of a list of like objects come round and round: what is spelt over neighbouring keys is spelt in the first
 * rounds, or from the last of them on into what follows. Whole rounds are left out, never a part of one.
 */
export class Rounds {
  #starts = new Int32Array(1024);
  #ends = new Int32Array(1024);
  #count = 0;
  readonly #last = new Int32Array(slots);

  clear(): void {
    this.#count = 0;
    if (this.#starts.length > mostKept) [this.#starts, this.#ends] = [new Int32Array(1024), new Int32Array(1024)];
  }

  add(start: number, end: number): void {
    if (this.#count === this.#starts.length) this.#grow();
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  /** Calls `keep` for each that is kept, in their order. */
  each(units: Uint16Array, keep: (start: number, end: number) => void): void {
    const [starts, ends] = [this.#starts, this.#ends];
    this.#last.fill(-1);
    let round = 0;
    /** Since when each is what it was a round before. */
    let since = 0;
    let spelt = 0;
    let left = 0;
    for (let i = 0; i < this.#count; i++) {
      const [start, end] = [starts[i] as number, ends[i] as number];
      const slot = slotOf(units, start, end);
      if (round === 0 || !isSame(units, starts[i - round] as number, ends[i - round] as number, start, end)) {
        for (let k = i - (round === 0 ? 0 : left % round); k < i; k++) keep(starts[k] as number, ends[k] as number);
        left = 0;
        const before = this.#last[slot] as number;
        round = before >= 0 && isSame(units, starts[before] as number, ends[before] as number, start, end) ? i - before : 0;
        since = i;
        spelt = 0;
      }
      this.#last[slot] = i;
      if (round > 0 && spelt >= fewest && i - since >= round * (rounds - 1)) left++;
      else keep(start, end);
      spelt += end - start;
    }
    for (let k = this.#count - (round === 0 ? 0 : left % round); k < this.#count; k++) keep(starts[k] as number, ends[k] as number);
  }

  #grow(): void {
    const [starts, ends] = [new Int32Array(this.#starts.length * 2), new Int32Array(this.#starts.length * 2)];
    starts.set(this.#starts);
    ends.set(this.#ends);
    [this.#starts, this.#ends] = [starts, ends];
  }
}

const mostKept = 1 << 16;

function slotOf(units: Uint16Array, start: number, end: number): number {
  return ((end - start) * 31 + (units[start] as number) * 7 + (units[end - 1] as number)) & (slots - 1);
}
