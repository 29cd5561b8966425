import { randomBytes } from "node:crypto";
import type { Known } from "../collector.ts";
import type { Tokens } from "../tokens.ts";
import { candidatesIn, memorable } from "./candidates.ts";
import { KeyedSet } from "./keyed-set.ts";

/** Owners of data with a memory of their own; the one that was silent longest makes room. */
const mostOwners = 16;

/**
 * Strong identifiers of the last messages, so that code cannot send what an earlier message said of another patient (phi.md 2.3). For each owner of data two sets
 * take turns: the newer fills, and when it is full the older is forgotten. So 200,000 to 400,000 identifiers are known, in 9 MB, at most 144 MB
 * for all owners. In memory alone, under a key of this process: a restart forgets, and nothing in it can be read.
 */
export class Memory {
  readonly #key: string;
  readonly #owners = new Map<string, readonly [newer: KeyedSet, older: KeyedSet | undefined]>();

  /** `key`: for tests; else chance makes it. */
  constructor(key = randomBytes(32).toString("hex")) {
    this.#key = key;
  }

  learn(owners: readonly string[], known: readonly Known[]): void {
    for (const owner of owners.length === 0 ? [""] : owners) {
      let [newer, older] = this.#owners.get(owner) ?? [new KeyedSet(this.#key), undefined];
      for (const text of known.flatMap(memorable)) {
        if (newer.size >= KeyedSet.capacity) [newer, older] = [new KeyedSet(this.#key), newer];
        newer.add(text);
      }
      this.#owners.delete(owner);
      this.#owners.set(owner, [newer, older]);
      const [silent] = this.#owners.keys();
      if (this.#owners.size > mostOwners && silent !== undefined) this.#owners.delete(silent);
    }
  }

  /** Whether a text names somebody that any owner's messages named; `mayStand` says what of it is meant to be there. */
  isNamed(tokens: Tokens, mayStand: (start: number, end: number) => boolean): boolean {
    const sets = [...this.#owners.values()].flat().filter((set) => set !== undefined);
    return candidatesIn(tokens, (text, start, end) => sets.some((set) => set.has(text)) && !mayStand(start, end));
  }
}
