import type { Format } from "../../engine/sdk/index.ts";

/** What a body of each format is called. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  hl7v2: "x-application/hl7-v2+er7",
  json: "application/json",
  fhir: "application/fhir+json",
  text: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  xml: "application/xml",
  x12: "application/edi-x12",
  script: "application/xml",
  ical: "text/calendar; charset=utf-8",
};
