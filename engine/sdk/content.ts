/** Formats the engine reads by structure. `fhir` is JSON whose root is a FHIR resource; `csv` is any delimited text. */
export type Format = "hl7v2" | "json" | "fhir" | "text" | "csv" | "xml";

/** Bytes with the name of their format. Never logged; `toString`-like conversions happen only in codecs. */
export interface Content {
  readonly format: Format;
  readonly bytes: Uint8Array;
}
