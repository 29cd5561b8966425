import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, type JWK } from "jose";
import type { OAuth2Credential } from "../../config/project.ts";
import { EngineError, type SecretRef } from "../../sdk/index.ts";

type Algorithm = OAuth2Credential["algorithm"];

/** A private key of ours, and its public part as a key set shows it (RFC 7517). */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly publicKey: JWK;
}

/** RSA keys shorter than this sign nothing any more (NIST SP 800-131A, RFC 7518 section 3.3). */
const shortestRsa = 2048;

/** Reads a PEM key and holds it against its algorithm. Throws EngineError `IDN-104`, which says why and nothing of the key. */
export async function signingKey(pem: string, algorithm: Algorithm, keyId: string | undefined, ref: SecretRef): Promise<SigningKey> {
  const unusable = (because: string, cause?: unknown) => new EngineError("IDN-104", { because, source: ref.source, name: ref.name, sent: false }, cause === undefined ? {} : { cause });
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw unusable("not-a-private-key", cause);
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (algorithm === "ES384" && (key.asymmetricKeyType !== "ec" || namedCurve !== "secp384r1")) throw unusable("not-on-curve-P-384");
  if (algorithm === "RS384" && key.asymmetricKeyType !== "rsa") throw unusable("not-an-rsa-key");
  if (algorithm === "RS384" && modulusLength < shortestRsa) throw unusable("too-short");
  const jwk = await exportJWK(createPublicKey(key));
  const kid = keyId ?? (await calculateJwkThumbprint(jwk));
  return { key, algorithm, kid, publicKey: { ...jwk, kid, alg: algorithm, use: "sig", key_ops: ["verify"] } };
}
