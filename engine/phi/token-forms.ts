import type { TokenKind } from "../config/project.ts";

/** Forms of tokens that say nothing about a person (no words, no spaces, one length of alphabet). */
const forms: Readonly<Record<TokenKind, RegExp>> = {
  "stripe-customer": /^cus_[A-Za-z0-9]{8,64}$/,
  "stripe-payment-method": /^pm_[A-Za-z0-9]{8,64}$/,
  "stripe-confirmation-token": /^ctoken_[A-Za-z0-9]{8,64}$/,
  "stripe-payment-intent": /^pi_[A-Za-z0-9]{8,64}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
};

export function hasForm(value: string, kind: TokenKind): boolean {
  return forms[kind]?.test(value) ?? false;
}
