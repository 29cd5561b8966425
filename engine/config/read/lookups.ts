import { join } from "node:path";
import type { Node } from "../yaml/node.ts";
import { type Reading, readYaml } from "./reading.ts";

export interface LookupTable {
  readonly file: string;
  readonly rows: Readonly<Record<string, string>>;
}

/** `lookups/*.yaml` and `.json`: flat tables of text. Codes are taken as they are written, so `012` keeps its zero. */
export function readLookups(reading: Reading): ReadonlyMap<string, LookupTable> {
  const tables = new Map<string, LookupTable>();
  const folder = join(reading.root, "lookups");
  if (!reading.files.exists(folder)) return tables;
  for (const name of reading.files.list(folder)) {
    const [, table] = /^(.+)\.(?:ya?ml|json)$/.exec(name) ?? [];
    if (table === undefined) continue;
    const file = `lookups/${name}`;
    const node = readYaml(reading, file);
    tables.set(table, { file, rows: node ? toRows(reading, node) : {} });
  }
  return tables;
}

function toRows(reading: Reading, node: Node): Readonly<Record<string, string>> {
  const rows: Record<string, string> = Object.create(null) as Record<string, string>;
  const flat = (at: Node["at"], message: string) =>
    reading.diagnostics.push({ code: "CFG-164", level: "error", at, message, help: "a lookup table is lines of  key: value" });
  if (node.kind !== "map") flat(node.at, "a lookup table is a map of keys to text");
  else {
    for (const { key, keyAt, value } of node.entries) {
      if (value.kind !== "scalar" || value.value === null) flat(keyAt, `"${key}" must have one text as its value`);
      else rows[key] = value.style === "plain" ? value.source : String(value.value);
    }
  }
  return rows;
}
