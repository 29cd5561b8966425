import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mapTables, type MapTables, type Parts } from "../codec/v2-to-fhir/index.ts";

const schemas = join(import.meta.dirname, "../../schemas");
const held: { tables?: MapTables } = {};

/** The maps between HL7 v2 and FHIR, read when the first channel asks for them. */
export function readMapTables(): MapTables {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(schemas, path), "utf8"));
  return (held.tables ??= mapTables({
    messages: read("v2-to-fhir/messages.json"),
    segments: read("v2-to-fhir/segments.json"),
    datatypes: read("v2-to-fhir/datatypes.json"),
    vocabulary: read("v2-to-fhir/vocabulary.json"),
    ours: read("v2-to-fhir/ours.json"),
    elements: read("fhir/r4-elements.json"),
  } as Parts));
}
