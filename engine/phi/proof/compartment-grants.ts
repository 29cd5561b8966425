import type { LintRule } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { called, coversButCompartments, waysOut } from "./ways-out.ts";

/** L15: every compartment a message may hold is named by an agreement of whoever receives it. */
export const compartmentGrants: LintRule = {
  code: "PHI-115",
  check: (project) =>
    waysOut(project).flatMap((way) => {
      const { channel, destination, partner, need, covering } = way;
      if (covering.length > 0 || !coversButCompartments(way)) return [];
      // Self-payment toward a plan has its own rule: no agreement can grant it.
      const open = need.compartments.filter((c) => !(c === "self-pay" && partner.kind === "health-plan"));
      if (open.length === 0) return [];
      const isOurs = channelOf(partner.name) !== undefined;
      return [
        {
          code: "PHI-115",
          level: "error",
          at: channel.place.at("destinations", destination.name, "partner"),
          message: isOurs
            ? `messages of channel "${channel.name}" may hold ${open.join(", ")}, and ${called(partner)} is not classified for it`
            : `messages of channel "${channel.name}" may hold ${open.join(", ")}, and no one agreement with ${called(partner)} covers all of it`,
          help: isOurs ? `write there: classification: { level: ${need.level}, compartments: [${need.compartments.join(", ")}] }` : `name the compartments under "compartments:" of an agreement whose basis may grant them,\nor narrow the channel: "classification: { level: phi, compartments: [] }" quarantines what is over it`,
        },
      ];
    }),
};
