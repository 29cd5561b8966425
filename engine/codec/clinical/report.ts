/** A message of results, as far as the clinical comparison looks at it. All of it is content. */
export interface Report {
  readonly form: "hl7v2" | "fhir";
  readonly patients: readonly Patient[];
  readonly orders: readonly Order[];
  readonly results: readonly Result[];
  /** NTE-3 after OBR and OBX; notes of Observations and DiagnosticReports, and their conclusions. In FHIR a comment is looked for in `words`. */
  readonly comments: readonly string[];
  readonly specimens: readonly Specimen[];
  /** Every identifier of the message that could be an order's. */
  readonly identifiers: ReadonlySet<string>;
  /** All text of a FHIR message without its white space; made at first use. */
  words(): string;
}

export interface Patient {
  readonly path: string;
  /** PID-3.1; Patient.identifier.value. */
  readonly ids: readonly string[];
  /** Other identifiers of the same person that may stand among those of a FHIR Patient: PID-2, PID-4, PID-18, PID-19, PID-20. */
  readonly others: readonly string[];
  readonly families: readonly string[];
  /** Digits of the day of birth. */
  readonly birth: string;
}

export interface Order {
  readonly path: string;
  /** OBR-2.1 and OBR-3.1; identifiers of a DiagnosticReport. */
  readonly numbers: readonly string[];
  readonly code: Said;
  readonly status: string;
  /** When the specimen was taken: OBR-7; DiagnosticReport.effective[x]. */
  readonly time: string;
}

export interface Specimen {
  readonly path: string;
  /** SPM-2 and SPM-4, whole; empty in FHIR. */
  readonly what: string;
  /** SPM-17.1; Specimen.collection.collected[x]. */
  readonly time: string;
}

/** What one place says: codes that must be the same, and every text that stands there. */
export interface Said {
  readonly codes: readonly string[];
  readonly texts: readonly string[];
  /** Whole, for a comparison with a message of the same form. */
  readonly whole: string;
}

/** One result: an OBX, an Observation, or a component of one. */
export interface Result {
  readonly path: string;
  readonly code: Said;
  readonly subId: string;
  /** OBX-2, or the name of the value: `valueQuantity`. */
  readonly type: string;
  readonly value: Said;
  readonly unit: Said;
  readonly range: Said;
  readonly flags: Said;
  readonly status: string;
  /** Of the report that it stands in: OBR-25. */
  readonly reported: string;
  readonly time: string;
  /** The time is the result's own, not that of its order. */
  readonly isOwnTime: boolean;
}

export const nothing: Said = { codes: [], texts: [], whole: "" };

/** Text without white space and the marks between the parts of a field: `> ^ 60` of a structured numeric is `>60`. */
export function squeezed(text: string): string {
  return text.replace(/\\\.[a-z]+\d*\\/gi, "").replace(/[\s^~]+/g, "");
}
