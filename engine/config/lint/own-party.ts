import type { Diagnostic } from "../../sdk/index.ts";
import { isSelf, partnerOf, self } from "../self.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** `self` is the engine: it stands where a message does not come from a partner or go to one, and nowhere else. */
export const ownParty: Rule = {
  code: "CFG-137",
  check(project, { connectors }) {
    const found: Diagnostic[] = [];
    for (const { place, source } of project.channels) {
      const entry = connectors.get(source.connector)?.source;
      if (!entry || source.partner === "") continue;
      const at = place.at("source", "partner");
      if (entry.fromEngine && source.partner !== self) {
        found.push(error("CFG-137", at, `what the ${source.connector} source gives comes from the engine itself, not from "${source.partner}"`, `write partner: ${self}`));
      } else if (!entry.fromEngine && source.partner === self) {
        found.push(error("CFG-137", at, `"${self}" is the engine, and the ${source.connector} source takes messages of a partner`, "name the partner as in partners.yaml"));
      }
    }
    for (const { channel, destination, path } of destinationsOf(project)) {
      const entry = connectors.get(destination.connector)?.destination;
      if (!entry || destination.partner === "") continue;
      const at = channel.place.at(...path, "partner");
      // Whom nobody knows is CFG-150's matter.
      if (entry.reachesChannel && !isSelf(destination.partner) && !project.partners.has(destination.partner)) continue;
      if (entry.reachesChannel && !hasErrorIn(project, channel.place.at(...path, destination.connector)) && destination.partner !== partnerOf(String(destination.options.to))) {
        found.push(error("CFG-137", at, `the ${destination.connector} destination hands over within the engine, not to "${destination.partner}"`, `write partner: ${self}`));
      } else if (!entry.reachesChannel && isSelf(destination.partner)) {
        found.push(error("CFG-137", at, `"${self}" is the engine, and the ${destination.connector} destination sends to a partner`, "name the partner as in partners.yaml"));
      }
    }
    return found;
  },
};
