import type { LintRule } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { ruleOf } from "./rule-of.ts";
import { called, waysOut } from "./ways-out.ts";

/** L15: every compartment a message may hold is named by an agreement of whoever receives it. */
export const compartmentGrants: LintRule = {
  code: "PHI-115",
  check: (project, { now }) =>
    waysOut(project, now).flatMap((way) => {
      if (ruleOf(way, now) !== "PHI-115") return [];
      const { channel, destination, partner, label } = way;
      const { compartments, level } = label;
      const isOurs = channelOf(partner.name) !== undefined;
      return [
        {
          code: "PHI-115",
          level: "error",
          at: channel.place.at("destinations", destination.name, "partner"),
          message: isOurs
            ? `messages of channel "${channel.name}" may hold ${compartments.join(", ")}, and ${called(partner)} is not classified for it`
            : `messages of channel "${channel.name}" may hold ${compartments.join(", ")}, and no one agreement with ${called(partner)} covers all of it`,
          help: isOurs ? `write there: classification: { level: ${level}, compartments: [${compartments.join(", ")}] }` : `name the compartments under "compartments:" of an agreement whose basis may grant them,\nor narrow the channel: "classification: { level: phi, compartments: [] }" quarantines what is over it`,
        },
      ];
    }),
};
