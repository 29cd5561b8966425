import type { FoundFile } from "../files.ts";

/**
 * Which files have stood unchanged for the age asked. Measured by our own looks at them: the clock of a file server may be minutes off.
 * A file that is seen for the first time is never steady, unless no age is asked.
 */
export class Steadiness {
  readonly #ageMs: number;
  #seen = new Map<string, { readonly mark: string; readonly since: number }>();

  constructor(ageMs: number) {
    this.#ageMs = ageMs;
  }

  /** Names of the steady ones among all files of this look. */
  of(files: readonly FoundFile[], now: number): ReadonlySet<string> {
    const seen = new Map<string, { readonly mark: string; readonly since: number }>();
    const steady = new Set<string>();
    for (const { name, mark } of files) {
      const before = this.#seen.get(name);
      const since = before?.mark === mark ? before.since : now;
      seen.set(name, { mark, since });
      if (this.#ageMs === 0 || (before && now - since >= this.#ageMs)) steady.add(name);
    }
    this.#seen = seen;
    return steady;
  }
}
