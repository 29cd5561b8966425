import { Hl7Message } from "../hl7v2/index.ts";
import type { Tree } from "../tree.ts";

/** One result of a message, as text: nothing is rounded, converted or corrected. Absent values are empty. */
export interface ClinicalResult {
  /** Number of the order: OBR-3 or OBR-2; of FHIR the first `basedOn`, or the id. */
  readonly order: string;
  /** What was measured: OBX-3.1, the first code of Observation.code; with OBX-4 where one message says it several times. */
  readonly code: string;
  readonly subId: string;
  readonly value: string;
  readonly unit: string;
  readonly range: string;
  /** OBX-8 with every repetition; codes of Observation.interpretation. */
  readonly flags: readonly string[];
  /** OBX-11; Observation.status. */
  readonly status: string;
  /** Where it stands, for people: a path without a value. */
  readonly path: string;
}

/** The results of a message in HL7 v2 (OBX below its OBR, chapter 7) or FHIR (Observation, alone or in a Bundle or as contained). Throws what the codec throws. */
export function clinicalResults(tree: Tree, format: string): readonly ClinicalResult[] {
  if (tree instanceof Hl7Message) return fromHl7(tree);
  return format === "fhir" || format === "json" ? fromFhir(JSON.parse(tree.toString()), "") : [];
}

function fromHl7(message: Hl7Message): readonly ClinicalResult[] {
  const found: ClinicalResult[] = [];
  let order = "";
  let n = 0;
  for (const segment of message.segments) {
    const text = (path: string) => segment.get(path) ?? "";
    if (segment.name === "OBR") order = text("3.1") || text("2.1");
    if (segment.name !== "OBX") continue;
    n++;
    const { component, repetition } = segment.delimiters;
    found.push({
      order, code: text("3.1"), subId: text("4"), value: segment.getRaw("5"), unit: text("6.1"), range: text("7"), status: text("11"), path: `OBX[${n}]`,
      // A CWE from version 2.7 on; before, an IS, and there too one may have been written.
      flags: segment.getRaw("8").split(repetition || "~").map((each) => each.split(component)[0] ?? "").filter((flag) => flag !== "" && flag !== '""'),
    });
  }
  return found;
}

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const words = (value: unknown): string => (typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "");
const codes = (concept: unknown): readonly string[] => list(object(concept).coding).map((coding) => words(object(coding).code)).filter((code) => code !== "");

function fromFhir(resource: unknown, path: string): readonly ClinicalResult[] {
  if (!isObject(resource)) return [];
  const below = [
    ...list(resource.entry).flatMap((entry, i) => fromFhir(object(entry).resource, `${path}entry[${i}].resource.`)),
    ...list(resource.contained).flatMap((each, i) => fromFhir(each, `${path}contained[${i}].`)),
  ];
  if (resource.resourceType !== "Observation") return below;
  const order = words(object(list(resource.basedOn)[0]).reference) || words(resource.id);
  const status = words(resource.status);
  const parts = [resource, ...list(resource.component).filter(isObject)];
  const own = parts.flatMap((part, i): readonly ClinicalResult[] => {
    const hasValue = Object.keys(part).some((key) => key.startsWith("value"));
    const interpretation = list(part.interpretation);
    if (i === 0 && !hasValue && interpretation.length === 0 && parts.length > 1) return [];
    const quantity = object(part.valueQuantity);
    const range = object(list(part.referenceRange)[0]);
    const value = `${words(quantity.comparator)}${words(quantity.value)}` || words(part.valueString) || words(part.valueInteger) || codes(part.valueCodeableConcept).join(" ");
    return [{
      order, code: codes(part.code)[0] ?? "", subId: i === 0 ? "" : String(i), value, unit: words(quantity.code) || words(quantity.unit),
      range: words(range.text) || [words(object(range.low).value), words(object(range.high).value)].filter(Boolean).join("-"),
      // A concept without a code is a flag that nobody can read.
      flags: interpretation.flatMap((concept) => (codes(concept).length > 0 ? codes(concept) : ["?"])),
      status, path: `${path}${i === 0 ? "" : `component[${i - 1}]`}`.replace(/\.$/, "") || "Observation",
    }];
  });
  return [...own, ...below];
}
