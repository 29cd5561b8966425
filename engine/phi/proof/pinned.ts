import type { Diagnostic } from "../../sdk/index.ts";
import type { LintContext, LintRule, Project } from "../../config/project.ts";
import { isSelf } from "../../config/self.ts";
import { stringsAt } from "../strings-at.ts";
import { looksLikeTemplate, saysWhere } from "./template.ts";

/** L08: who gets the data is written once: neither an endpoint nor what a connector calls one is computed from a message. That endpoints are registered, config sees to. */
export const pinned: LintRule = {
  code: "PHI-108",
  check: (project, context) => [...endpoints(project), ...options(project), ...choices(project, context)],
};

function endpoints(project: Project): Diagnostic[] {
  return [...project.partners.values()].flatMap((partner) =>
    partner.endpoints.flatMap(({ id, url }, i) =>
      looksLikeTemplate(url)
        ? [{
            code: "PHI-108" as const,
            level: "error" as const,
            at: partner.place.at("endpoints", i, "url"),
            message: `the address of endpoint "${id}" of "${partner.name}" looks like a template: no address is computed from a message`,
            help: "register each address as an endpoint of its own, and let each destination name one",
          }]
        : [],
    ),
  );
}

function options(project: Project): Diagnostic[] {
  return project.channels.flatMap((channel) =>
    channel.destinations.flatMap(({ name, connector, options: written }) =>
      [...stringsAt(written)]
        .filter(([path, text]) => looksLikeTemplate(text) && saysWhere(path))
        .map(([path]) => ({
          code: "PHI-108" as const,
          level: "error" as const,
          at: channel.place.at("destinations", name, connector, ...path),
          message: `option "${path.join(".")}" of destination "${name}" looks like a template: who gets the data is never computed from it`,
          help: "write a fixed value; for each receiver there is a destination of its own, with a filter",
        })),
    ),
  );
}

/** A connector that takes no endpoint by name would choose among several itself, message by message. */
function choices(project: Project, { connectors }: LintContext): Diagnostic[] {
  return project.channels.flatMap((channel) =>
    channel.destinations.flatMap(({ name, connector, partner: named }) => {
      const partner = project.partners.get(named);
      const entry = connectors.get(connector)?.destination;
      if (!partner || !entry || isSelf(named) || entry.reachesChannel || "endpoint" in ((entry.schema.properties ?? {}) as object)) return [];
      const fitting = partner.endpoints.filter(({ url }) => entry.schemes?.includes(url.split(":", 1)[0] ?? "") ?? true);
      if (fitting.length < 2) return [];
      return [{
        code: "PHI-108" as const,
        level: "error" as const,
        at: channel.place.at("destinations", name, "partner"),
        message: `"${partner.name}" has ${fitting.length} endpoints, and ${connector} takes none by name: it would choose for each message`,
        help: "register a partner for each endpoint that this connector reaches",
      }];
    }),
  );
}
