/** Runs that are looked up by their first place; more of them than this make room for each other. */
const slots = 1024;
const starts = new Int32Array(slots);
const ends = new Int32Array(slots);

/** In a shorter text too little stands twice. */
const shortestText = 256;

/**
 * What stands again in one text says nothing that it did not say before: names of fields, systems of codes and units are most of a message. One text at a
 * time: the next one is written over it.
 */
export class Repeats {
  readonly #units: Uint16Array;
  readonly #isKept: boolean;

  /** `length`: how many units the text has. */
  constructor(units: Uint16Array, length: number) {
    this.#units = units;
    this.#isKept = length >= shortestText;
    if (this.#isKept) ends.fill(0);
  }

  /** Whether the run from `start` to `end` stood before. */
  has(start: number, end: number): boolean {
    if (!this.#isKept) return false;
    const slot = slotOf(this.#units, start, end);
    if (isSame(this.#units, starts[slot] as number, ends[slot] as number, start, end)) return true;
    starts[slot] = start;
    ends[slot] = end;
    return false;
  }
}

/** By some of its signs; what falls together is compared whole. */
function slotOf(units: Uint16Array, start: number, end: number): number {
  let hash = mixed(end - start, units[start] as number);
  hash = mixed(hash, units[start + 1] as number);
  hash = mixed(hash, units[(start + end) >> 1] as number);
  hash = mixed(hash, units[end - 2] as number);
  hash = mixed(hash, units[end - 1] as number);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

/** FNV-1a, a unit at a time. */
function mixed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Whether a text says the same at two places. */
export function isSame(units: Uint16Array, one: number, oneEnd: number, other: number, otherEnd: number): boolean {
  if (oneEnd - one !== otherEnd - other) return false;
  for (let i = otherEnd - other - 1; i >= 0; i--) if (units[one + i] !== units[other + i]) return false;
  return true;
}
