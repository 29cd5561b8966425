// Writes segments.json, vocabulary.json and versions.json: the way back of the HL7 v2-to-FHIR maps, and what each version of HL7 v2 says of the segments
// and messages that are written.
//
//   node schemas/fhir-to-v2/make-tables.ts
//
// It reads the facts of schemas/v2-to-fhir and schemas/hl7v2. A row is turned round where one path of the resource belongs to one field: constants that the
// map writes beside a value (a type, a url) become the filter that finds it again. What says more than one thing is printed, and stands in ours.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fieldCount, fieldOf, componentsOf, versions } from "../../engine/codec/hl7v2/dictionary/index.ts";
import { constraintOf } from "../../engine/codec/hl7v2/strict/constraints.ts";
import type { Place } from "../../engine/codec/hl7v2/strict/notation.ts";
import { structureFor } from "../../engine/codec/hl7v2/strict/structures.ts";

type Row = readonly [source: string, target: string, map?: string | null, table?: string | null, value?: unknown, when?: readonly unknown[] | null];
type Maps = Readonly<Record<string, readonly Row[]>>;
interface Vocabulary {
  readonly from: string;
  readonly system: string;
  readonly same?: string;
  readonly codes: Readonly<Record<string, string | readonly [string, string]>>;
}

const here = import.meta.dirname;
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(here, "..", file), "utf8")) as Record<string, unknown>;
const published = read("v2-to-fhir/segments.json");
const own = read("v2-to-fhir/ours.json") as { readonly segments: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>; readonly vocabulary: Readonly<Record<string, Partial<Vocabulary>>> };
const { source } = published;

/** Maps of segments that are written; where one begins at a part of the resource, its rows do. */
const bases: Readonly<Record<string, string>> = { "NK1[Patient]": "contact", "DG1[Encounter]": "diagnosis", "NTE[Observation]": "note", "AIG[Appointment]": "participant", "AIL[Appointment]": "participant", "AIP[Appointment]": "participant" };
const wanted = [
  "PID[Patient]", "PD1[Patient]", "NK1[RelatedPerson]", "NK1[Patient]", "PV1[Encounter]", "PV2[Encounter]", "AL1[AllergyIntolerance]", "DG1[Condition]",
  "DG1[Encounter]", "ORC[ServiceRequest]", "ORC[DiagnosticReport]", "OBR[DiagnosticReport]", "OBR[ServiceRequest]", "OBR[Specimen]", "OBX[Observation]",
  "NTE[Observation]", "SPM[Specimen]", "SCH[Appointment]", "AIS[Appointment]", "AIG[Appointment]", "AIL[Appointment]", "AIP[Appointment]", "EVN[Provenance]",
];

/** A map as the engine uses it: rows of ours stand for those of their field. */
function effective(name: string): readonly Row[] {
  const rows = (published["segments"] as Maps)[name] ?? [];
  const replaced = own.segments[name] ?? {};
  if (Object.hasOwn(replaced, "*")) return replaced["*"] ?? [];
  return [...rows.filter(([from]) => !Object.hasOwn(replaced, from)), ...Object.values(replaced).flat()];
}

