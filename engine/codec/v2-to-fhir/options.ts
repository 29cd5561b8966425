import { EngineError } from "../../sdk/error.ts";
import type { Condition, MapOptions, MapTables, OwnRow, Row } from "./tables.ts";

/** The tables with what a channel adjusts. */
export function withRows(tables: MapTables, { rows, codes, message, zone }: MapOptions): MapTables {
  if (message !== undefined && !Object.hasOwn(tables.messages, message)) throw new EngineError("MAP-101", { option: "message" });
  if (zone !== undefined && !/^[+-]\d{2}:\d{2}$/.test(zone)) throw new EngineError("MAP-101", { option: "zone" });
  let out = tables;
  for (const [name, own] of Object.entries(rows ?? {})) {
    const kind = Object.hasOwn(tables.segments, name) ? "segments" : Object.hasOwn(tables.datatypes, name) ? "datatypes" : undefined;
    if (kind === undefined) throw new EngineError("MAP-101", { option: "rows" });
    const replaced = new Set(own.map((each) => each.from));
    const kept = (tables[kind][name] ?? []).filter(([from]) => !replaced.has(from));
    out = { ...out, [kind]: { ...out[kind], [name]: [...kept, ...own.filter((each) => each.to !== "").map(rowOf)] } };
  }
  for (const [name, added] of Object.entries(codes ?? {})) {
    const table = Object.hasOwn(tables.vocabulary, name) ? tables.vocabulary[name] : undefined;
    if (table === undefined) throw new EngineError("MAP-101", { option: "codes" });
    out = { ...out, vocabulary: { ...out.vocabulary, [name]: { ...table, codes: { ...table.codes, ...added } } } };
  }
  return out;
}

function rowOf({ from, to, map, table, value, when }: OwnRow): Row {
  return [from, to, map ?? null, table ?? null, value ?? null, when === undefined ? null : conditionOf(when)];
}

/** `{ PID-3: present, OBX-2: [NM, SN] }`: as a filter reads it. */
function conditionOf(when: Readonly<Record<string, string | readonly string[]>>): Condition {
  const tests = Object.entries(when).map(([path, value]): Condition => {
    if (value === "present") return ["v", path];
    if (value === "absent") return ["!", ["v", path]];
    return ["=", path, typeof value === "string" ? [value] : value];
  });
  return ["&", ...tests];
}
