import { readFileSync } from "node:fs";
import { type BaseTable, Definitions, type ProfileTable } from "../fhir/index.ts";

const folder = new URL("../../../schemas/fhir/", import.meta.url);
let known: Definitions | undefined;

/** FHIR R4 and US Core 6.1.0, read when something is first validated: an engine without FHIR never loads them. */
export function definitions(): Definitions {
  known ??= new Definitions(read<BaseTable>("r4-definitions.json"), [lazy("us-core-6.1.0.json"), lazy("r4-profiles.json")]);
  return known;
}

function lazy(name: string): () => ProfileTable {
  let table: ProfileTable | undefined;
  return () => (table ??= read<ProfileTable>(name));
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8")) as T;
}