/** `identifier[4].type.coding.code` → steps; a reference that the map crosses is `(Practitioner.`. */
function wayOf(target: string): { readonly steps: readonly string[]; readonly crossed: boolean } {
  return { steps: target.replaceAll(/\)+$/g, "").replaceAll(/\((\w+)(?:\[\d+\])?\./g, ".resolve().ofType($1).").replace(/\(\w+(?:\[\d+\])?$/, "").split(/\.(?![^[]*\])/), crossed: target.includes("(") };
}

const bare = (step: string) => step.replace(/\[\d+\]$/, "");

function plainWhen(when: Row[5]): boolean {
  if (!when) return true;
  const [kind, ...rest] = when;
  if (kind === "=") return false;
  return kind !== "&" && kind !== "|" ? !Array.isArray(rest[0]) || plainWhen(rest[0] as Row[5]) : rest.every((each) => plainWhen(each as Row[5]));
}

const unread: string[] = [];
const segments: Record<string, [field: string, path: string, table?: string][]> = {};
for (const name of wanted) {
  const rows = effective(name).filter(([from]) => /^\w{3}-\d+$/.test(from));
  const found: [string, string, string?][] = [];
  for (const [from, to, , table, value, when] of rows) {
    if (value) continue;
    if (to === "$this" || to.includes("[each]") || !plainWhen(when) || from === "OBX-5" || from === "OBX-6") {
      unread.push(`${name} ${from} ${to}`);
      continue;
    }
    const { steps } = wayOf(to);
    const path: string[] = [];
    for (const [i, step] of steps.entries()) {
      const prefix = steps.slice(0, i + 1).join(".");
      const filters = rows.flatMap(([other, target, , , constant, condition]) => {
        if (other !== from || typeof constant !== "string" || (condition && JSON.stringify(condition) !== JSON.stringify(when ?? null))) return [];
        const whole = wayOf(target).steps.join(".");
        const rest = whole.startsWith(`${prefix}.`) ? whole.slice(prefix.length + 1) : "";
        // Deeper constants belong to the deeper step; a system or a word says no more than the code.
        return rest === "" || /(?:system|display|text)$/.test(rest) || /\[|resolve/.test(rest) || !(/\[\d+\]$/.test(step) || step === "participant" || step === "extension") ? [] : [`[${rest}=${constant}]`];
      });
      path.push(bare(step) + [...new Set(filters)].join(""));
    }
    const base = bases[name];
    if (base !== undefined && path.shift() !== base) continue;
    const row: [string, string, string?] = [from, path.join("."), ...(table ? [table] : [])] as [string, string, string?];
    if (!found.some((each) => JSON.stringify(each) === JSON.stringify(row))) found.push(row);
  }
  const clear = found.filter(([field, path]) => {
    const shared = found.some((other) => other[1] === path && other[0] !== field);
    if (shared) unread.push(`${name} ${field} ${path}: other fields too`);
    return !shared;
  });
  segments[name] = clear;
}

/** `{ table, codes: { system: { code: v2 code } } }`; of several v2 codes with one target the first of the map stands. */
const vocabulary: Record<string, { table: string; codes: Record<string, Record<string, string>> }> = {};
const maps = (read("v2-to-fhir/vocabulary.json")["vocabulary"] ?? {}) as Readonly<Record<string, Vocabulary>>;
const hand = read("fhir-to-v2/ours.json") as { readonly segments: Readonly<Record<string, Readonly<Record<string, readonly (readonly [string, string, string?])[]>>>> };
const written = [...Object.values(segments).flat(), ...Object.values(hand.segments).flatMap((fields) => Object.values(fields).flat())];
const used = new Set([...written.flatMap(([, , table]) => (table ? [table] : [])), "NameType", "AddressType[Use]", "AddressType[Type]", "TelecommunicationUseCode", "NameAssemblyOrder", "InterpretationCodes"]);
for (const name of [...used].toSorted()) {
  const map = maps[name];
  if (map === undefined) continue;
  const more = own.vocabulary[name];
  const pairs = { ...map.codes, ...(more?.codes ?? (more as Readonly<Record<string, string>> | undefined)) };
  const codes: Record<string, Record<string, string>> = {};
  const add = (system: string, code: string, v2: string) => {
    const of = (codes[system] ??= {});
    if (of[code] === undefined) of[code] = v2;
    else unread.push(`vocabulary ${name}: ${code} is ${of[code]} and ${v2}`);
  };
  for (const code of (map.same ?? "").split(" ").filter((each) => each !== "")) add(map.system, code, code);
  for (const [v2, to] of Object.entries(pairs)) typeof to === "string" ? add(map.system, to, v2) : add(to[1], to[0], v2);
  vocabulary[name] = { table: /(\d{4})$/.exec(map.from)?.[1] ?? "", codes };
}

/** What each version says, from 2.3 on: runs as `first last`, letters of `versions`. */
const first = versions.indexOf("2.3");
const letter = (at: number) => String.fromCharCode(97 + at);
function runs(of: (at: number) => string | undefined): string {
  const out: { from: number; to: number; text: string }[] = [];
  for (let at = first; at < versions.length; at++) {
    const text = of(at);
    const last = out.at(-1);
    if (text === undefined) continue;
    if (last && last.text === text && last.to === at - 1) last.to = at;
    else out.push({ from: at, to: at, text });
  }
  return out.map(({ from, to, text }) => `${letter(from)}${letter(to)}${text}`).join(";");
}

const names = [...new Set([...wanted.map((each) => each.slice(0, 3)), "MSH", "RGS", "TQ1"])];
const types = new Set<string>();
const fields = Object.fromEntries(names.map((name) => {
  const count = Math.max(...versions.map((version) => fieldCount(version, name) ?? 0));
  return [name, Array.from({ length: count }, (_, i) => runs((at) => {
    const part = (fieldCount(versions[at], name) ?? 0) > i ? fieldOf(versions[at], name, i + 1) : undefined;
    if (part === undefined) return undefined;
    types.add(part.type);
    return `${part.type}${part.repeats ? "*" : ""}${constraintOf("segments", name, i + 1, at).isRequired ? "!" : ""}`;
  })).join("|")];
}));
for (const type of types) for (const version of versions.slice(first)) for (const part of componentsOf(type, version)) types.add(part.type);
const components = Object.fromEntries([...types].toSorted().flatMap((type) => {
  const most = Math.max(...versions.slice(first).map((version) => componentsOf(type, version).length));
  return most === 0 ? [] : [[type, Array.from({ length: most }, (_, i) => runs((at) => componentsOf(type, versions[at])[i]?.type)).join("|")]];
}));

/** Messages that are written: segments and groups in order, for each version another than the one before. */
const events = ["ORU^R01", ...["A01", "A02", "A03", "A04", "A05", "A08", "A11", "A13", "A28", "A31"].map((each) => `ADT^${each}`), ...["S12", "S13", "S14", "S15", "S16", "S17", "S26"].map((each) => `SIU^${each}`)];
const plain = (places: readonly Place[]): unknown[] => places.flatMap((place): unknown[] => {
  if (place.group === "") return place.segments.filter((each) => names.includes(each));
  const inner = plain(place.inner);
  return inner.length === 0 ? [] : [[place.group, ...inner]];
});
const messages = Object.fromEntries(events.map((event) => {
  const [code = "", trigger = ""] = event.split("^");
  const out: [string, string, unknown[]][] = [];
  for (let at = first; at < versions.length; at++) {
    const found = structureFor(versions[at], code, trigger);
    if (found === undefined) continue;
    const content = plain(found.places);
    const last = out.at(-1);
    if (last && last[1] === found.id && JSON.stringify(last[2]) === JSON.stringify(content)) last[0] = `${last[0][0]}${letter(at)}`;
    else out.push([`${letter(at)}${letter(at)}`, found.id, content]);
  }
  return [event, out];
}));

function write(file: string, about: string, content: object): void {
  const lines = (value: object, deep: number): string =>
    `{\n${Object.entries(value)
      .map(([key, each]) => `${" ".repeat(deep)}${JSON.stringify(key)}: ${deep < 2 && typeof each === "object" && !Array.isArray(each) && each !== null ? lines(each, deep + 1) : JSON.stringify(each)}`)
      .join(",\n")}\n${" ".repeat(deep - 1)}}`;
  writeFileSync(join(here, file), `${lines({ about, source, ...content }, 1)}\n`);
}
write("segments.json", "Segments from resources, turned round from schemas/v2-to-fhir/segments.json. Rows: field, path in the resource, vocabulary map.", { segments });
write("vocabulary.json", "Codes of FHIR as codes of HL7 v2, turned round from schemas/v2-to-fhir/vocabulary.json: the table, and by code system each code.", { vocabulary });
const dictionary = (read("hl7v2/dictionary.json") as { source: object }).source;
writeFileSync(join(here, "versions.json"), `${JSON.stringify({ about: "What versions of HL7 v2 say of what is written, cut from schemas/hl7v2. Fields and components by number: runs of versions (letters, a = the first of versions), data type, * repeats, ! required. Messages: runs of versions, structure id, its segments and groups in order.", source: dictionary, versions, fields, components, messages }, null, 1).replaceAll(/\n {3,}|\n {2}(?=[\]}])/g, " ")}\n`);
for (const each of unread) console.log(each);
