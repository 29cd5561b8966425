// Writes messages.json, segments.json, datatypes.json and vocabulary.json: facts of the HL7 v2-to-FHIR maps (source path, condition, target path, data
// type map, vocabulary map, constant), without their narratives and comments.
//
//   node schemas/v2-to-fhir/make-tables.ts FOLDER
//
// FOLDER holds the maps of github.com/HL7/v2-to-fhir at the commit below: messages/*.csv, segments/*.csv, datatypes.json and codesystems.json
// ({file name: rows}). What a map says in prose alone, or cannot be read, stands in ours.json, which is written by hand.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Condition, readCondition } from "./make-condition.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("node schemas/v2-to-fhir/make-tables.ts FOLDER");
const here = import.meta.dirname;
const source = {
  repository: "github.com/HL7/v2-to-fhir",
  commit: "8c9b414be1729c98988b17e7fa86221fc8018c73",
  licence: "Apache-2.0",
  notice: "HL7 v2-to-FHIR mapping tables, © HL7 International; rows as facts, without narratives and comments",
};

type Rows = readonly (readonly string[])[];
/** `[source, target, data type map, vocabulary map, constant, condition]`, cut behind the last that is there. */
type Row = readonly [source: string, target: string, map?: string | null, table?: string | null, value?: string | readonly string[] | null, when?: Condition | null];

const unread: string[] = [];

function csv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') (cell += '"'), i++;
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") row.push(cell), (cell = "");
    else if (c === "\n") row.push(cell), rows.push(row), (row = []), (cell = "");
    else if (c !== "\r") cell += c;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

const at = (row: readonly string[], i: number) => (row[i] ?? "").replaceAll("\u00a0", " ").trim();

function condition(text: string, own: string, where: string): Condition | undefined | null {
  if (text === "") return undefined;
  try {
    return readCondition(text, own);
  } catch {
    unread.push(`${where}: condition`);
    return null;
  }
}

/** `"text"`, `XTN.6+" "+XTN.7` as parts to join (a path begins with its data type or segment), or nothing for prose. */
function constant(text: string): string | readonly string[] | undefined | null {
  if (text === "") return undefined;
  const quoted = /^"\s*([^"]*?)\s*"$/.exec(text);
  if (quoted) return quoted[1] as string;
  const parts = text.match(/"[^"]*"|[A-Z][A-Z0-9]{1,2}[-.]\d+(?:\.\d+)*|\+/g);
  const rest = text.replaceAll(/"[^"]*"|[A-Z][A-Z0-9]{1,2}[-.]\d+(?:\.\d+)*|[+\s]/g, "");
  if (parts === null || rest !== "" || !parts.some((each) => /^[A-Z]/.test(each))) return /^(?:https?:\/\/\S+|[a-z]+)$/.test(text) ? text : null;
  return parts.filter((each) => each !== "+").map((each) => (each.startsWith('"') ? `'${each.slice(1, -1)}` : each));
}

function compact(row: readonly unknown[]): Row {
  const out = row.map((each) => each ?? null);
  while (out.length > 2 && out.at(-1) === null) out.pop();
  return out as unknown as Row;
}

/** Rows of a segment or data type map. A row whose condition or constant is prose is left out and counted. */
function rowsOf(name: string, rows: Rows): Row[] {
  const out: Row[] = [];
  for (const row of rows) {
    let target = at(row, 9).replaceAll(/\s+/g, "");
    if (target === "" || at(row, 1) === "Identifier" || /^HL7FHIR/.test(target) || /^FHIRAttribute/.test(target)) continue;
    const from = at(row, 1) || name.slice(0, name.indexOf("["));
    const where = `${name} ${from} ${target}`;
    // Some constants stand behind the target.
    const said = /^(.*?)="(.*)"$/.exec(target);
    if (said) target = said[1] as string;
    target = target.replace(/\.sytem$/, ".system").replace(/(extension\[\d\])\.uri$/, "$1.url");
    const map = at(row, 14).replaceAll(/\s+/g, "");
    const stated = constant(said ? `"${said[2]}"` : at(row, 16) || (at(row, 18).startsWith('"http') ? at(row, 18) : ""));
    // A URI beside a data type map tells of its vocabulary; it is no constant.
    const value = map !== "" && typeof stated === "string" && /^https?:/.test(stated) ? undefined : stated;
    const when = condition(at(row, 6), from, where);
    if (value === null) unread.push(`${where}: constant`);
    if (value === null || when === null) continue;
    const table = at(row, 15).replaceAll(/\s+/g, "").replace("Additive/Preservative", "AdditivePreservative").replace("Yes/No", "YesNo").replace("Test/Service", "TestService");
    out.push(compact([from, target, map || null, /^http/.test(table) ? null : table || null, value, when]));
  }
  return out;
}

const segments: Record<string, Row[]> = {};
for (const file of readdirSync(join(folder, "segments")).sort()) {
  const [, from, to] = /R4__([A-Z0-9]{3})_(.*?)_-_/.exec(file) ?? [];
  segments[`${from}[${to}]`] = rowsOf(`${from}[${to}]`, csv(readFileSync(join(folder, "segments", file), "utf8")));
}

const datatypes: Record<string, Row[]> = {};
const types = JSON.parse(readFileSync(join(folder, "datatypes.json"), "utf8")) as Record<string, Rows>;
for (const [file, rows] of Object.entries(types)) {
  const name = (/R4_ (.*?) - /.exec(file)?.[1] ?? "").replaceAll(" ", "");
  datatypes[name] = rowsOf(name, rows);
}

