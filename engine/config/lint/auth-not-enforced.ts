import type { Diagnostic } from "../../sdk/index.ts";
import type { LintContext, Link, Project } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";
import { listenerOf, soundlyAsks } from "./source-roles.ts";

/** What a link promises about authentication is what the connector is told to do. */
export const authNotEnforced: Rule = {
  code: "CFG-156",
  check(project, context) {
    return [...inbound(project, context), ...outbound(project, context), ...asking(project, context)];
  },
};

function inbound(project: Project, context: LintContext): Diagnostic[] {
  return project.channels.flatMap(({ place, source }) => {
    const link = wholePartners(project).get(source.partner)?.links.inbound;
    const listener = listenerOf(source);
    // What is fetched comes over a connection of ours: the outbound link says who answers it.
    if (source.asks && !listener) return [];
    const schema = context.connectors.get(source.connector)?.source?.schema;
    const lacks = link && lacking(link.auth, listener?.path[0] === "hook" ? propertyOf(schema, "hook") : schema, listener?.options ?? source.options, true);
    if (!link || !lacks || hasErrorIn(project, place.at("source", source.connector))) return [];
    const full = [...(listener?.path ?? []), lacks].join(".");
    const message = `the inbound link of "${source.partner}" says auth: ${link.auth}, but the ${source.connector} source has no ${full}`;
    return [error("CFG-156", place.atKey("source", source.connector), message, `add ${full} to the options, or change the link`)];
  });
}

function asking(project: Project, context: LintContext): Diagnostic[] {
  return project.channels.flatMap((channel) => {
    const { place, source } = channel;
    const link = wholePartners(project).get(source.partner)?.links.outbound;
    const lacks = link && soundlyAsks(project, channel) && lacking(link.auth, context.connectors.get(source.connector)?.source?.schema, source.options, false);
    if (!link || !lacks) return [];
    const message = `the outbound link of "${source.partner}" says auth: ${link.auth}, but this source, which asks it, has no ${lacks}`;
    return [error("CFG-156", place.atKey("source", source.connector), message, `add ${lacks} to the options, or change the link`)];
  });
}

function propertyOf(schema: Readonly<Record<string, unknown>> | undefined, name: string): Readonly<Record<string, unknown>> | undefined {
  return (schema?.properties as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined)?.[name];
}

function outbound(project: Project, { connectors }: LintContext): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { channel, destination, path } of destinationsOf(project)) {
    const link = wholePartners(project).get(destination.partner)?.links.outbound;
    const lacks = link && lacking(link.auth, connectors.get(destination.connector)?.destination?.schema, destination.options, false);
    if (!link || !lacks || hasErrorIn(project, channel.place.at(...path, destination.connector))) continue;
    const message = `the outbound link of "${destination.partner}" says auth: ${link.auth}, but this destination has no ${lacks}`;
    found.push(error("CFG-156", channel.place.atKey(...path, destination.connector), message, `add ${lacks} to the options, or change the link`));
  }
  for (const { place, links, endpoints } of wholePartners(project).values()) {
    const auth = links.outbound?.auth;
    if (auth !== "tls" && auth !== "mtls") continue;
    for (const [i, endpoint] of endpoints.entries()) {
      const isPlain = /^(?:http|mllp|ws|ftp|tcp):/.test(endpoint.url);
      if (isPlain) found.push(error("CFG-156", place.at("endpoints", i, "url"), `the outbound link says auth: ${auth}, but this address is not encrypted`, "use the scheme with TLS (https, mllps)"));
      else if (auth === "mtls" && endpoint.url !== "" && !endpoint.tls?.cert) {
        found.push(error("CFG-156", place.at("endpoints", i, "url"), "the outbound link says auth: mtls, but this endpoint has no certificate of ours", "add tls: { cert, key } to the endpoint"));
      }
    }
  }
  return found;
}

/** The option that a way of authentication needs and that is not written, where the connector has such an option at all. */
function lacking(auth: Link["auth"], schema: Readonly<Record<string, unknown>> | undefined, options: Readonly<Record<string, unknown>>, isListener: boolean): string | undefined {
  const has = (option: string) => option in ((schema?.properties ?? {}) as object);
  const inner = (option: string, key: string) => (options[option] as Record<string, unknown> | undefined)?.[key] !== undefined;
  const ways = has("auth") ? (isListener ? ask : tell)[auth] : undefined;
  if (ways && !ways.some((way) => inner("auth", way))) return `auth.${ways[0]}`;
  if (isListener && auth === "tls" && has("tls") && !inner("tls", "cert")) return "tls";
  if (isListener && auth === "mtls" && has("tls") && !inner("tls", "ca")) return "tls.ca";
  return undefined;
}

/** Options under `auth` of a listener that make good what the link says; the first is the one to suggest. */
const ask: Partial<Record<Link["auth"], readonly string[]>> = { bearer: ["bearer", "token"], oauth2: ["token"], basic: ["basic"], signature: ["signature"] };

/** The same of what the engine shows. */
const tell: Partial<Record<Link["auth"], readonly string[]>> = { bearer: ["bearer", "credential"], oauth2: ["credential"], basic: ["basic"] };
