import { catalogue } from "../sdk/error.ts";

export const codes = catalogue({
  // Toward partners: tokens that the engine asks for.
  "IDN-101": { title: "the token endpoint cannot be reached, or cannot answer now" },
  "IDN-102": { title: "the token endpoint does not accept our client" },
  "IDN-103": { title: "the token endpoint answered with something that is no token" },
  "IDN-104": { title: "a signing key cannot be used" },
  "IDN-105": { title: "the guard did not release a question to an identity provider" },
});
