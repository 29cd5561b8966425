import { buildOutcome } from "../../../engine/codec/ack/outcome.ts";
import { fhirFromXml, fhirToXml, validateFhir } from "../../../engine/codec/fhir-validate/index.ts";
import { isFhirXml } from "../../../engine/codec/fhir/index.ts";
import { EngineError } from "../../../engine/sdk/error.ts";
import { dice } from "../mutate.ts";
import type { Target } from "../target.ts";

const observation = {
  resourceType: "Observation", id: "o1", status: "final",
  text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Ada</p></div>' },
  contained: [{ resourceType: "Organization", id: "org", name: "North" }],
  category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] }],
  code: { coding: [{ system: "http://loinc.org", code: "85354-9" }] },
  subject: { reference: "Patient/1" }, performer: [{ reference: "#org" }],
  effectiveDateTime: "2026-03-01T12:00:00Z",
  component: [{ code: { coding: [{ system: "http://loinc.org", code: "8480-6" }] }, valueQuantity: { value: 120.5, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" } }],
};
const patient = {
  resourceType: "Patient", meta: { profile: ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"] },
  extension: [{ url: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", extension: [{ url: "text", valueString: "x" }] }],
  identifier: [{ system: "urn:x", value: "1", period: { start: "2020", end: "2021-02-28" } }],
  name: [{ given: ["Ada", null], _given: [null, { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }] }] }],
  gender: "female", birthDate: "1947-08-23", _birthDate: { id: "b" }, deceasedBoolean: false, multipleBirthInteger: 2,
};
const bundle = { resourceType: "Bundle", type: "collection", entry: [{ fullUrl: "http://a.example/Patient/1", resource: patient }, { fullUrl: "urn:uuid:0e1f0a2c-0b7a-4c43-9b6a-5a3d3c1f7a10", resource: observation }] };

export const target: Target = {
  name: "fhir",
  seeds: [observation, patient, bundle].flatMap((each) => [JSON.stringify(each), fhirToXml(JSON.stringify(each))]),
  words: ['"resourceType":', '"extension":[', '"contained":[', '"_', "[", "]", "{", "}", "null", ",", '"reference":"#', '"Bundle"', '"Questionnaire"', '"valueQuantity":', '"url":"', "<extension url=", "</", "/>", "<div ", ' value="', "&amp;", "1e999", "-0", "\u0000", '"meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bp"]}'],
  run(text) {
    // Most mutations are no JSON any more; one of its tree, made from the same text, always is.
    read(JSON.stringify(grafted(text)));
    read(text);
  },
};

function read(text: string): void {
  const json = isFhirXml(text) ? undefined : text;
  buildOutcome("FLW-110", validateFhir(text, { profile: "us-core", extensions: "refuse" }));
  try {
    fhirFromXml(fhirToXml(json ?? fhirFromXml(text)));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
}

/** A seed in which a few values stand somewhere else, or are something else. */
function grafted(text: string): unknown {
  let seed = 0;
  for (let i = 0; i < text.length; i++) seed = (Math.imul(seed, 31) + text.charCodeAt(i)) | 0;
  const roll = dice(seed);
  const root = structuredClone([observation, patient, bundle][roll(3)]) as unknown;
  for (let times = 1 + roll(4); times > 0; times--) {
    const holders = holdersIn(root);
    const holder = holders[roll(holders.length)] ?? {};
    const keys = Object.keys(holder);
    const key = keys[roll(keys.length)] ?? "id";
    const other = holders[roll(holders.length)] ?? {};
    const values = [...Object.values(other), structuredClone(other), null, [], {}, "", text.slice(0, 20), -1, true, [null], "#", "2026-13-45"];
    const name = roll(4) === 0 ? `_${key}` : roll(4) === 0 ? (Object.keys(other)[0] ?? key) : key;
    if (roll(5) === 0) delete holder[key];
    else holder[name] = structuredClone(values[roll(values.length)]);
    if (JSON.stringify(root).length > 20_000) break;
  }
  return root;
}

function holdersIn(node: unknown): Record<string, unknown>[] {
  if (node === null || typeof node !== "object") return [];
  return [node as Record<string, unknown>, ...Object.values(node).flatMap(holdersIn)];
}
