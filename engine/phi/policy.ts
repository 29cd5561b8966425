import fhirTable from "../../schemas/identifiers/fhir.json" with { type: "json" };
import hl7Table from "../../schemas/identifiers/hl7v2.json" with { type: "json" };
import icalTable from "../../schemas/identifiers/ical.json" with { type: "json" };
import scriptTable from "../../schemas/identifiers/script.json" with { type: "json" };
import stopTable from "../../schemas/identifiers/stop.json" with { type: "json" };
import x12Table from "../../schemas/identifiers/x12.json" with { type: "json" };
import type { Strength } from "./patterns.ts";

const readings = [
  "none", "id", "name", "person", "family", "given", "date", "all dates", "address", "contact", "zip", "whole", "reference", "free", "unknown", "dates in codes", "text in codes", "id in codes",
] as const;

/** How a field is taken apart into what can be looked for. */
export type Reading = (typeof readings)[number];

export interface Row {
  readonly kind: string;
  readonly reading: Reading;
  readonly strength: Strength;
}

/** What no table knows could be anything. */
export const unknownRow: Row = { kind: "unknown", reading: "unknown", strength: "medium" };

export const hl7Rows = readRows(hl7Table.rows);
export const fhirRows = readRows(fhirTable.rows);
export const x12Rows = readRows(x12Table.rows);
/** Who an entity of X12 is, where it is not of the patient's side (NM101, N101). */
export const x12Roles: ReadonlyMap<string, string> = new Map(Object.entries(x12Table.roles).flatMap(([role, codes]) => codes.split(" ").map((code) => [code, role] as const)));
/** Qualifiers (REF01) of references that are of nobody. */
export const x12Quiet: ReadonlySet<string> = new Set(x12Table.quiet.split(" "));
export const scriptRows = readRows(scriptTable.rows);
export const icalRows = readRows(icalTable.rows);
export const stopList: ReadonlySet<string> = new Set(stopTable.values);

/** A table with a wrong row stops the start: half a table would look like a whole one. */
function readRows(rows: readonly (readonly string[])[]): ReadonlyMap<string, Row> {
  const read = new Map<string, Row>();
  for (const [path, kind, reading, strength] of rows) {
    const known = readings.find((r) => r === reading);
    if (!path || !kind || !known || read.has(path)) throw new RangeError(`identifier table, row ${path}`);
    if (strength !== "-" && strength !== "strong" && strength !== "medium" && strength !== "weak") throw new RangeError(`identifier table, row ${path}`);
    read.set(path, { kind, reading: known, strength: strength === "-" ? "weak" : strength });
  }
  return read;
}
