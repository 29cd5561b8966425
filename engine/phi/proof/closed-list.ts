import type { LintRule } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { called, waysOut } from "./ways-out.ts";

/** L04: below phi only declared fields leave. */
export const closedList: LintRule = {
  code: "PHI-104",
  check: (project) =>
    waysOut(project).flatMap(({ channel, destination, partner }) => {
      const isDeclared = destination.only !== undefined && Object.keys(destination.only).length > 0;
      // A level the channel itself has needs no lowering, but `none` says that nobody is in it, and only a list can where it leaves the engine.
      const mayBeAsReceived = destination.sends !== "none" || channelOf(partner.name) !== undefined;
      const isAsReceived = mayBeAsReceived && destination.sends === channel.classification.level;
      if (destination.sends === "phi" || isDeclared || isAsReceived) return [];
      return [
        {
          code: "PHI-104",
          level: "error",
          at: channel.place.at("destinations", destination.name, "sends"),
          message: `destination "${destination.name}" sends ${destination.sends} to ${called(partner)} without a closed list`,
          help: `write under "only:" each field that may leave, for example\n  only: { event: { const: visit }, status: { enum: [F, P] } }`,
        },
      ];
    }),
};
