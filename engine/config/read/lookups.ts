import { join } from "node:path";
import { parseCsv } from "../../codec/csv/index.ts";
import { codeOf } from "../../sdk/index.ts";
import type { Node } from "../yaml/node.ts";
import { type Reading, readText, readYaml, startOf } from "./reading.ts";

export interface LookupTable {
  readonly file: string;
  readonly rows: Readonly<Record<string, string>>;
}

/** `lookups/*.yaml`, `.json` and `.csv`: flat tables of text. Codes are taken as they are written, so `012` keeps its zero. */
export function readLookups(reading: Reading): ReadonlyMap<string, LookupTable> {
  const tables = new Map<string, LookupTable>();
  const folder = join(reading.root, "lookups");
  if (!reading.files.exists(folder)) return tables;
  for (const name of reading.files.list(folder)) {
    const [, table] = /^([^.].*)\.(?:ya?ml|json|csv)$/.exec(name) ?? [];
    if (table === undefined) continue;
    const file = `lookups/${name}`;
    const other = tables.get(table);
    if (other) reading.diagnostics.push({ code: "CFG-164", level: "error", at: startOf(file), message: `${other.file} is the table "${table}" too`, help: "keep one of the two files" });
    tables.set(table, { file, rows: file.endsWith(".csv") ? fromCsv(reading, file) : fromYaml(reading, file) });
  }
  return tables;
}

function fromYaml(reading: Reading, file: string): LookupTable["rows"] {
  const node = readYaml(reading, file);
  return node ? toRows(reading, node) : {};
}

/** Two columns under a header, comma between them (RFC 4180); a key stands once. */
function fromCsv(reading: Reading, file: string): LookupTable["rows"] {
  const rows: Record<string, string> = Object.create(null) as Record<string, string>;
  const wrong = (message: string, line = 1) =>
    void reading.diagnostics.push({ code: "CFG-164", level: "error", at: { ...startOf(file), line, endLine: line }, message, help: "a lookup table in CSV is a header of two names, then lines of  key,value" });
  const text = readText(reading, file);
  if (text === undefined) return rows;
  try {
    const csv = parseCsv(text.replace(/^\uFEFF/, ""));
    if (csv.columns.length !== 2) wrong(`it has ${csv.columns.length} columns`);
    else {
      for (const [i, row] of csv.all().entries()) {
        const key = row.get(1);
        if (key === "" || Object.hasOwn(rows, key)) wrong(key === "" ? "a row has no key" : "a key stands twice", i + 2);
        else rows[key] = row.get(2);
      }
    }
  } catch (error) {
    wrong(`it cannot be read as delimited text (${codeOf(error, "CSV-001")})`);
  }
  return rows;
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
