import type { Diagnostic } from "../../sdk/index.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { isFormatKnown } from "./source-format.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A connector reads and writes the formats it declares. */
export const formatNotSpoken: Rule = {
  code: "CFG-133",
  check(project, { connectors }) {
    const found: Diagnostic[] = [];
    for (const channel of project.channels) {
      const { place, source } = channel;
      const formats = connectors.get(source.connector)?.source?.formats;
      if (!formats || formats.includes(source.format) || !isFormatKnown(project, channel)) continue;
      found.push(error("CFG-133", place.at("source", "format"), `the ${source.connector} source does not read ${source.format}`, `it reads ${formats.join(", ")}`));
    }
    for (const { channel, destination, path } of destinationsOf(project)) {
      const formats = connectors.get(destination.connector)?.destination?.formats;
      if (!formats || formats.includes(destination.format) || hasErrorIn(project, channel.place.at(...path))) continue;
      const own = [...path, "format"];
      const isInherited = !isWritten(channel.place, ...own);
      if (isInherited && !isFormatKnown(project, channel)) continue;
      const at = isInherited ? channel.place.atKey(...path, destination.connector) : channel.place.at(...own);
      found.push(error("CFG-133", at, `the ${destination.connector} destination does not send ${destination.format}`, `it sends ${formats.join(", ")}; say which with format:`));
    }
    return found;
  },
};
