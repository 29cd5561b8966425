import back from "../../../schemas/fhir-to-v2/segments.json" with { type: "json" };
import backOurs from "../../../schemas/fhir-to-v2/ours.json" with { type: "json" };
import backVersions from "../../../schemas/fhir-to-v2/versions.json" with { type: "json" };
import backVocabulary from "../../../schemas/fhir-to-v2/vocabulary.json" with { type: "json" };
import datatypes from "../../../schemas/v2-to-fhir/datatypes.json" with { type: "json" };
import messages from "../../../schemas/v2-to-fhir/messages.json" with { type: "json" };
import ours from "../../../schemas/v2-to-fhir/ours.json" with { type: "json" };
import segments from "../../../schemas/v2-to-fhir/segments.json" with { type: "json" };
import vocabulary from "../../../schemas/v2-to-fhir/vocabulary.json" with { type: "json" };
import type { Diagnostic } from "../../sdk/index.ts";
import { fieldCount } from "../../codec/hl7v2/dictionary/index.ts";
import { choices, nearest } from "../check/suggest.ts";
import { codeOf } from "../code-of.ts";
import type { Channel, MapSpec } from "../project.ts";
import { error, type Rule } from "./rule.ts";

/** Names that `transform: { map: … }` takes from the maps are theirs. */
export const mapNames: Rule = {
  code: "CFG-194",
  check: (project) => project.channels.flatMap((channel) => codeOf(channel).flatMap(({ map }) => (map ? checkMap(channel, map) : []))),
};

const keys = (...tables: readonly object[]) => [...new Set(tables.flatMap(Object.keys))].toSorted();
const forward = {
  rows: keys(segments.segments, ours.segments, datatypes.datatypes, ours.datatypes),
  codes: keys(vocabulary.vocabulary, ours.vocabulary),
  maps: keys(datatypes.datatypes, ours.datatypes),
  messages: keys(messages.messages, ours.messages),
};
const backward = {
  rows: keys(back.segments, backOurs.segments),
  codes: keys(backVocabulary.vocabulary, backOurs.vocabulary),
  segments: keys(backVersions.fields),
  events: keys(backVersions.messages),
};

function checkMap({ place }: Channel, { name: map, options, path }: MapSpec): Diagnostic[] {
  if (map !== "hl7v2-to-fhir" && map !== "fhir-to-hl7v2") return [];
  const isBack = map === "fhir-to-hl7v2";
  const out: Diagnostic[] = [];
  const tell: Tell = (target, at, name, known, what) => {
    const where = target === "key" ? place.atKey(...path, ...at) : place.at(...path, ...at);
    out.push(error("CFG-194", where, `there is no ${what} "${name}"`, helpFor(name, known, what)));
  };
  for (const [name, rows] of Object.entries((options["rows"] ?? {}) as Rows)) {
    const known = isBack ? backward.rows : forward.rows;
    if (!known.includes(name)) tell("key", ["rows", name], name, known, isBack ? "segment map" : "segment or data type map");
    else for (const [i, row] of rows.entries()) checkRow(row, name, ["rows", name, i], isBack, tell);
  }
  for (const name of Object.keys((options["codes"] ?? {}) as object)) {
    const known = isBack ? backward.codes : forward.codes;
    if (!known.includes(name)) tell("key", ["codes", name], name, known, "vocabulary map");
  }
  for (const [i, name] of ((options["drop"] ?? []) as readonly string[]).entries()) {
    const known = isBack ? backward.segments : [...forward.rows, ...resources];
    if (!known.includes(name)) tell("value", ["drop", i], name, known, isBack ? "segment" : "resource or segment map");
  }
  const { message, event } = options as { readonly message?: string; readonly event?: string };
  if (message !== undefined && !forward.messages.includes(message)) tell("value", ["message"], message, forward.messages, "message map");
  const wanted = event?.split("^").slice(0, 2).join("^") ?? "";
  if (event !== undefined && !backward.events.some((each) => each === wanted || each.endsWith(`^${wanted}`))) tell("value", ["event"], event, backward.events, "event");
  return out;
}

type Row = Readonly<Record<string, unknown>>;
type Rows = Readonly<Record<string, readonly Row[]>>;
type Tell = (target: "key" | "value", at: readonly (string | number)[], name: string, known: readonly string[], what: string) => void;

/** The field of the segment, and the maps, that a row names. */
function checkRow(row: Row, name: string, at: readonly (string | number)[], isBack: boolean, tell: Tell): void {
  const segment = /^([A-Z][A-Z0-9]{2})\[/.exec(name)?.[1] ?? "";
  const fields = fieldCount(undefined, segment) ?? 0;
  const key = isBack ? "to" : "from";
  const field = String(row[key]);
  const [, own = "", number = "1"] = /^(\w+?)(?:[-.](\d+)(?:\.\d+)?)?$/.exec(field) ?? [];
  const isField = fields === 0 || (own === segment && Number(number) >= 1 && Number(number) <= fields);
  if (!isField) tell("value", [...at, key], field, Array.from({ length: fields }, (_, n) => `${segment}-${n + 1}`), `field of ${segment}`);
  const tables = isBack ? backward.codes : forward.codes;
  const { table, map } = row as { readonly table?: string; readonly map?: string };
  if (table !== undefined && !tables.includes(table)) tell("value", [...at, "table"], table, tables, "vocabulary map");
  if (map !== undefined && !forward.maps.includes(map)) tell("value", [...at, "map"], map, forward.maps, "data type map");
}

/** Types of resources that the maps make. */
const resources = [...new Set(Object.values({ ...messages.messages, ...ours.messages }).flatMap(({ places }) =>
  (places as unknown as Places).flatMap(([, , rows]) => rows.map(([target]) => /^[A-Za-z]+/.exec(String(target))?.[0] ?? ""))))].toSorted();
type Places = readonly (readonly [place: string, repeats: number, rows: readonly (readonly unknown[])[]])[];

/** The likely name; the names are too many to list. */
function helpFor(name: string, known: readonly string[], what: string): string {
  const near = nearest(name, known);
  if (near !== undefined || known.length <= 20) return choices(name, known, `${what}s`);
  const same = known.filter((each) => each.slice(0, 3) === name.slice(0, 3));
  return same.length > 0 && same.length <= 20 ? `those of ${name.slice(0, 3)}: ${same.join(", ")}` : "the names are those of the files in schemas/v2-to-fhir/ and schemas/fhir-to-v2/";
}
