import type { Diagnostic } from "../../sdk/index.ts";
import { isSelf } from "../self.ts";
import { wholePartners } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";
import { soundlyAsks } from "./source-roles.ts";

/** A direction that is used has its five decisions. */
export const missingLink: Rule = {
  code: "CFG-154",
  check(project) {
    const found: Diagnostic[] = [];
    const help = (direction: string) => `add links: { ${direction}: { auth, allow, limit, audit, phi } } to the partner in partners.yaml`;
    for (const channel of project.channels) {
      const { place, source } = channel;
      const partner = wholePartners(project).get(source.partner);
      if (partner && !partner.links.outbound && !isSelf(partner.name) && soundlyAsks(project, channel)) {
        found.push(error("CFG-154", place.at("source", "partner"), `"${partner.name}" has no outbound link, so it may not be asked`, help("outbound")));
      }
      if (!partner || partner.links.inbound) continue;
      found.push(error("CFG-154", place.at("source", "partner"), `"${partner.name}" has no inbound link, so it may send nothing`, help("inbound")));
    }
    for (const { channel, destination, path } of destinationsOf(project)) {
      const partner = wholePartners(project).get(destination.partner);
      if (!partner || partner.links.outbound || isSelf(partner.name)) continue;
      found.push(error("CFG-154", channel.place.at(...path, "partner"), `"${partner.name}" has no outbound link, so it may receive nothing`, help("outbound")));
    }
    return found;
  },
};
