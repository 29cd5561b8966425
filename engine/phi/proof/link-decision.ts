import type { LintRule } from "../../config/project.ts";
import { isAtMost } from "../levels.ts";
import { ruleOf } from "./rule-of.ts";
import { called, waysOut } from "./ways-out.ts";

/** L22: a link decided as `phi: never` is not used for patient data. Config sees to it that the five decisions are there. */
export const linkDecision: LintRule = {
  code: "PHI-122",
  check(project, { now }) {
    const outbound = waysOut(project, now)
      .filter((way) => ruleOf(way, now) === "PHI-122")
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
