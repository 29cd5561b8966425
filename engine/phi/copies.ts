import { Budget } from "./decode/budget.ts";
import { closure } from "./decode/closure.ts";
import { folded } from "./fold.ts";
import type { MessageHarvest } from "./harvest.ts";
import type { Hit, Matcher } from "./scan.ts";
import { isMeant } from "./token-chance.ts";
import { Trigrams } from "./trigrams.ts";

/** Looks for the identifiers of one message in the values that a closed list copies from it; once for all of them, and only for those that may stand there. */
export class Copies {
  readonly #views: ReadonlyMap<string, readonly string[]>;
  readonly #matchers: readonly Matcher[];

  /** Throws `PHI-212` where the message has more values than anybody looks for. */
  constructor(values: readonly string[], harvest: MessageHarvest) {
    this.#views = new Map(values.map((value) => [value, viewsOf(value)]));
    this.#matchers = Trigrams.of([...this.#views.values()].flat(), (sought) => harvest.matchersFor(sought));
  }

  /**
   * Whether an opaque token holds an identifier, also inside longer words: `cus_JaneRivera`. Weak ones count too (a given name alone), where they are there on
   * purpose: nothing about a person has a place in a token.
   */
  isTelling(token: string): boolean {
    return this.#holds(token, (hit, text) => hit.pattern.source !== token && (hit.pattern.only === undefined || hit.pattern.only === "as no structure") && isMeant(hit, text));
  }

  /** Whether a value that is no opaque token holds, or is, a strong identifier. */
  isIdentifying(value: string): boolean {
    return this.#holds(value, ({ pattern }) => pattern.strength === "strong");
  }

  #holds(value: string, counts: (hit: Hit, text: string) => boolean): boolean {
    const views = this.#views.get(value);
    if (!views) throw new RangeError("a value that was not announced");
    return views.some((view) => this.#matchers.some((matcher) => matcher.scan(view, true, (hit) => counts(hit, view))));
  }
}

/** The value, and what it decodes to. */
function viewsOf(value: string): string[] {
  return Array.from(closure(value, new Budget(value.length)), ({ text }) => folded(text));
}
