import { inquirable } from "../../codec/inquiry.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";

/** What a destination does with a message that may have arrived must be possible: an inquiry of the format's standard, a connector that gives its answer, one message at a time. */
export const unknownOutcome: Rule = {
  code: "CFG-208",
  check(project, { connectors }) {
    return destinationsOf(project).flatMap(({ channel, destination, path }): Diagnostic[] => {
      const { unknown, format, batch, alert, deidentify, partner } = destination;
      const { place } = channel;
      if (!unknown || hasErrorIn(project, place.at(...path))) return [];
      const at = (...keys: string[]) => place.at(...path, "unknown", ...keys);
      const together = batch ? "batch" : alert ? "alert" : deidentify?.aggregate ? "deidentify" : undefined;
      const found: Diagnostic[] = together === undefined ? [] : [error("CFG-208", place.atKey(...path, "unknown"), `"unknown" is for messages that go one by one, and "${together}" makes more of them`, `remove one of the two`)];
      const ids = wholePartners(project).get(partner)?.endpoints.map(({ id }) => id);
      if (unknown.endpoint !== undefined && ids !== undefined && !ids.includes(unknown.endpoint)) {
        found.push(error("CFG-208", at("endpoint"), `"${partner}" has no endpoint "${unknown.endpoint}"`, choices(unknown.endpoint, ids, "endpoints")));
      }
      if (unknown.do === "hold") return found;
      if (connectors.get(destination.connector)?.destination?.inquires !== true) {
        found.push(error("CFG-208", at("do"), `${destination.connector} has no answer to an inquiry`, 'say "do: hold", and a person decides'));
      } else if ((isWritten(place, ...path, "format") || isFormatKnown(project, channel)) && !inquirable.includes(format)) {
        found.push(error("CFG-208", at("do"), `${format} has no inquiry by which a partner could be asked`, `formats that have one: ${inquirable.join(", ")}; else say "do: hold"`));
      }
      return found;
    });
  },
};
