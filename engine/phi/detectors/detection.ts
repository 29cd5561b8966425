import type { Strength } from "../patterns.ts";

export const detectedKinds = [
  "ssn", "itin", "medicare number", "phone", "e-mail", "url", "ip", "mac", "date", "age", "street", "zip", "vin", "device", "card", "npi", "dea", "routing number", "secret",
] as const;

/** What a detector knows by its shape and its check digit, whoever it belongs to (phi.md 2.6). */
export type DetectedKind = (typeof detectedKinds)[number];

export interface Detection {
  readonly kind: DetectedKind;
  readonly strength: Strength;
  readonly start: number;
  readonly end: number;
}

/** What a detector asks of the exit. */
export interface Exit {
  /** Hosts that may stand there: those of the partner's endpoints. */
  readonly hosts: ReadonlySet<string>;
}

/** Small letters of the text before and after a place, where a word may say what stands there. */
export function before(text: string, at: number, length: number): string {
  return text.slice(Math.max(0, at - length), at).toLowerCase();
}

export function after(text: string, at: number, length: number): string {
  return text.slice(at, at + length).toLowerCase();
}
