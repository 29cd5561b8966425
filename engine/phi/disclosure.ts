import type { Label, Permit } from "./boundary.ts";

/** A patient as a message names them: the values by which they may be looked for. */
export interface PatientIds {
  readonly owner: string;
  /** `4711`, and with who assigned it: `4711^^^NORTHSIDE`, `urn:oid:2.16…|4711`, `Patient/4711`. */
  readonly ids: readonly string[];
}

/** Whom a message is about: at most `mostPatients` by name of their ids, and how many more. */
export interface Patients {
  readonly patients: readonly PatientIds[];
  readonly more: number;
}

/** Patients of one message that the ledger holds one by one. */
export const mostPatients = 1000;

/**
 * What is about to leave, as the ledger keeps it: committed with what will be sent, before its first byte leaves (phi.md 5.1, 5.3). Names, codes,
 * hashes and counts, never content. The store hashes `patients` under its key; they stand nowhere as they are.
 */
export interface Disclosing extends Patients {
  readonly partner: string;
  readonly endpoint: string;
  readonly labelIn: Label;
  readonly label: Label;
  readonly permit: Permit;
  /** Brief description (45 CFR 164.528(b)(2)(iii)): the type of the message, or the fields of the closed list. */
  readonly what: { readonly type: string; readonly fields?: readonly string[] };
  /** Policies that lowered the class: `id@version#sha256`. */
  readonly policies: readonly string[];
  /** Of agreements and channel: what they said at that moment. */
  readonly partnerHash: string;
  readonly revision: string;
  readonly bytes: number;
  /** A hand-off within the engine: no disclosure. */
  readonly inside?: boolean;
}
