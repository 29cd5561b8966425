import { seeded } from "../../test/ledger/seeded.ts";

/** Choices from a seed: the same seed makes the same cases. */
export class Draws {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
  }

  /** A whole number below `below`. */
  below(below: number): number {
    return Math.floor(this.#next() * below);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  digits(count: number): string {
    let text = String(1 + this.below(9));
    while (text.length < count) text += String(this.below(10));
    return text;
  }

  text(alphabet: string, count: number): string {
    let text = "";
    while (text.length < count) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }
}
