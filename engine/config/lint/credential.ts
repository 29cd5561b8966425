import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { type CredentialName, credentialNames } from "../credential-names.ts";
import type { Endpoint, Partner, Project } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { hostOf, isLoopback } from "./loopback.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A connector names a credential that its partner has, and a credential gets its tokens from a pinned endpoint, over TLS. */
export const credential: Rule = {
  code: "CFG-241",
  check(project) {
    return [...named(project), ...[...wholePartners(project).values()].flatMap(endpointsOf)];
  },
};

function named(project: Project): Diagnostic[] {
  const uses = [
    ...destinationsOf(project).map(({ channel: { place }, destination: { partner, connector, options }, path }) => ({ place, partner, options, path: [...path, connector] })),
    ...project.channels.map(({ place, source: { partner, connector, options } }) => ({ place, partner, options, path: ["source", connector] })),
  ];
  return uses.flatMap(({ place, partner, options, path }) => {
    const known = wholePartners(project).get(partner);
    if (!known || hasErrorIn(project, place.at(...path))) return [];
    return credentialNames(options).flatMap((use) => unknown(known, use).map(([message, help]) => error("CFG-241", place.at(...path, ...use.path), message, help)));
  });
}

function unknown({ name: partner, credentials = {} }: Partner, { name }: CredentialName): [string, string][] {
  const known = Object.keys(credentials);
  if (known.includes(name)) return [];
  return [[`"${partner}" has no credential "${name}"`, known.length === 0 ? `add it under credentials of "${partner}" in partners.yaml` : choices(name, known, "credentials")]];
}

function endpointsOf({ name: partner, place, credentials = {}, endpoints }: Partner): Diagnostic[] {
  return Object.entries(credentials).flatMap(([name, { token }]): Diagnostic[] => {
    const at = place.at("credentials", name, "oauth2", "token");
    const endpoint = endpoints.find(({ id }) => id === token);
    if (!endpoint) {
      const ids = endpoints.filter(isHttp).map(({ id }) => id);
      return [error("CFG-242", at, `"${partner}" has no endpoint "${token}"`, ids.length === 0 ? "register the token endpoint under its endpoints" : choices(token, ids, "endpoints"))];
    }
    if (!isHttp(endpoint)) return [error("CFG-242", at, `endpoint "${token}" is not reached by HTTP`, "name the https:// address that gives tokens")];
    // Tokens and secrets in plain text are everybody's on the way (RFC 6749 section 3.2).
    if (endpoint.url.startsWith("http:") && !isLoopback(hostOf(endpoint.url))) return [error("CFG-242", at, `endpoint "${token}" is not encrypted, and secrets would cross it`, "use https://")];
    return [];
  });
}

const isHttp = ({ url }: Endpoint) => /^https?:/.test(url);
