import { EngineError } from "../../sdk/error.ts";
import type { Condition, MapOptions, MapTables, OwnRow, PlaceRow, Row } from "./tables.ts";

/** What a channel states, before what a partner is known to want: rows and codes by the map that they belong to, everything else as a whole. */
export function withPartner(tables: MapTables, options: MapOptions): MapOptions {
  if (options.like === undefined) return options;
  if (!Object.hasOwn(tables.partners, options.like)) throw new EngineError("MAP-101", { option: "like" });
  const known = tables.partners[options.like] as MapOptions;
  return { ...known, ...options, rows: { ...known.rows, ...options.rows }, codes: { ...known.codes, ...options.codes } };
}

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

const hasOrc = '["v","ORC"]';
/**
 * The tables where every OBR of a result makes a ServiceRequest. ORU_R01 makes one "if one needs to be created for the receiver", and of an OBR alone only where an ORC says more of it; but ORC is
 * optional there, and who ordered (OBR-16), why (OBR-31) and how urgently (OBR-5) have no other place (docs/decisions/0042).
 */
export function everyRequest(tables: MapTables): MapTables {
  const messages: Record<string, MapTables["messages"][string]> = {};
  // A message is of one kind, so only the maps that are asked for are made, each once.
  for (const [name, map] of Object.entries(tables.messages)) {
    Object.defineProperty(messages, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = { ...map, places: map.places.map(([at, repeats, rows]) => [at, repeats, rows.flatMap(withoutOrc)] as const) };
        Object.defineProperty(messages, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return { ...tables, messages };
}

function withoutOrc(row: PlaceRow): readonly PlaceRow[] {
  const [target, map, references, when] = row;
  const said = JSON.stringify(when ?? null);
  if (said === `["!",${hasOrc}]`) return [];
  return [said === hasOrc ? [target, map, [...(references ?? []), `DiagnosticReport[1].basedOn.reference=${target}.id`]] : row];
}
