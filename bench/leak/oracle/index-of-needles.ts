/** Many strings looked for at once: by their first letters, then by the rest. */
export class NeedleIndex<T> {
  readonly #head: number;
  readonly #byHead = new Map<string, [needle: string, owner: T][]>();

  /** `head`: letters by which they are told apart; no needle may be shorter. */
  constructor(needles: Iterable<readonly [string, T]>, head: number) {
    this.#head = head;
    for (const [needle, owner] of needles) {
      const key = needle.slice(0, head);
      const same = this.#byHead.get(key);
      if (same) same.push([needle, owner]);
      else this.#byHead.set(key, [[needle, owner]]);
    }
  }

  /** Whose needle stands first in the text, of those that are at least so long. */
  in(text: string, shortest: number): T | undefined {
    for (let at = 0; at + this.#head <= text.length; at++) {
      const same = this.#byHead.get(text.slice(at, at + this.#head));
      if (!same) continue;
      for (const [needle, owner] of same) if (needle.length >= shortest && text.startsWith(needle, at)) return owner;
    }
    return undefined;
  }
}
