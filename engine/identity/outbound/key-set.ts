import type { JWK } from "jose";
import type { Partner } from "../../config/project.ts";
import type { Secret } from "../../runtime/secrets.ts";
import type { SecretRef } from "../../sdk/index.ts";
import { signingKey } from "./signing-key.ts";

/**
 * The public parts of all keys that credentials sign with, those that follow in a rotation too (RFC 7517): partners that were given the address fetch
 * the new one before it is used. Rejects with EngineError `SEC-*` or `IDN-104` when one of them cannot be read.
 */
export async function keySet(partners: Iterable<Partner>, openSecret: (ref: SecretRef) => Secret): Promise<{ readonly keys: readonly JWK[] }> {
  const keys = new Map<string, JWK>();
  for (const { credentials = {} } of partners) {
    for (const { key, keyId, next, algorithm } of Object.values(credentials)) {
      for (const [ref, id] of [[key, keyId], [next?.key, next?.keyId]] as const) {
        if (!ref) continue;
        const { kid, publicKey } = await signingKey(openSecret(ref).expose(), algorithm, id, ref);
        keys.set(kid, publicKey);
      }
    }
  }
  return { keys: [...keys.values()] };
}
