import type { Issuer } from "../../../config/project.ts";
import type { Clock, Code } from "../../../sdk/index.ts";
import type { Claims } from "../claims.ts";
import { statedBy } from "./conditions.ts";
import { read, readForm } from "./form.ts";
import { keyOf, signedBy } from "./signed.ts";
import type { UsedAssertions } from "./used-assertions.ts";

export interface SamlPorts {
  readonly clock: Clock;
  /** A file of the project. Throws where it cannot be read. */
  readonly readFile: (path: string) => Uint8Array;
  /** Keyed hash of an assertion's id. */
  readonly hash: (issuer: string, id: string) => string;
  readonly used: Pick<UsedAssertions, "take">;
}

/** A SAML 2.0 bearer assertion as RFC 7522 section 2.1 encodes it. Taken once. */
export function readAssertion(token: string, name: string, issuer: Issuer, saml: NonNullable<Issuer["saml"]>, ports: SamlPorts): { readonly claims: Claims } | { readonly code: Code } {
  const text = decoded(token);
  if (text === undefined) return { code: "SAM-101" };
  const form = readForm(text);
  if ("code" in form) return form;
  const keys = keysOf(saml, ports);
  // Without any key nothing can be told of anybody.
  if (keys.length === 0) return { code: "IDN-207" };
  const signed = signedBy(text, keys);
  if (signed === undefined) return { code: "SAM-102" };
  const assertion = read(signed);
  if (assertion?.attributes.get("ID") !== form.id) return { code: "SAM-101" };
  const now = ports.clock.now();
  const stated = statedBy(assertion, issuer, saml, now);
  if ("code" in stated) return stated;
  try {
    const taken = ports.used.take(ports.hash(name, form.id), stated.untilMs, now);
    if (taken === "fresh") return { claims: stated.claims };
    return { code: taken === "used" ? "SAM-105" : "IDN-207" };
  } catch {
    // What cannot be remembered could be taken twice.
    return { code: "IDN-207" };
  }
}

/** Read at each assertion: a key that the issuer has rotated is in force as soon as it is written. */
function keysOf({ certificates }: NonNullable<Issuer["saml"]>, { readFile }: SamlPorts) {
  return certificates.flatMap((file) => {
    try {
      return keyOf(readFile(file)) ?? [];
    } catch {
      return [];
    }
  });
}

function decoded(token: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(token)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(token, "base64"));
  } catch {
    return undefined;
  }
}
