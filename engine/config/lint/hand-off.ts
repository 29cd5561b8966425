import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { completeness, hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";
import { handOffs } from "./hand-offs.ts";
import { error, type Rule } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";

/** What a channel hands over is taken by a channel of this project, in the format that it is given in. */
export const handOff: Rule = {
  code: "CFG-183",
  check(project, { connectors }) {
    const { channels } = project;
    const areAllKnown = completeness(project).channels && channels.every((c) => c.name !== "" && !hasMisspeltKey(project, c.place));
    // One channel that is gone is one mistake, however many hand over to it.
    const missed = new Set<string>();
    return handOffs(project, connectors).flatMap(({ channel, destination, at, to, taker }): Diagnostic[] => {
      if (to === "" || !areAllKnown || hasErrorIn(project, channel.place.at("destinations", destination.name))) return [];
      if (!taker) {
        if (missed.has(to)) return [];
        missed.add(to);
        const others = channels.filter((c) => c.source.connector === destination.connector).map((c) => c.name);
        return [error("CFG-183", at, `there is no channel "${to}"`, choices(to, others, `channels with a ${destination.connector} source`))];
      }
      if (hasErrorIn(project, taker.place.at("source")) || !isFormatKnown(project, taker)) return [];
      if (taker.source.connector !== destination.connector) {
        const help = `give "${to}" a source with ${destination.connector}: {}, or name a channel that has one`;
        return [error("CFG-183", at, `the channel "${to}" receives by ${taker.source.connector}, and takes nothing from other channels`, help)];
      }
      const fits = taker.source.format === destination.format || (taker.source.format === "json" && destination.format === "fhir");
      if (fits || !isFormatKnown(project, channel)) return [];
      return [error("CFG-183", at, `the channel "${to}" reads ${taker.source.format}, and is handed ${destination.format}`, "let both be of one format")];
    });
  },
};
