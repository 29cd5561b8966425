import type { TokenKind } from "../config/project.ts";
import { isNpi } from "./detectors/checks.ts";

/** Forms of tokens that say nothing about a person (no words, no spaces, one length of alphabet). */
const forms: Readonly<Record<Exclude<TokenKind, "npi">, RegExp>> = {
  "stripe-customer": /^cus_[A-Za-z0-9]{8,64}$/,
  "stripe-payment-method": /^pm_[A-Za-z0-9]{8,64}$/,
  "stripe-confirmation-token": /^ctoken_[A-Za-z0-9]{8,64}$/,
  "stripe-payment-intent": /^pi_[A-Za-z0-9]{8,64}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
};

/** Resources that speak of providers and of no patient. */
const directory: readonly string[] = ["Practitioner", "PractitionerRole"];

/**
 * Whether a value that stood in a message of this type is such a token. A national provider identifier with its check digit (45 CFR 162.406) is one in a directory's
 * own resources: it is published there. Elsewhere ten digits may be anybody's.
 */
export function hasForm(value: string, kind: TokenKind, type: string): boolean {
  return kind === "npi" ? directory.includes(type) && isNpi(value) : (forms[kind]?.test(value) ?? false);
}
