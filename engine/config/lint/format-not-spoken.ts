import type { Diagnostic } from "../../sdk/index.ts";
import { isWritten } from "../yaml/place.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A connector reads and writes the formats it declares. */
export const formatNotSpoken: Rule = {
  code: "CFG-133",
  check(project, { connectors }) {
    const found: Diagnostic[] = [];
    for (const { place, source } of project.channels) {
      const formats = connectors.get(source.connector)?.source?.formats;
      if (!formats || formats.includes(source.format)) continue;
      found.push(error("CFG-133", place.at("source", "format"), `the ${source.connector} source does not read ${source.format}`, `it reads ${formats.join(", ")}`));
    }
    for (const { channel, destination, path } of destinationsOf(project)) {
      const formats = connectors.get(destination.connector)?.destination?.formats;
      if (!formats || formats.includes(destination.format)) continue;
      const own = [...path, "format"];
      const at = isWritten(channel.place, ...own) ? channel.place.at(...own) : channel.place.atKey(...path, destination.connector);
      found.push(error("CFG-133", at, `the ${destination.connector} destination does not send ${destination.format}`, `it sends ${formats.join(", ")}; say which with format:`));
    }
    return found;
  },
};
