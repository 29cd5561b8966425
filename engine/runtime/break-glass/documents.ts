import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { canonical } from "../../codec/json/index.ts";
import { liftable, longestGrant, type Liftable } from "../../phi/break-glass.ts";
import { EngineError } from "../../sdk/index.ts";

/** Why an emergency access is asked for: a closed list, so that nothing about a patient stands in it. */
export const reasons = ["patient-emergency", "public-emergency", "system-failure", "legal-order"] as const;
/** Nature of a medical emergency, which 42 CFR 2.51(c) wants recorded, as a closed list. */
export const emergencies = ["overdose", "unconscious", "suicidal-crisis", "withdrawal", "injury", "other-medical"] as const;

/** What one person asks for; signed as canonical JSON. Times are ISO in UTC. */
export interface Request {
  readonly kind: "request";
  readonly id: string;
  readonly lane: string;
  /** Whom the destination reached, and for which purpose, when this was signed; empty: it states none. */
  readonly partner: string;
  readonly purpose: string;
  readonly lifts: readonly Liftable[];
  readonly compartments: readonly string[];
  readonly minutes: number;
  readonly messages: number;
  readonly reason: (typeof reasons)[number];
  readonly ticket: string;
  readonly by: string;
  readonly at: string;
  /** Where `part2` is opened: to whom and why, as 42 CFR 2.51(c) asks; by whom and when is the request itself. */
  readonly part2?: { readonly recipient: string; readonly emergency: (typeof emergencies)[number] };
}

/** What another person, or the same later, says of a request. `of`: hash of the request. */
export interface Word {
  readonly kind: "approval" | "end" | "review";
  readonly of: string;
  readonly by: string;
  readonly at: string;
  /** Of a review alone. */
  readonly justified?: boolean;
}

export interface Signed<T> {
  readonly document: T;
  /** Ed25519, base64. */
  readonly signature: string;
}

const plain = /^[A-Za-z0-9][A-Za-z0-9 ._#/-]{0,79}$/;

export function hashOf(request: Request): string {
  return createHash("sha256").update(canonical(request)).digest("hex");
}

export function signed<T>(document: T, key: KeyObject): Signed<T> {
  return { document, signature: sign(null, Buffer.from(canonical(document)), key).toString("base64") };
}

/** `key`: SubjectPublicKeyInfo, base64, as it stands in sluice.yaml. */
export function isSignedBy({ document, signature }: Signed<unknown>, key: string): boolean {
  try {
    const known = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
    return known.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(canonical(document)), known, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

/** Throws RUN-240 with the name of the field that is not as it must be. */
export function checkedRequest(given: unknown): Request {
  const it = given as Request;
  const wrong = (field: string) => new EngineError("RUN-240", { field });
  if (typeof given !== "object" || given === null || it.kind !== "request") throw wrong("kind");
  for (const field of ["id", "lane", "partner", "ticket", "by"] as const) if (typeof it[field] !== "string" || !plain.test(it[field])) throw wrong(field);
  if (typeof it.purpose !== "string" || !/^[A-Z]{0,20}$/.test(it.purpose)) throw wrong("purpose");
  if (!Array.isArray(it.lifts) || it.lifts.length === 0 || !it.lifts.every((each) => liftable.includes(each))) throw wrong("lifts");
  if (!Array.isArray(it.compartments) || !it.compartments.every((each) => typeof each === "string" && plain.test(each))) throw wrong("compartments");
  if (!Number.isInteger(it.minutes) || it.minutes < 1 || it.minutes * 60_000 > longestGrant) throw wrong("minutes");
  if (!Number.isInteger(it.messages) || it.messages < 1 || it.messages > 10_000) throw wrong("messages");
  if (!reasons.includes(it.reason)) throw wrong("reason");
  if (Number.isNaN(Date.parse(it.at))) throw wrong("at");
  if ((it.compartments.includes("part2") || it.lifts.includes("part2")) && (!it.compartments.includes("part2") || !it.part2 || !plain.test(String(it.part2.recipient)) || !emergencies.includes(it.part2.emergency))) throw wrong("part2");
  return it;
}

export function checkedWord(given: unknown): Word {
  const it = given as Word;
  const wrong = (field: string) => new EngineError("RUN-240", { field });
  if (typeof given !== "object" || given === null || !["approval", "end", "review"].includes(it.kind)) throw wrong("kind");
  if (typeof it.of !== "string" || !/^[0-9a-f]{64}$/.test(it.of)) throw wrong("of");
  if (typeof it.by !== "string" || !plain.test(it.by)) throw wrong("by");
  if (Number.isNaN(Date.parse(it.at))) throw wrong("at");
  if (it.kind === "review" && typeof it.justified !== "boolean") throw wrong("justified");
  return it;
}
