import { error, type Rule } from "./rule.ts";

/** A connector package runs with the engine's rights, so naming it once is not enough. */
export const untrustedPackage: Rule = {
  code: "CFG-135",
  check({ settings: { connectors, trusted, place } }) {
    return connectors.flatMap((name, i) =>
      trusted.includes(name) ? [] : [error("CFG-135", place.at("connectors", i), `"${name}" is not listed under trusted`, "add it to trusted: once its code was reviewed")]);
  },
};
