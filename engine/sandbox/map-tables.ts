import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backTables, type BackParts, type BackTables } from "../codec/fhir-to-v2/index.ts";
import { mapTables, type MapTables, type Parts } from "../codec/v2-to-fhir/index.ts";

const schemas = join(import.meta.dirname, "../../schemas");
const held: { tables?: MapTables; back?: BackTables } = {};
const read = (path: string): unknown => JSON.parse(readFileSync(join(schemas, path), "utf8"));

/** The maps from HL7 v2 to FHIR, read when the first channel asks for them. */
export function readMapTables(): MapTables {
  return (held.tables ??= mapTables({
    messages: read("v2-to-fhir/messages.json"),
    segments: read("v2-to-fhir/segments.json"),
    datatypes: read("v2-to-fhir/datatypes.json"),
    vocabulary: read("v2-to-fhir/vocabulary.json"),
    ours: read("v2-to-fhir/ours.json"),
    elements: read("fhir/r4-elements.json"),
  } as Parts));
}

/** The way back, read when the first channel asks for it. */
export function readBackTables(): BackTables {
  return (held.back ??= backTables({
    segments: read("fhir-to-v2/segments.json"),
    vocabulary: read("fhir-to-v2/vocabulary.json"),
    versions: read("fhir-to-v2/versions.json"),
    ours: read("fhir-to-v2/ours.json"),
    names: read("v2-to-fhir/ours.json"),
    elements: read("fhir/r4-elements.json"),
  } as BackParts));
}
