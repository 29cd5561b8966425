import { policies } from "../policies/manifest.ts";
import { policyRef } from "../policies/policy.ts";

/** A policy file of `schemas/deidentify/`: what becomes of each place of a format (phi.md 3.6). A file that is not whole stops the start. */
export interface Policy {
  /** `hl7v2`: with the version it names what lowered a message, in proofs and in the ledger. */
  readonly id: string;
  readonly version: number;
  readonly format: string;
  /** Where its rows come from: regulation and standard. */
  readonly source: string;
  /** `YYYY-MM-DD` until which somebody reads it again. */
  readonly reviewBy: string;
}

/** `deidentify-hl7v2@1#sha256`, over the bytes of the file as `schemas/policy.json` lists it. Throws for a file that is not listed. */
export function policyName({ id }: Policy): string {
  const listed = policies.find((policy) => policy.id === id);
  if (!listed) throw new RangeError(`policy ${id} is not listed: npm run policies lists it`);
  return policyRef(listed);
}

/** Reads the head that every policy file has. Throws for one that says nothing of itself. */
export function checkedPolicy<T extends Policy>(policy: T, format: string): T {
  const { id, version, source, reviewBy } = policy;
  const isWhole = id !== "" && Number.isInteger(version) && version > 0 && source !== "" && /^\d{4}-\d\d-\d\d$/.test(reviewBy) && policy.format === format;
  if (!isWhole) throw new RangeError(`policy ${id}`);
  return policy;
}
