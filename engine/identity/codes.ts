import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  // Toward partners: tokens that the engine asks for.
  "IDN-101": { title: "the token endpoint cannot be reached, or cannot answer now" },
  "IDN-102": { title: "the token endpoint does not accept our client" },
  "IDN-103": { title: "the token endpoint answered with something that is no token" },
  "IDN-104": { title: "a signing key cannot be used" },
  "IDN-105": { title: "the guard did not release a question to an identity provider" },
  // Reference data that the engine keeps by itself.
  "IDN-121": { title: "a row cannot stand in a lookup table" },
  "IDN-122": { title: "a lookup table cannot be written" },
  "IDN-123": { title: "a lookup table is full" },
  // Toward us: who is asking.
  "IDN-201": { title: "a request came without a token" },
  "IDN-202": { title: "a token's form, type, algorithm or signature was not accepted" },
  "IDN-203": { title: "a token is not valid at this time" },
  "IDN-204": { title: "a token is of another issuer, or for another audience" },
  "IDN-205": { title: "a token lacks a scope" },
  "IDN-206": { title: "a token lacks the assurance that the channel asks for" },
  "IDN-207": { title: "whether a token is valid cannot be told now" },
  "IDN-208": { title: "a token is bound to a certificate that the sender did not show" },
  "IDN-209": { title: "a webhook's signature was not accepted" },
  "SAM-101": { title: "a SAML assertion has not the form that is taken" },
  "SAM-102": { title: "a SAML assertion's signature was not accepted" },
  "SAM-103": { title: "a SAML assertion is not valid at this time" },
  "SAM-104": { title: "a SAML assertion is of another issuer, or for somebody else" },
  "SAM-105": { title: "a SAML assertion was used before" },
  "IDN-210": { title: "a webhook's signed time is too far from now" },
  "IDN-211": { title: "a client certificate is of nobody who may send here" },
});
