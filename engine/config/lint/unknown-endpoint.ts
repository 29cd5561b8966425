import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import type { Channel, Project } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A destination sends to one of its partner's pinned endpoints, and a source that asks asks one: named, or the only one the connector can address. */
export const unknownEndpoint: Rule = {
  code: "CFG-151",
  check(project, context) {
    const { connectors } = context;
    return [
      ...destinationsOf(project).flatMap(({ channel, destination, path }) => flaw(project, { ...destination, channel, path }, connectors.get(destination.connector)?.destination)),
      ...project.channels.flatMap((channel) => (channel.source.asks ? flaw(project, { ...channel.source, channel, path: ["source"] }, connectors.get(channel.source.connector)?.source) : [])),
    ];
  },
};

interface Asked {
  readonly channel: Channel;
  readonly path: readonly string[];
  readonly partner: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Connectors that address by endpoint say so with an option of that name. */
function flaw(project: Project, { channel, path, connector, options, partner: name }: Asked, entry: Addressing | undefined): Diagnostic[] {
  const partner = wholePartners(project).get(name);
  if (!partner?.links.outbound || !entry || !("endpoint" in ((entry.schema.properties ?? {}) as object))) return [];
  const ids = partner.endpoints.filter(({ url }) => entry.schemes?.includes(url.split(":", 1)[0] ?? "") ?? true).map(({ id }) => id);
  const named = options.endpoint;
  if (hasErrorIn(project, channel.place.at(...path, connector))) return [];
  if (ids.length === 0) {
    const message = `"${partner.name}" has no endpoint that ${connector} can address`;
    return [error("CFG-151", channel.place.at(...path, "partner"), message, "register one under its endpoints in partners.yaml")];
  }
  if (named === undefined) {
    if (ids.length === 1) return [];
    const message = `"${partner.name}" has ${ids.length} endpoints that ${connector} can address`;
    return [error("CFG-151", channel.place.atKey(...path, connector), message, `name one: endpoint: ${ids.join(" | ")}`)];
  }
  if (ids.includes(String(named))) return [];
  const message = `"${partner.name}" has no endpoint "${String(named)}" that ${connector} can address`;
  return [error("CFG-151", channel.place.at(...path, connector, "endpoint"), message, choices(String(named), ids, "endpoints"))];
}

type Addressing = { readonly schema: Readonly<Record<string, unknown>>; readonly schemes?: readonly string[] };
