import { createHash } from "node:crypto";

/**
 * One file of policy data: which fields identify people, what becomes of them, which codes are sensitive. `reviewBy` is the day by which somebody has to have
 * looked at it again (phi.md 1.8, L21).
 */
export interface Policy {
  /** Below `schemas/`, with forward slashes. */
  readonly file: string;
  readonly id: string;
  readonly version: number;
  /** `YYYY-MM-DD`. */
  readonly reviewBy: string;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
}

/** A policy as records name it. */
export function policyRef({ id, version, sha256 }: Policy): string {
  return `${id}@${version}#${sha256}`;
}

/** The policy in a file; `undefined` when the file does not say id, version and day of review. */
export function policyIn(file: string, bytes: Uint8Array): Policy | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const { id, version, reviewBy } = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(id)) return undefined;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) return undefined;
  if (typeof reviewBy !== "string" || !/^\d{4}-\d\d-\d\d$/.test(reviewBy) || Number.isNaN(Date.parse(reviewBy))) return undefined;
  return { file, id, version, reviewBy, sha256: sha256(bytes) };
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
