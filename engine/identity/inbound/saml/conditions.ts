import type { Issuer } from "../../../config/project.ts";
import type { Claims } from "../claims.ts";
import { childrenOf, type Named, only, samlSpace } from "./namespaced.ts";

export interface Stated {
  readonly claims: Claims;
  /** From then on it is not taken by anybody, whatever its clock (ms since epoch). */
  readonly untilMs: number;
}

type Refused = { readonly code: "SAM-101" | "SAM-103" | "SAM-104" };

/** What is valid longer could not be remembered so long. */
const longestMs = 24 * 3_600_000;
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/** Conditions whose meaning is known; of another nobody can say that it holds (SAML Core 2.5.1). */
const known: readonly string[] = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];

/** What an assertion states of somebody, where it was made by this issuer for us, for this place and for now (SAML Core 2.5, Profiles 4.1.4.3; RFC 7522 section 3). */
export function statedBy(assertion: Named, issuer: Issuer, { recipient }: NonNullable<Issuer["saml"]>, now: number): Stated | Refused {
  const child = (of: Named | undefined, local: string) => only(of, samlSpace, local);
  if (child(assertion, "Issuer")?.text !== issuer.issuer) return { code: "SAM-104" };
  const [conditions, subject, login] = [child(assertion, "Conditions"), child(assertion, "Subject"), child(assertion, "AuthnStatement")];
  const name = child(subject, "NameID");
  if (!conditions || !subject || !login || !name || name.text === "" || name.children.length > 0) return { code: "SAM-101" };
  if (conditions.children.some(({ space, local }) => space !== samlSpace || !known.includes(local))) return { code: "SAM-101" };
  const audiences = childrenOf(conditions, samlSpace, "AudienceRestriction").map((each) => childrenOf(each, samlSpace, "Audience").map(({ text }) => text));
  if (audiences.length === 0 || audiences.some((each) => !each.some((one) => issuer.audience.includes(one)))) return { code: "SAM-104" };

  const data = childrenOf(subject, samlSpace, "SubjectConfirmation").filter(({ attributes }) => attributes.get("Method") === bearer).map((each) => child(each, "SubjectConfirmationData"));
  // We have asked for nothing: what answers a question was made for whoever asked it.
  const ours = data.find((each) => each?.attributes.get("Recipient") === recipient && !each.attributes.has("InResponseTo"));
  if (!ours) return { code: "SAM-104" };

  const skew = issuer.skewMs;
  const begins = [at(assertion, "IssueInstant"), at(login, "AuthnInstant"), at(conditions, "NotBefore", now), at(ours, "NotBefore", now)];
  const ends = [at(ours, "NotOnOrAfter"), at(conditions, "NotOnOrAfter", Number.POSITIVE_INFINITY), at(login, "SessionNotOnOrAfter", Number.POSITIVE_INFINITY)];
  if ([...begins, ...ends].some(Number.isNaN)) return { code: "SAM-101" };
  const end = Math.min(...ends);
  if (Math.max(...begins) > now + skew || end <= now - skew || end > now + longestMs) return { code: "SAM-103" };
  return { claims: claimsOf(assertion, name, login), untilMs: end + skew };
}

/** As an access token would say it: `acr` is the class of the authentication context, `scope` the attribute of that name. */
function claimsOf(assertion: Named, name: Named, login: Named): Claims {
  const acr = only(only(login, samlSpace, "AuthnContext"), samlSpace, "AuthnContextClassRef")?.text;
  const attributes = childrenOf(assertion, samlSpace, "AttributeStatement").flatMap((each) => childrenOf(each, samlSpace, "Attribute"));
  const scope = attributes.filter(({ attributes: of }) => of.get("Name") === "scope").flatMap((each) => childrenOf(each, samlSpace, "AttributeValue").map(({ text }) => text));
  return { sub: name.text, ...(acr && { acr }), scope: scope.join(" ") };
}

/** xs:dateTime in UTC (SAML Core 1.3.3); `NaN` for anything else. */
function at({ attributes }: Named, attribute: string, byDefault = Number.NaN): number {
  const written = attributes.get(attribute);
  if (written === undefined) return byDefault;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(written) ? Date.parse(written) : Number.NaN;
}
