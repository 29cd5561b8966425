import { seeded } from "../ledger/seeded.ts";

/** Choices from a seed, so that a graph that shows a mistake can be made again. */
export class Seeded {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed * 7919 + 17);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** From `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  one<T>(of: readonly T[]): T {
    return of[this.int(0, of.length - 1)] as T;
  }

  /** Each with this probability. */
  some<T>(of: readonly T[], probability: number): T[] {
    return of.filter(() => this.chance(probability));
  }

  /** So many different ones. */
  pick<T>(of: readonly T[], count: number): T[] {
    const left = [...of];
    const picked: T[] = [];
    while (picked.length < count && left.length > 0) picked.push(...left.splice(this.int(0, left.length - 1), 1));
    return picked;
  }
}
