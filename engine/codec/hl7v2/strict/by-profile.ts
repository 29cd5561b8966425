import { unescapeText } from "../escape.ts";
import { parsePath } from "../path.ts";
import type { FieldRule, Hl7Profile, SegmentRule } from "../profile.ts";
import { codesOf } from "./constraints.ts";
import { checkType } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { Placed } from "./index.ts";

/** What a profile asks beyond the standard, of one message. */
export function checkProfile(segments: readonly Placed[], profile: Hl7Profile, version: number, findings: Findings): void {
  for (const [name, rule] of Object.entries(profile.segments)) checkSegment(segments, name, rule, profile, findings);
  for (const [path, rule] of Object.entries(profile.fields)) checkField(segments, path, rule, profile, version, findings);
}

function checkSegment(segments: readonly Placed[], name: string, rule: SegmentRule, profile: Hl7Profile, findings: Findings): void {
  const { after, usage, cardinality } = rule;
  const min = Math.max(cardinality?.min ?? 0, usage === "R" ? 1 : 0);
  const max = usage === "X" ? 0 : (cardinality?.max ?? Number.POSITIVE_INFINITY);
  const end = segments.at(-1)?.at ?? 1;
  const count = (found: readonly Placed[], line: number) => {
    for (let n = found.length; n < min; n++) findings.add("segmentMissing", name, line);
    for (const each of found.slice(max)) findings.add(usage === "X" ? "notUsed" : "segmentRepeats", each.path, each.at);
  };
  if (after === undefined) {
    count(segments.filter((each) => each.name === name), end);
    return;
  }
  // Segments of the site that follow the same anchor may stand between.
  const beside = new Set(Object.entries(profile.segments).filter(([, other]) => other.after === after).map(([other]) => other));
  let anchor: Placed | undefined;
  let found: Placed[] = [];
  for (const each of segments) {
    if (each.name === name && anchor === undefined) findings.add("segmentOrder", each.path, each.at);
    else if (each.name === name) found.push(each);
    else if (!beside.has(each.name)) {
      if (anchor !== undefined) count(found, anchor.at);
      anchor = each.name === after ? each : undefined;
      found = [];
    }
  }
  if (anchor !== undefined) count(found, anchor.at);
}

function checkField(segments: readonly Placed[], path: string, rule: FieldRule, profile: Hl7Profile, version: number, findings: Findings): void {
  const place = parsePath(path);
  for (const { line, name, path: segment, at } of segments) {
    if (name !== place.segment) continue;
    const { field, repetition, component, subcomponent } = line.marks;
    const add = (fault: Parameters<Findings["add"]>[0], where: string) => findings.add(fault, where, at);
    const own = `${segment}-${place.field}`;
    const raw = line.text.split(field)[line.header ? place.field - 1 : place.field] ?? "";
    const all = raw === "" ? [] : repetition === "" ? [raw] : raw.split(repetition);
    const valued = all.filter((each) => each !== "");
    if (place.component === 0) {
      if (rule.usage === "R" && valued.length === 0) add("required", own);
      if (rule.usage === "X" && valued.length > 0) add("notUsed", own);
      const { min, max = Number.POSITIVE_INFINITY } = rule.cardinality ?? { min: 0 };
      if (valued.length > max || (valued.length > 0 && valued.length < min)) add("repeats", own);
      else if (valued.length < min && rule.usage !== "R") add("required", own);
    }
    for (const [i, one] of all.entries()) {
      if (one === "") continue;
      const names = [i === 0 ? own : `${own}[${i + 1}]`];
      let text = one;
      if (place.component > 0) {
        text = nth(text, component, place.component);
        names.push(String(place.component));
      }
      if (place.subcomponent > 0) {
        text = nth(text, subcomponent, place.subcomponent);
        names.push(String(place.subcomponent));
      }
      const where = names.join(".");
      if (place.component > 0 && rule.usage === "R" && text === "") add("required", where);
      if (place.component > 0 && rule.usage === "X" && text !== "") add("notUsed", where);
      if (text === "" || text === '""') continue;
      if (rule.length !== undefined && text.length > rule.length) add("length", where);
      if (rule.type !== undefined) checkType(text, rule.type, where, place.component === 0 ? 1 : place.subcomponent === 0 ? 2 : 3, line, { name, path: segment, line: at, at: version }, findings);
      if (rule.table !== undefined && !hasCode(unescapeText(nth(nth(text, component, 1), subcomponent, 1), line.marks), rule.table, profile)) add("table", where);
    }
  }
}

function nth(text: string, separator: string, n: number): string {
  return separator === "" ? (n === 1 ? text : "") : (text.split(separator)[n - 1] ?? "");
}

/** Whether a table, of the profile or else of HL7, has a code; one that nobody holds has every code. */
function hasCode(code: string, table: string, { tables }: Hl7Profile): boolean {
  const own = Object.hasOwn(tables, table) ? tables[table] : undefined;
  return own === undefined ? (codesOf(table)?.has(code) ?? true) : own.includes(code);
}
