import { EngineError } from "../../sdk/error.ts";
import { fieldOf, isSpecific } from "./merge.ts";
import type { BackOptions, BackRow, BackTables, OwnBackRow } from "./tables.ts";

/** Versions that can be written. */
export const oldest = "2.3";

/** The tables with what a channel adjusts. */
export function withOwn(tables: BackTables, { rows, codes, version, drop }: BackOptions): BackTables {
  if (version !== undefined && (!tables.versions.includes(version) || tables.versions.indexOf(version) < tables.versions.indexOf(oldest))) throw new EngineError("MAP-101", { option: "version" });
  if (drop?.some((each) => !Object.hasOwn(tables.fields, each))) throw new EngineError("MAP-101", { option: "drop" });
  let out = tables;
  for (const [name, own] of Object.entries(rows ?? {})) {
    const known = Object.hasOwn(tables.segments, name) ? tables.segments[name] : undefined;
    if (known === undefined) throw new EngineError("MAP-101", { option: "rows" });
    const replaced = new Set(own.map(({ to }) => fieldOf(to)));
    const made = [...own.filter(({ from, value }) => from || value).map(rowOf), ...known.filter(([field]) => !replaced.has(fieldOf(field)))];
    out = { ...out, segments: { ...out.segments, [name]: [...made.filter(isSpecific), ...made.filter((row) => !isSpecific(row))] } };
  }
  for (const [name, added] of Object.entries(codes ?? {})) {
    const known = Object.hasOwn(tables.vocabulary, name) ? tables.vocabulary[name] : undefined;
    if (known === undefined) throw new EngineError("MAP-101", { option: "codes" });
    const systems = Object.keys(known.codes).length === 0 ? [""] : Object.keys(known.codes);
    const merged = Object.fromEntries(systems.map((system) => [system, { ...known.codes[system], ...added }]));
    out = { ...out, vocabulary: { ...out.vocabulary, [name]: { ...known, codes: merged } } };
  }
  return out;
}

function rowOf({ to, from, table, value }: OwnBackRow): BackRow {
  return [to, from ?? "", table ?? null, value ?? null];
}
