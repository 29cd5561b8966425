import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Code } from "../../sdk/index.ts";

/** What the signing application says under its own key. */
export interface Evidence {
  /** SHA-256 of the bytes that were signed, hex. */
  readonly sha256: string;
  readonly factors: readonly string[];
  /** When the second factor was completed, seconds since 1970. */
  readonly signedAt: number;
  readonly application: string;
  readonly version: string;
}

/** The kinds of factor of 21 CFR 1311.115(a): something the practitioner knows, is, or has. */
const factors: readonly string[] = ["know", "are", "have"];
/** A clock of the application may be this far ahead (21 CFR 1311.120(b)(15): within five minutes of the official time). */
const skewSeconds = 300;
const longest = 8_192;

/**
 * Whether a statement shows that these very bytes, and so this one prescription, were signed with two factors. The statement is a compact JWS (RFC 7515) of the
 * application whose key is registered; its algorithm is that of the key, whatever the header says. Returns the code of what is wrong.
 */
export function evidenceFlaw(jws: string | undefined, bytes: Uint8Array, registered: { readonly key: string; readonly name: string; readonly version: string }, now: number): Code | undefined {
  if (jws === undefined || jws === "") return "EPC-203";
  const evidence = read(jws, registered.key);
  if (evidence === undefined) return "EPC-204";
  if (evidence.sha256.toLowerCase() !== createHash("sha256").update(bytes).digest("hex")) return "EPC-205";
  if (new Set(evidence.factors.filter((factor) => factors.includes(factor))).size < 2) return "EPC-206";
  if (!Number.isFinite(evidence.signedAt) || evidence.signedAt > now / 1000 + skewSeconds) return "EPC-204";
  return evidence.application === registered.name && evidence.version === registered.version ? undefined : "EPC-202";
}

function read(jws: string, key: string): Evidence | undefined {
  const parts = jws.length > longest ? [] : jws.split(".");
  const [head, payload, signature] = parts;
  if (parts.length !== 3 || !head || !payload || !signature || !/^[A-Za-z0-9_.-]+$/.test(jws)) return undefined;
  const header = json(head);
  const publicKey = keyOf(key);
  const algorithm = publicKey && algorithmOf(publicKey);
  // `crit` names extensions that whoever verifies has to understand, and none is understood here.
  if (!publicKey || !algorithm || header?.["alg"] !== algorithm.name || "crit" in header) return undefined;
  const isTrue = verify(algorithm.hash, Buffer.from(`${head}.${payload}`), { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  const claims = isTrue ? json(payload) : undefined;
  if (claims === undefined) return undefined;
  const { sha256, factors: shown, signedAt, application, version } = claims;
  if (typeof sha256 !== "string" || !Array.isArray(shown) || typeof signedAt !== "number" || typeof application !== "string" || typeof version !== "string") return undefined;
  return { sha256, factors: shown.filter((each) => typeof each === "string"), signedAt, application, version };
}

/** An Ed25519 or P-256 key as it stands in `partners.yaml`: SubjectPublicKeyInfo in base64. */
export function keyOf(spki: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): { readonly name: string; readonly hash: string | null } | undefined {
  if (asymmetricKeyType === "ed25519") return { name: "EdDSA", hash: null };
  return asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1" ? { name: "ES256", hash: "sha256" } : undefined;
}

function json(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
