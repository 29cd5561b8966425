import type { IdentitySettings, KeySetRoute } from "../project.ts";
import { map, number, optional, text } from "./tolerant.ts";

/** `identity` of `sluice.yaml`, with its defaults. */
export function readIdentity(given: unknown): IdentitySettings {
  const { keySet } = map(given);
  return optional("keySet", keySet === undefined ? undefined : toKeySet(map(keySet)));
}

function toKeySet(value: Readonly<Record<string, unknown>>): KeySetRoute {
  return { port: number(value.port, 0), host: text(value.host, "127.0.0.1"), path: text(value.path, "/.well-known/jwks.json"), ...optional("tls", value.tls as KeySetRoute["tls"]) };
}
