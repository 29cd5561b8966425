import { join } from "node:path";
import { versions } from "../../codec/hl7v2/dictionary/index.ts";
import { definitionOf, namesOf } from "../../codec/hl7v2/dictionary/table.ts";
import type { Cardinality, FieldRule, Hl7Profile, SegmentRule } from "../../codec/hl7v2/profile.ts";
import { usages } from "../../codec/hl7v2/profile.ts";
import { parsePath } from "../../codec/hl7v2/path.ts";
import { readStructure, segmentsIn, type Slip } from "../../codec/hl7v2/strict/notation.ts";
import { structureFor, structureIds } from "../../codec/hl7v2/strict/structures.ts";
import { checkOf } from "../check/check.ts";
import { choices, nearest } from "../check/suggest.ts";
import { profileSchema } from "../schema/profile.ts";
import { checkFile, type CheckedFile } from "./checked-file.ts";
import type { FileSystem } from "../files.ts";
import type { Node } from "../yaml/node.ts";
import { type Reading, readYaml, startReading } from "./reading.ts";
import { map, optional, text, texts } from "./tolerant.ts";

const check = checkOf(profileSchema);

/** A profile with the file that it stands in. */
export interface ProfileFile {
  readonly file: string;
  readonly profile: Hl7Profile;
}

/** `profiles/*.yaml`, by name. */
export function readProfiles(reading: Reading): ReadonlyMap<string, ProfileFile> {
  const found = new Map<string, ProfileFile>();
  const folder = join(reading.root, "profiles");
  for (const name of reading.files.exists(folder) ? reading.files.list(folder) : []) {
    const file = `profiles/${name}`;
    const node = /\.ya?ml$/.test(name) ? readYaml(reading, file) : undefined;
    if (!node) continue;
    const checked = checkedProfile(reading, file, node);
    const profile = numbered(toProfile(checked));
    const before = found.get(profile.name);
    if (before) checked.report({ code: "CFG-191", path: ["profile"], target: "value", message: `there is a profile "${profile.name}" already, in ${before.file}`, help: "give each profile a name of its own" });
    else if (profile.name !== "") found.set(profile.name, { file, profile });
  }
  return found;
}

/** One profile by its name in `profiles/`, or by the path of its file; a sentence when it is not there or has a mistake. */
export function profileIn(root: string, named: string, files: FileSystem): Hl7Profile | string {
  const reading = startReading(root, files);
  const isFile = /\.ya?ml$/.test(named);
  const node = isFile ? readYaml(reading, named) : undefined;
  const profile = node ? numbered(toProfile(checkedProfile(reading, named, node))) : isFile ? undefined : readProfiles(reading).get(named)?.profile;
  const wrong = reading.diagnostics.find(({ level }) => level === "error");
  if (wrong) return `${wrong.at.file}:${wrong.at.line}:${wrong.at.column} ${wrong.code} ${wrong.message}`;
  return profile ?? `there is no profile ${named} in profiles/`;
}

function checkedProfile(reading: Reading, file: string, node: Node): CheckedFile {
  const checked = checkFile(reading, file, node, check);
  judge(checked, toProfile(checked));
  return checked;
}

