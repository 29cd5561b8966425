import type { LintRule } from "../../config/project.ts";
import { stringsAt } from "../strings-at.ts";
import { looksLikeTemplate, saysWhere } from "./template.ts";

/** L07: paths, headers and names are written once, not computed from a message. Hosts, topics and the like are L08. */
export const staticAddress: LintRule = {
  code: "PHI-107",
  check: (project) =>
    project.channels.flatMap((channel) =>
      channel.destinations.flatMap(({ name, connector, options }) =>
        [...stringsAt(options)]
          .filter(([path, text]) => looksLikeTemplate(text) && !saysWhere(path))
          .map(([path]) => ({
            code: "PHI-107" as const,
            level: "error" as const,
            at: channel.place.at("destinations", name, connector, ...path),
            message: `option "${path.join(".")}" of destination "${name}" looks like a template: an address, header or name never carries data`,
            help: "write a fixed value; what depends on the message belongs in the body",
          })),
      ),
    ),
};
