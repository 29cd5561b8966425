import codeTable from "../../../schemas/labels/codes.json" with { type: "json" };
import fhirTable from "../../../schemas/labels/fhir.json" with { type: "json" };
import x12Table from "../../../schemas/labels/x12.json" with { type: "json" };
import xmlTable from "../../../schemas/labels/xml.json" with { type: "json" };
import hl7Table from "../../../schemas/labels/hl7v2.json" with { type: "json" };
import { compartmentNames, obligationNames } from "../../config/schema/words.ts";

/** How a field of HL7 v2 is read (`schemas/labels/hl7v2.json`). */
const readings = ["word", "hint", "flag", "text", "vip", "consent", "diagnosis", "diagnosis alone", "coded"] as const;
export type Reading = (typeof readings)[number];

export interface Carrier {
  readonly field: number;
  readonly reading: Reading;
}

/** What a code of a label asks for. */
export interface Meaning {
  readonly compartments: readonly string[];
  readonly obligations: readonly string[];
  /** Somebody restricts it: a compartment must say why. */
  readonly restricted: boolean;
  /** It asks for what nothing here can keep. */
  readonly closed: boolean;
}

const meanings: ReadonlyMap<string, Meaning> = new Map(codeTable.words.map(([code, ...asks]) => [folded(code), meaningOf(code, asks)]));

export const carriers: ReadonlyMap<string, readonly Carrier[]> = carriersOf(hl7Table.rows);

export const fhirLabels = {
  labels: new Set(fhirTable.labels),
  purposes: new Set(fhirTable.purposes),
  silent: new Set(fhirTable.silent),
  diagnoses: new Set(fhirTable.diagnoses),
  inline: fhirTable.inline,
  announces: fhirTable.announces,
  elements: new Set(fhirTable.elements),
  confidentiality: new Set(fhirTable.confidentiality),
};

export const x12Labels = {
  diagnoses: new Set(x12Table.diagnoses),
  confidential: new Set(x12Table.confidential),
  programs: compartmentsOf(x12Table.programs),
  places: compartmentsOf(x12Table.places),
};

export const xmlLabels = {
  confidentiality: new Set(xmlTable.confidentiality),
  hints: new Set(xmlTable.hints),
  diagnoses: new Set(xmlTable.diagnoses),
  fhir: xmlTable.fhir,
  inFhir: new Set(xmlTable.inFhir),
};

/** The name of a code system without the version that may stand behind it (FHIR canonical). */
export function withoutVersion(system: string | undefined): string | undefined {
  return system?.split("|")[0]?.trim();
}

export function isDiagnosisSystem(system: string): boolean {
  return fhirLabels.diagnoses.has(withoutVersion(system) ?? "");
}

/** What a code means; `undefined`: nobody knows. */
export function meaningOfCode(code: string): Meaning | undefined {
  return meanings.get(folded(code));
}

/** The compartment of a diagnosis of ICD-10-CM, by the beginning of its code. */
export function compartmentOfDiagnosis(code: string): string | undefined {
  const plain = folded(code).replace(/[^A-Z0-9]/g, "");
  return codeTable.diagnoses.find(([from = "", to = ""]) => plain.length >= 3 && plain.slice(0, from.length) >= from && plain.slice(0, to.length) <= to)?.[2];
}

function folded(code: string | undefined): string {
  return (code ?? "").trim().toUpperCase();
}

/** A table with a wrong row stops the start: half a table would look like a whole one. */
function meaningOf(code: string | undefined, asks: readonly string[]): Meaning {
  const compartments = asks.filter((each) => compartmentNames.some((name) => name === each));
  const obligations = asks.filter((each) => obligationNames.some((name) => name === each));
  const restricted = asks.includes("restricted");
  const closed = asks.includes("closed");
  const known = compartments.length + obligations.length + Number(restricted) + Number(closed) + Number(asks.includes("-"));
  if (!code || asks.length === 0 || known !== asks.length) throw new RangeError(`label table, code ${code}`);
  return { compartments, obligations, restricted, closed };
}

function compartmentsOf(rows: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const [code, compartment] of Object.entries(rows)) if (!compartmentNames.some((name) => name === compartment)) throw new RangeError(`label table, code ${code}`);
  return new Map(Object.entries(rows));
}

function carriersOf(rows: readonly (readonly (string | number)[])[]): ReadonlyMap<string, readonly Carrier[]> {
  const found = new Map<string, Carrier[]>();
  for (const [name, field, written] of rows) {
    const segment = String(name);
    const reading = readings.find((each) => each === written);
    if (!reading || !/^[A-Z][A-Z0-9]{2}$/.test(segment) || typeof field !== "number") throw new RangeError(`label table, row ${segment}-${field}`);
    found.set(segment, [...(found.get(segment) ?? []), { field, reading }]);
  }
  return found;
}
