import type { LintRule } from "../../config/project.ts";
import { isAtMost } from "../levels.ts";
import { originsOf } from "./origins.ts";
import { called } from "./ways-out.ts";

/** L12: only whom the sender's agreement lets de-identify its data does so (45 CFR 164.502(d), 164.504(e)(2)(i)). */
export const mayDeidentify: LintRule = {
  code: "PHI-112",
  check: (project) =>
    project.channels.flatMap((channel) => {
      if (isAtMost(channel.classification.level, "deidentified")) return [];
      const without = originsOf(project, channel).filter((partner) => !partner.mayDeidentify);
      if (without.length === 0) return [];
      return channel.destinations.flatMap(({ name, deidentify }) =>
        deidentify
          ? [{
              code: "PHI-112" as const,
              level: "error" as const,
              at: channel.place.at("destinations", name, "deidentify"),
              message: `destination "${name}" de-identifies data of ${without.map(called).join(" and ")}, whose agreement does not say that we may`,
              help: `if it does, write "mayDeidentify: true" at ${without.map((p) => `"${p.name}"`).join(" and ")} in partners.yaml`,
            }]
          : [],
      );
    }),
};
