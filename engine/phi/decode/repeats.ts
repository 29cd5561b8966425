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
  readonly #text: string;
  readonly #isKept: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#isKept = text.length >= shortestText;
    if (this.#isKept) ends.fill(0);
  }

  /** Whether the run from `start` to `end` stood before. */
  has(start: number, end: number): boolean {
    if (!this.#isKept) return false;
    const slot = slotOf(this.#text, start, end);
    if (isSame(this.#text, starts[slot] as number, ends[slot] as number, start, end)) return true;
    starts[slot] = start;
    ends[slot] = end;
    return false;
  }
}

/** By some of its signs; what falls together is compared whole. */
function slotOf(text: string, start: number, end: number): number {
  const middle = (start + end) >> 1;
  let hash = end - start;
  for (const at of [start, start + 1, middle, end - 2, end - 1]) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

function isSame(text: string, one: number, oneEnd: number, other: number, otherEnd: number): boolean {
  if (oneEnd - one !== otherEnd - other) return false;
  for (let i = otherEnd - other - 1; i >= 0; i--) if (text.charCodeAt(one + i) !== text.charCodeAt(other + i)) return false;
  return true;
}
