// Writes connectors/fhir/us-core-search.ts: which search parameters US Core 6.1.0 defines, by resource type, and of what type each is. No text of the standard.
//
//   node schemas/fhir/make-search.ts FOLDER
//
// Source: the published package hl7.fhir.us.core#6.1.0 (CC0-1.0), one SearchParameter a line in FOLDER/SearchParameter.ndjson.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface SearchParameter {
  readonly base: readonly string[];
  readonly code: string;
  readonly type: string;
}

const lines = readFileSync(join(process.argv[2] ?? "", "SearchParameter.ndjson"), "utf8").split("\n").filter((line) => line.trim() !== "");
const rows = new Map<string, string[]>();
for (const { base, code, type } of lines.map((line) => JSON.parse(line) as SearchParameter)) {
  for (const resource of base) if (!code.startsWith("_")) rows.set(resource, [...(rows.get(resource) ?? []), `${code}:${type}`]);
}
const table = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([resource, codes]) => `  ${resource}: "${codes.toSorted().join(" ")}",`);
const about = `// Written by schemas/fhir/make-search.ts from hl7.fhir.us.core#6.1.0 (CC0-1.0); do not edit.\n\n/** Search parameters of US Core 6.1.0 by resource type, each with its type. */\n`;
writeFileSync(new URL("../../connectors/fhir/us-core-search.ts", import.meta.url), `${about}export const usCoreSearch: Readonly<Record<string, string>> = {\n${table.join("\n")}\n};\n`);
