import type { Diagnostic } from "../../sdk/index.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";

const batched = ["hl7v2", "csv", "json", "x12"] as const;

/** Several messages make one where the format has a form for it: FHS and BHS, records, a list, an interchange. */
export const batchFormat: Rule = {
  code: "CFG-178",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      const { batch, format } = destination;
      if (!batch || batched.some((known) => known === format) || hasErrorIn(project, channel.place.at(...path))) continue;
      if (!isWritten(channel.place, ...path, "format") && !isFormatKnown(project, channel)) continue;
      found.push(error("CFG-178", channel.place.atKey(...path, "batch"), `${format} messages cannot go as one`, `formats that can: ${batched.join(", ")}`));
    }
    return found;
  },
};
