import type { Diagnostic } from "../../sdk/index.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** Addresses stand in `partners.yaml` alone: a review of that file sees every host data can reach. */
export const hostInChannel: Rule = {
  code: "CFG-152",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      const walk = (value: unknown, below: readonly string[]): void => {
        if (typeof value === "object" && value !== null) for (const [key, item] of Object.entries(value)) walk(item, [...below, key]);
        else if (typeof value === "string" && /^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
          const help = "put the address under the partner's endpoints in partners.yaml, and name that endpoint's id here";
          found.push(error("CFG-152", channel.place.at(...below), "a channel names no hosts: addresses belong to the partner", help));
        }
      };
      walk(destination.options, [...path, destination.connector]);
    }
    return found;
  },
};
