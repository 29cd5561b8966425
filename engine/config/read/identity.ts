import type { IdentitySettings, Issuer, KeySetRoute, PinnedPlace } from "../project.ts";
import { tokenAlgorithms } from "../schema/identity.ts";
import { list, map, milliseconds, number, optional, text, texts } from "./tolerant.ts";

/** `identity` of `sluice.yaml`, with its defaults. */
export function readIdentity(given: unknown): IdentitySettings {
  const { keySet, issuers } = map(given);
  return {
    ...optional("keySet", keySet === undefined ? undefined : toKeySet(map(keySet))),
    issuers: Object.fromEntries(Object.entries(map(issuers)).map(([name, issuer]) => [name, toIssuer(map(issuer))])),
  };
}

function toKeySet(value: Readonly<Record<string, unknown>>): KeySetRoute {
  return { port: number(value.port, 0), host: text(value.host, "127.0.0.1"), path: text(value.path, "/.well-known/jwks.json"), ...optional("tls", value.tls as KeySetRoute["tls"]) };
}

function toIssuer(value: Readonly<Record<string, unknown>>): Issuer {
  const { jwks, introspection, saml, audience } = value;
  const place = (given: Readonly<Record<string, unknown>>): PinnedPlace => ({ partner: text(given.partner), endpoint: text(given.endpoint) });
  return {
    issuer: text(value.issuer),
    audience: typeof audience === "string" ? [audience] : texts(audience),
    algorithms: tokenAlgorithms.filter((known) => list(value.algorithms).includes(known)),
    ...optional("jwks", jwks === undefined ? undefined : { ...place(map(jwks)), keepMs: milliseconds(map(jwks).keep) }),
    ...optional("introspection", introspection === undefined ? undefined : { ...place(map(introspection)), credential: text(map(introspection).credential) }),
    ...optional("saml", saml === undefined ? undefined : { certificates: texts(map(saml).certificates), recipient: text(map(saml).recipient) }),
    skewMs: milliseconds(value.skew),
    assurance: map(value.assurance) as Issuer["assurance"],
  };
}
