import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import type { Issuer, LintContext, PinnedPlace, Project } from "../project.ts";
import { completeness, hasErrorIn, wholePartners } from "../read/soundness.ts";
import { hostOf, isLoopback } from "./loopback.ts";
import { error, type Rule } from "./rule.ts";

/** An issuer is asked at a pinned endpoint, over TLS, and in one way. */
export const issuer: Rule = {
  code: "CFG-245",
  check(project, { fileExists }) {
    const { place, identity } = project.settings;
    return Object.entries(identity?.issuers ?? {}).flatMap(([name, one]) => {
      const path = ["identity", "issuers", name];
      return hasErrorIn(project, place.at(...path)) ? [] : judged(one, path, project, fileExists);
    });
  },
};

function judged({ jwks, introspection, saml }: Issuer, path: readonly string[], project: Project, fileExists: LintContext["fileExists"]): Diagnostic[] {
  const { place } = project.settings;
  const ways = [jwks, introspection, saml].filter((each) => each !== undefined).length;
  if (ways !== 1) {
    const message = ways > 1 ? "an issuer has one of jwks, introspection and saml" : "an issuer needs jwks (for JWTs), introspection (for opaque tokens) or saml (for assertions)";
    return [error("CFG-245", place.atKey(...path), message, "ask the issuer what its access tokens are")];
  }
  if (saml) {
    // One may be written later, when the issuer rotates; with none of them nobody is let in.
    const isThere = !fileExists || saml.certificates.some(fileExists);
    return isThere ? [] : [error("CFG-245", place.at(...path, "saml", "certificates"), "none of these files is there, so no assertion could be verified", "put the issuer's signing certificate there, as PEM")];
  }
  const [key, asked] = jwks ? ["jwks", jwks] as const : ["introspection", introspection as NonNullable<typeof introspection>] as const;
  const at = (part: string) => place.at(...path, key, part);
  return pinned(asked, project, at) ?? clientOf(introspection, project, at) ?? [];
}

function pinned({ partner, endpoint }: PinnedPlace, project: Project, at: (part: string) => Diagnostic["at"]): Diagnostic[] | undefined {
  const known = wholePartners(project).get(partner);
  if (!known) return project.partners.has(partner) || !completeness(project).partners ? [] : [error("CFG-150", at("partner"), `there is no partner "${partner}"`, choices(partner, [...project.partners.keys()], "partners"))];
  const found = known.endpoints.find(({ id }) => id === endpoint);
  const ids = known.endpoints.filter(({ url }) => /^https?:/.test(url)).map(({ id }) => id);
  if (!found) return [error("CFG-245", at("endpoint"), `"${partner}" has no endpoint "${endpoint}"`, ids.length === 0 ? "register it under its endpoints" : choices(endpoint, ids, "endpoints"))];
  if (found.url.startsWith("https:") || (found.url.startsWith("http:") && isLoopback(hostOf(found.url)))) return undefined;
  return [error("CFG-245", at("endpoint"), `endpoint "${endpoint}" is not reached by https://, so anyone on the way could be the issuer`, "register its https:// address")];
}

function clientOf(introspection: Issuer["introspection"], project: Project, at: (part: string) => Diagnostic["at"]): Diagnostic[] | undefined {
  if (!introspection) return undefined;
  const credentials = Object.keys(wholePartners(project).get(introspection.partner)?.credentials ?? {});
  if (credentials.includes(introspection.credential)) return undefined;
  const help = credentials.length === 0 ? `add it under credentials of "${introspection.partner}" in partners.yaml` : choices(introspection.credential, credentials, "credentials");
  return [error("CFG-241", at("credential"), `"${introspection.partner}" has no credential "${introspection.credential}"`, help)];
}
