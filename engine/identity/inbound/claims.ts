import type { Issuer } from "../../config/project.ts";
import type { Refusal } from "../../runtime/net/authenticators.ts";
import type { InboundAuth, Principal } from "../../sdk/index.ts";

export type Claims = Readonly<Record<string, unknown>>;

export function refusal(status: 401 | 403 | 503, code: Refusal["code"], challenge?: string): { readonly refusal: Refusal } {
  const headers: Record<string, string> = status === 503 ? { "retry-after": "30" } : challenge === undefined ? {} : { "www-authenticate": challenge };
  return { refusal: { status, code, headers } };
}

export const invalidToken = 'Bearer error="invalid_token"';

/** Scopes of a token: `scope` (RFC 9068), or `scp` as some issuers write it. */
function scopesOf({ scope, scp }: Claims): readonly string[] {
  const given = scope ?? scp;
  return typeof given === "string" ? given.split(" ").filter((each) => each !== "") : Array.isArray(given) ? given.filter((each) => typeof each === "string") : [];
}

/** Words of `amr` (RFC 8176) that are a factor of their own: something that is had, known, or a part of the body. */
const factors: Readonly<Record<string, string>> = { pwd: "known", pin: "known", kba: "known", otp: "had", hwk: "had", swk: "had", sc: "had", sms: "had", tel: "had", fpt: "body", face: "body", iris: "body", retina: "body", vbm: "body" };

/**
 * The assurance that a token states: by its `acr` and the issuer's table, else by its `amr`. Several factors are AAL2; AAL3 and every IAL stand only in the table,
 * since no registered word says enough. What says nothing is AAL1 (NIST SP 800-63-3).
 */
export function assuranceOf({ acr, amr }: Claims, table: Issuer["assurance"]): Pick<Principal, "ial" | "aal"> {
  const stated = typeof acr === "string" && Object.hasOwn(table, acr) ? table[acr] : undefined;
  const words = Array.isArray(amr) ? amr.filter((each) => typeof each === "string") : [];
  const kinds = new Set(words.flatMap((word) => (Object.hasOwn(factors, word) ? [factors[word]] : [])));
  const byMethods = words.includes("mfa") || kinds.size > 1 ? 2 : 1;
  return { aal: stated?.aal ?? byMethods, ...(stated?.ial !== undefined && { ial: stated.ial }) };
}

/** Who the claims speak of; `hash` keeps the subject to itself. `undefined`: they speak of nobody. */
export function principalOf(issuer: string, claims: Claims, { assurance }: Issuer, hash: (subject: string) => string): Principal | undefined {
  const { sub, client_id: client, azp } = claims;
  const subject = typeof sub === "string" ? sub : client;
  if (typeof subject !== "string" || subject === "") return undefined;
  // RFC 9068 section 2.2: where no person is involved the subject is the client.
  const isSystem = typeof sub !== "string" || sub === client || sub === azp;
  return { issuer, subject: hash(subject), kind: isSystem ? "system" : "person", scopes: scopesOf(claims), ...assuranceOf(claims, assurance) };
}

/** What the channel asks for beside a valid token, with the challenges of RFC 6750 and RFC 9470. */
export function lacking({ scopes, ial, aal }: Principal, how: InboundAuth): { readonly refusal: Refusal } | undefined {
  const missing = (how.scope ?? []).some((scope) => !scopes.includes(scope));
  if (missing) return refusal(403, "IDN-205", 'Bearer error="insufficient_scope"');
  if ((aal ?? 0) < (how.aal ?? 0) || (ial ?? 0) < (how.ial ?? 0)) return refusal(403, "IDN-206", 'Bearer error="insufficient_user_authentication"');
  return undefined;
}

/** RFC 8705 section 3.1: a token that is bound to a certificate comes over a connection that showed it. */
export function isBoundElsewhere({ cnf }: Claims, certificate: string | undefined): boolean {
  if (cnf === undefined) return false;
  const bound = typeof cnf === "object" && cnf !== null ? (cnf as Claims)["x5t#S256"] : undefined;
  return typeof bound !== "string" || bound !== certificate;
}
