import { type KeyObject, sign, verify } from "node:crypto";
import { canonical } from "../../codec/json/canonical.ts";
import type { Link } from "./line.ts";

/** Lines between two checkpoints at most. */
export const stride = 1000;

/** A signed head of the chain: all lines up to `n`, whose hash is `head`, are as they were when it was signed. */
export interface Checkpoint {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly head: string;
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly key: string;
  /** Which ledger, 32 hex digits, random. */
  readonly ledger: string;
  readonly n: number;
  /** Ed25519 over `sluice disclosures checkpoint`, a line feed and the canonical JSON of the rest; base64. */
  readonly sig: string;
}

export interface Signer {
  readonly privateKey: KeyObject;
  readonly id: string;
}

export function signed({ n, hash }: Link, ledger: string, at: string, { privateKey, id }: Signer): Checkpoint {
  const head = { at, head: hash, key: id, ledger, n };
  return { ...head, sig: sign(null, textOf(head), privateKey).toString("base64") };
}

export function isSignedBy({ sig, ...head }: Checkpoint, key: KeyObject): boolean {
  return verify(null, textOf(head), key, Buffer.from(sig, "base64"));
}

/** The checkpoint in a record of a line; `undefined`: it is another record, or none in its form. */
export function checkpointIn(record: unknown): Checkpoint | undefined {
  const value = (record as { checkpoint?: Checkpoint } | null)?.checkpoint;
  if (typeof value !== "object" || value === null) return undefined;
  const { at, head, key, ledger, n, sig } = value;
  const texts = [at, head, key, ledger, sig].every((text) => typeof text === "string");
  return texts && Number.isSafeInteger(n) && Object.keys(value).length === 6 ? value : undefined;
}

function textOf({ at, head, key, ledger, n }: Omit<Checkpoint, "sig">): Buffer {
  return Buffer.from(`sluice disclosures checkpoint\n${canonical({ at, head, key, ledger, n })}`);
}
