import type { LintRule } from "../../config/project.ts";
import { isAtMost } from "../levels.ts";
import { called, waysOut } from "./ways-out.ts";

/** L22: a link decided as `phi: never` is not used for patient data. Config sees to it that the five decisions are there. */
export const linkDecision: LintRule = {
  code: "PHI-122",
  check(project) {
    const outbound = waysOut(project)
      // Without an agreement either, the missing agreement is the mistake (L03).
      .filter(({ partner, destination, covering }) => covering.length > 0 && partner.links.outbound?.phi === "never" && !isAtMost(destination.sends, "deidentified"))
      .map(({ channel, destination, partner }) => ({
        code: "PHI-122" as const,
        level: "error" as const,
        at: channel.place.at("destinations", destination.name, "partner"),
        message: `destination "${destination.name}" sends ${destination.sends} over the link to ${called(partner)}, which is decided as "phi: never"`,
        help: `either set "sends: none" with a closed list under "only:",\nor decide the outbound link of "${partner.name}" anew in partners.yaml`,
      }));
    const inbound = project.channels.flatMap((channel) => {
      const partner = project.partners.get(channel.source.partner);
      if (partner?.links.inbound?.phi !== "never" || isAtMost(channel.classification.level, "deidentified")) return [];
      return [
        {
          code: "PHI-122" as const,
          level: "error" as const,
          at: channel.place.at("source", "partner"),
          message: `channel "${channel.name}" carries ${channel.classification.level} from ${called(partner)}, whose inbound link is decided as "phi: never"`,
          help: `either lower the channel's classification to what the link carries,\nor decide the inbound link of "${partner.name}" anew in partners.yaml`,
        },
      ];
    });
    return [...outbound, ...inbound];
  },
};
