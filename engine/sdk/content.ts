/**
 * Formats the engine reads by structure. `fhir` is JSON whose root is a FHIR resource; `csv` is any delimited text; `x12` is ASC X12 from ISA to IEA;
 * `script` is NCPDP SCRIPT as XML; `ical` is iCalendar (RFC 5545).
 */
export const formats = [
  "hl7v2",
  "json",
  "fhir",
  "text",
  "csv",
  "xml",
  "x12",
  "script",
  "ical",
] as const;

export type Format = (typeof formats)[number];

/** How the name of a file of each format ends, without the dot. */
export const fileExtensions: Readonly<Record<Format, string>> = {
  hl7v2: "hl7",
  json: "json",
  fhir: "json",
  text: "txt",
  csv: "csv",
  xml: "xml",
  x12: "x12",
  script: "xml",
  ical: "ics",
};

/** Bytes with the name of their format. Never logged; `toString`-like conversions happen only in codecs. */
export interface Content {
  readonly format: Format;
  readonly bytes: Uint8Array;
}
