import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import type { ConnectorCatalogue, DestinationSpec, Endpoint, Partner } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A destination sends to one of its partner's pinned endpoints: named, or the only one the connector can address. */
export const unknownEndpoint: Rule = {
  code: "CFG-151",
  check(project, { connectors }) {
    return destinationsOf(project).flatMap(({ channel, destination, path }): Diagnostic[] => {
      const partner = wholePartners(project).get(destination.partner);
      if (!partner?.links.outbound || !takesEndpoint(destination, connectors)) return [];
      const fitting = addressable(partner, destination, connectors);
      const ids = fitting.map((endpoint) => endpoint.id);
      const named = destination.options.endpoint;
      const { connector } = destination;
      if (hasErrorIn(project, channel.place.at(...path, connector))) return [];
      if (fitting.length === 0) {
        const message = `"${partner.name}" has no endpoint that ${connector} can address`;
        return [error("CFG-151", channel.place.at(...path, "partner"), message, "register one under its endpoints in partners.yaml")];
      }
      if (named === undefined) {
        if (fitting.length === 1) return [];
        const message = `"${partner.name}" has ${fitting.length} endpoints that ${connector} can address`;
        return [error("CFG-151", channel.place.atKey(...path, connector), message, `name one: endpoint: ${ids.join(" | ")}`)];
      }
      if (ids.includes(String(named))) return [];
      const message = `"${partner.name}" has no endpoint "${String(named)}" that ${connector} can address`;
      return [error("CFG-151", channel.place.at(...path, connector, "endpoint"), message, choices(String(named), ids, "endpoints"))];
    });
  },
};

/** Connectors that address by endpoint say so with an option of that name. */
function takesEndpoint(destination: DestinationSpec, connectors: ConnectorCatalogue): boolean {
  const schema = connectors.get(destination.connector)?.destination?.schema;
  return schema !== undefined && "endpoint" in ((schema.properties ?? {}) as object);
}

function addressable(partner: Partner, destination: DestinationSpec, connectors: ConnectorCatalogue): readonly Endpoint[] {
  const schemes = connectors.get(destination.connector)?.destination?.schemes;
  return partner.endpoints.filter(({ url }) => schemes?.includes(url.split(":", 1)[0] ?? "") ?? true);
}