function toProfile({ value }: CheckedFile): Hl7Profile {
  const written = map(value);
  return {
    name: text(written.profile),
    ...optional("version", versions.find((version) => version === written.version) ?? (written.version === undefined ? undefined : text(written.version))),
    relax: texts(written.relax),
    segments: each(written.segments, toSegment),
    ...optional("structures", written.structures === undefined ? undefined : each(written.structures, text)),
    fields: each(written.fields, toField),
    tables: each(written.tables, (codes) => list(codes)),
  };
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function each<T>(value: unknown, read: (item: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(map(value)).map(([key, item]) => [key, read(item)]));
}

function toSegment(written: unknown): SegmentRule {
  const value = map(written);
  return { ...named(value), ...optional("after", value.after === undefined ? undefined : text(value.after)), ...ruled(value) };
}

function toField(written: unknown): FieldRule {
  const value = map(written);
  const said = <K extends string>(key: K) => optional(key, typeof value[key] === "string" ? (value[key] as string) : undefined);
  return { ...named(value), ...said("type"), ...ruled(value), ...optional("length", typeof value.length === "number" ? value.length : undefined), ...said("table") };
}

function named({ name }: Readonly<Record<string, unknown>>): { readonly name?: string } {
  return optional("name", name === undefined ? undefined : text(name));
}

function ruled({ usage, cardinality }: Readonly<Record<string, unknown>>): Pick<SegmentRule, "usage" | "cardinality"> {
  return { ...optional("usage", usages.find((known) => known === usage)), ...optional("cardinality", cardinality === undefined ? undefined : toCardinality(text(cardinality))) };
}

function toCardinality(written: string): Cardinality {
  const [min = "0", max = "*"] = written.split("..");
  return { min: Number(min) || 0, ...(max === "*" ? {} : { max: Number(max) }) };
}

/** What the form alone cannot tell: paths, segments, types and tables that exist. */
function judge(checked: CheckedFile, profile: Hl7Profile): void {
  const own = Object.keys(profile.segments);
  const say = (path: string[], target: "key" | "value", message: string, help?: string) => checked.report({ code: "CFG-191", path, target, message, ...(help === undefined ? {} : { help }) });
  const isSegment = (name: string) => name.startsWith("Z") || own.includes(name) || definitionOf("segments", name) !== undefined;
  const meant = (name: string, known: readonly string[]) => {
    const near = nearest(name, known);
    return near === undefined ? undefined : `did you mean ${near}?`;
  };
  const near = (name: string) => meant(name, [...own.filter((each) => each !== name), ...namesOf("segments")]);
  for (const [name, { after, cardinality }] of Object.entries(profile.segments)) {
    if (!name.startsWith("Z") && definitionOf("segments", name) === undefined) say(["segments", name], "key", `HL7 v2 has no segment ${name}`, near(name) ?? "a segment of the site begins with Z");
    if (after !== undefined && !isSegment(after)) say(["segments", name, "after"], "value", `HL7 v2 has no segment ${after}, and the profile declares none`, near(after));
    if (isEmptyRange(cardinality)) say(["segments", name, "cardinality"], "value", "the least is more than the most", "write it as least..most, for example 0..1");
  }
  for (const [name, structure] of Object.entries(profile.structures ?? {})) {
    const here = ["structures", name];
    if (!isMessage(name)) say(here, "key", `HL7 v2 has no message ${name}`, meant(name, structureIds().map((id) => (name.includes("^") ? id.replace("_", "^") : id))) ?? "write message and event (ORU^R01), or the id of a structure (ORU_R01); those of a site begin with Z");
    const { places, slip } = readStructure(structure);
    if (slip !== undefined) {
      say(here, "value", `${slips[slip.kind]}: ${quoted(structure, slip.at)}`, "segments in order: MSH PID PV1? ORDER+(<OBR|RXO> NTE* OBX[1..3])");
      continue;
    }
    if (places[0]?.segments[0] !== "MSH" || places[0].max !== 1) say(here, "value", "a message begins with one MSH", "write MSH first");
    for (const segment of segmentsIn(places)) if (!isSegment(segment)) say(here, "value", `HL7 v2 has no segment ${segment}`, near(segment) ?? "a segment of the site begins with Z");
    for (const [segment, { after }] of Object.entries(profile.segments)) {
      if (after !== undefined && segmentsIn(places).has(segment)) say(["segments", segment, "after"], "key", `${name} says where ${segment} stands`, "keep one of them");
    }
  }
  const seen = new Map<string, string>();
  for (const [path, { type, table, cardinality }] of Object.entries(profile.fields)) {
    const place = placeOf(path);
    const twin = seen.get(numbersOf(path));
    seen.set(numbersOf(path), path);
    if (twin !== undefined) say(["fields", path], "key", `${path} and ${twin} are the same field`, "keep one of them");
    if (place === undefined) say(["fields", path], "key", `${path} is no path of a field`, "segment, field, component: for example PID-8, PID-3.4 or patient.sex");
    else if (!isSegment(place.segment)) say(["fields", path], "key", `HL7 v2 has no segment ${place.segment}, and the profile declares none`, near(place.segment));
    else if (cardinality && place.component > 0) say(["fields", path, "cardinality"], "key", "components do not repeat", "state it of the field");
    if (isEmptyRange(cardinality)) say(["fields", path, "cardinality"], "value", "the least is more than the most", "write it as least..most, for example 0..1");
    if (type !== undefined && definitionOf("types", type) === undefined) say(["fields", path, "type"], "value", `HL7 v2 has no data type ${type}`, meant(type, namesOf("types")));
    if (table !== undefined && !/^\d{4}$/.test(table) && !Object.hasOwn(profile.tables, table)) say(["fields", path, "table"], "value", `the profile has no table "${table}"`, choices(table, Object.keys(profile.tables), "tables of the profile"));
  }
}

const slips: Readonly<Record<Slip["kind"], string>> = {
  word: "this is no segment, choice or group",
  range: "the least is more than the most, or none may stand there",
  open: "this group has no end",
  close: "this ends a group that did not begin",
  empty: "nothing stands here",
};

/** The word at a place, as a message shows it. */
function quoted(structure: string, at: number): string {
  return `"${/^\S{0,30}/.exec(structure.slice(at))?.[0] ?? ""}"`;
}

/** A message of the standard in any version, or one of the site. */
function isMessage(name: string): boolean {
  const [code = "", trigger = ""] = name.split(/[_^]/);
  if (code.startsWith("Z") || trigger.startsWith("Z")) return true;
  return name.includes("^") ? versions.some((version) => structureFor(version, code, trigger) !== undefined) : structureIds().includes(name);
}

function isEmptyRange(cardinality: Cardinality | undefined): boolean {
  return cardinality?.max !== undefined && cardinality.max < cardinality.min;
}

/** With the fields that are written by names under their numbers, as the strict reader asks for them. */
function numbered(profile: Hl7Profile): Hl7Profile {
  return { ...profile, fields: Object.fromEntries(Object.entries(profile.fields).map(([path, rule]) => [numbersOf(path), rule])) };
}

/** `patient.sex` → `PID-8`; what is no path stays, and has been told. */
function numbersOf(path: string): string {
  const place = placeOf(path);
  if (place === undefined || place.field === 0) return path;
  const parts = [place.component, place.subcomponent].filter((n) => n > 0);
  return `${place.segment}-${[place.field, ...parts].join(".")}`;
}

/** A path of the message without indexes: a profile speaks of all segments and repetitions. */
function placeOf(path: string): ReturnType<typeof parsePath> | undefined {
  try {
    const place = parsePath(path);
    return place.index === 0 && place.repetition === 0 && place.field > 0 ? place : undefined;
  } catch {
    return undefined;
  }
}
