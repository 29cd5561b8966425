import type { Pattern } from "./patterns.ts";

/** Weak identifiers of two kinds this close together point at a person. */
const near = 200;
/** Of one kind in one text; the first ones speak for the rest. */
const most = 512;

/** What by itself says nothing, in one text. */
export class WeakHits {
  readonly #hits = new Map<string, (readonly [start: number, end: number])[]>();

  /** Whether another kind stands near. The same letters under two kinds (a patient and a nurse named Jane) are one hit. */
  add(kind: string, start: number, end: number): boolean {
    let isNear = false;
    for (const [other, hits] of this.#hits) {
      if (other !== kind && !isHalf(other) && hits.some(([s, e]) => (start >= e && start - e <= near) || (s >= end && s - end <= near))) isNear = true;
    }
    this.#keep(kind, start, end);
    return isNear;
  }

  /** Halves of one number say something together, and nothing with others. */
  addHalf({ only, source }: Pattern, start: number, end: number): boolean {
    const other = this.#hits.get(`${only === "first half" ? "last half" : "first half"} ${source}`) ?? [];
    this.#keep(`${only} ${source}`, start, end);
    return other.some(([s, e]) => (start >= e && start - e <= near) || (s >= end && s - end <= near));
  }

  #keep(kind: string, start: number, end: number): void {
    const hits = this.#hits.get(kind);
    if (!hits) this.#hits.set(kind, [[start, end]]);
    else if (hits.length < most) hits.push([start, end]);
  }
}

function isHalf(kind: string): boolean {
  return kind.startsWith("first half ") || kind.startsWith("last half ");
}
