import type { Diagnostic } from "../../sdk/index.ts";
import { fallbacksOf } from "./awaited.ts";
import { destinationsOf, type Rule, warning } from "./rule.ts";

/** What a fallback filters out is delivered nowhere, and is no dead letter either. */
export const fallbackFilter: Rule = {
  code: "CFG-175",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      if (!destination.filter || !fallbacksOf(channel).has(destination.name)) continue;
      const message = `"${destination.name}" is a fallback: what its filter stops reaches nobody`;
      found.push(warning("CFG-175", channel.place.atKey(...path, "filter"), message, "remove the filter, or put it on the destination that falls back"));
    }
    return found;
  },
};
