import type { MessageHarvest } from "./harvest.ts";
import type { Pattern, Strength } from "./patterns.ts";
import { views } from "./views.ts";

/** Weak identifiers of two kinds this close together point at a person. */
const near = 200;

export interface SearchOptions {
  /** Values the engine itself took from the message: not an identifier of themselves. */
  readonly taken: ReadonlySet<string>;
  /** Kinds and strengths that may stand toward this recipient. */
  allows(pattern: Pattern): boolean;
}

/** The first identifier of the message that blocks, in the text or in what it decodes to. */
export function search(text: string, harvest: MessageHarvest, options: SearchOptions): Strength | undefined {
  for (const view of views(text)) {
    for (const matcher of harvest.matchers) {
      let found: Strength | undefined;
      const weak: { kind: string; end: number }[] = [];
      matcher.scan(view, false, ({ pattern, start, end }) => {
        if (options.allows(pattern) || options.taken.has(pattern.source)) return false;
        if (pattern.strength !== "weak") found = pattern.strength;
        // The same letters under two kinds (a patient and a nurse named Jane) are one hit.
        else if (weak.some((w) => w.kind !== pattern.kind && start >= w.end && start - w.end <= near)) found = "weak";
        else weak.push({ kind: pattern.kind, end });
        return found !== undefined;
      });
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * Whether an opaque token holds an identifier of the message, also inside longer words: `cus_JaneRivera`. Weak ones count
 * too (a given name alone): nothing about a person has a place in a token, and a chance hit of four letters is rare.
 */
export function tokenHolds(token: string, harvest: MessageHarvest): boolean {
  return holds(token, harvest, ({ codes, source }) => codes.length >= 4 && source !== token);
}

/** Whether a value that is no opaque token holds, or is, a strong identifier of the message. */
export function isIdentifying(value: string, harvest: MessageHarvest): boolean {
  return holds(value, harvest, ({ strength }) => strength === "strong");
}

function holds(text: string, harvest: MessageHarvest, counts: (pattern: Pattern) => boolean): boolean {
  for (const view of views(text)) {
    if (harvest.matchers.some((matcher) => matcher.scan(view, true, ({ pattern }) => counts(pattern)))) return true;
  }
  return false;
}