/** `{ from: "HL70001", system: target system, codes: { F: "female" } }`; a code that is its own target is listed in `same`. */
const vocabulary: Record<string, { from: string; system: string; same?: string; codes: Record<string, string | readonly [string, string]>; none?: string }> = {};
const tables = JSON.parse(readFileSync(join(folder, "codesystems.json"), "utf8")) as Record<string, Rows>;
for (const [file, rows] of Object.entries(tables)) {
  const name = (/Map_ (.*?) - /.exec(file)?.[1] ?? "").replaceAll(" ", "");
  const header = rows.find((row) => at(row, 0) === "Code") ?? [];
  const codeAt = header.map((_, i) => at(header, i)).lastIndexOf("Code");
  const systemAt = header.map((_, i) => at(header, i)).lastIndexOf("Code System");
  const table = rows.slice(rows.indexOf(header) + 1).filter((row) => at(row, 0) !== "" && !/\s/.test(at(row, 0)));
  const systems = table.filter((row) => at(row, codeAt) !== "").map((row) => at(row, systemAt));
  const system = systems.toSorted((a, b) => systems.filter((s) => s === b).length - systems.filter((s) => s === a).length)[0] ?? "";
  const same: string[] = [];
  const none: string[] = [];
  const codes: Record<string, string | readonly [string, string]> = {};
  for (const row of table) {
    const [code, to, own] = [at(row, 0), at(row, codeAt), at(row, systemAt)];
    if (to === "" || /\s{2,}|^#/.test(to)) none.push(code);
    else if (own !== system && own !== "") codes[code] = [to, own];
    else if (to === code) same.push(code);
    else codes[code] = to;
  }
  vocabulary[name] = {
    from: table.map((row) => at(row, 2)).find((each) => each !== "") ?? "",
    system,
    ...(same.length > 0 ? { same: same.join(" ") } : {}),
    codes,
    ...(none.length > 0 ? { none: none.join(" ") } : {}),
  };
}

/** `[place, repeats, rows]` in the order of the message, and which groups repeat; a row is `[target, map, references, condition]`. */
const messages: Record<string, { groups: Record<string, number>; places: [string, number, unknown[][]][] }> = {};
for (const file of readdirSync(join(folder, "messages")).sort()) {
  const name = /R4__([A-Z0-9]+_[A-Z0-9]+)_-_/.exec(file)?.[1] ?? "";
  const groups: Record<string, number> = {};
  const places: [string, number, unknown[][]][] = [];
  for (const row of csv(readFileSync(join(folder, "messages", file), "utf8"))) {
    const path = at(row, 1).replaceAll(/\s+/g, "");
    if (!path.startsWith(`${name}.`)) continue;
    // ORM_O01 names the group of the details as if it stood beside the order; VXU_V04 names insurance segments by their group alone.
    const named = path.slice(name.length + 1).replace(/\.begin$/, "").replace(/^ORDER_DETAIL\b/, name === "ORM_O01" ? "ORDER.ORDER_DETAIL" : "$&");
    const syntax = at(row, 2);
    if (!/[A-Z][A-Z0-9]{2}/.test(syntax)) {
      if (/[[{<]/.test(syntax)) groups[named] ??= syntax.includes("{") ? 1 : 0;
      continue;
    }
    const place = Object.hasOwn(groups, named) ? `${named}.${/[A-Z][A-Z0-9]{2}/.exec(syntax)?.[0] ?? ""}` : named;
    let entry = places.find(([known]) => known === place);
    if (entry === undefined) places.push((entry = [place, syntax.includes("{") ? 1 : 0, []]));
    const target = at(row, 9).replaceAll(/\s+/g, "");
    const map = at(row, 10).replaceAll(/\s+/g, "");
    if (target === "" || map === "") continue;
    const when = condition(at(row, 6), place.slice(-3), `${name} ${place} ${target}`);
    if (when === null) continue;
    const refs = at(row, 11)
      .split(/[;\n]|(?<=\.id)\s+/)
      .map((each) => each.trim().replaceAll(/\s+/g, ""))
      .filter((each) => each !== "");
    entry[2].push([...compact([target, map, refs.length > 0 ? refs : null, when ?? null])]);
  }
  messages[name] = { groups, places };
}

function write(file: string, about: string, content: object): void {
  const lines = (value: object, deep: number): string =>
    `{\n${Object.entries(value)
      .map(([key, each]) => `${" ".repeat(deep)}${JSON.stringify(key)}: ${deep < 2 && typeof each === "object" && !Array.isArray(each) && each !== null ? lines(each, deep + 1) : JSON.stringify(each)}`)
      .join(",\n")}\n${" ".repeat(deep - 1)}}`;
  writeFileSync(join(here, file), `${lines({ about, source, ...content }, 1)}\n`);
}

const rowForm = "Rows: source, target, data type map, vocabulary map, constant (an array joins parts; 'text is text), condition.";
write("messages.json", "Places of messages in order: place, repeats, rows of target, segment map, references, condition.", { messages });
write("segments.json", `Segment maps. ${rowForm}`, { segments });
write("datatypes.json", `Data type maps. ${rowForm}`, { datatypes });
write("vocabulary.json", "Vocabulary maps: table of HL7 v2, target system, codes that are their own target, other codes, codes without a target.", { vocabulary });
for (const each of unread) console.log(each);
