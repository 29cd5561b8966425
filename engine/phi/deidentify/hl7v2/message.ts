import type { Hl7Segment } from "../../../codec/index.ts";
import { fieldCount, versions } from "../../../codec/hl7v2/dictionary/index.ts";
import type { SegmentStructure } from "../../../codec/hl7v2/structure.ts";
import { about, type DeidentifyContext } from "../context.ts";
import { isUntold } from "../dates.ts";
import { identifierOf, repetitionOf } from "./field.ts";
import { headerOf } from "./header.ts";
import { mayStand, type Observed, observedValue } from "./observation.ts";
import { patientIn, recordNumber } from "./patient.ts";
import { part, pieceOf, type Repetition } from "./piece.ts";
import { type FieldRule, ruleFor } from "./table.ts";

/** A segment as the codec holds it, and as a tree of values. */
export interface Read {
  readonly segment: Hl7Segment;
  readonly tree: SegmentStructure;
}

type Field = readonly Repetition[];

/** One message, header first. Segments of which nothing is left are gone; so are those that its version does not know. */
export function messageOf(segments: readonly Read[], context: DeidentifyContext): readonly SegmentStructure[] {
  const version = segments[0]?.segment.get("12") ?? undefined;
  const [pid, ...others] = segments.filter(({ tree }) => tree.name === "PID");
  const several = others.length > 0;
  // The one patient is that of all segments, wherever PID stands.
  let now = pid && !several ? patientHere(pid.segment, several, context) : context;
  return segments.flatMap((each, at) => {
    if (at === 0) return [header(each, now)];
    if (several && each.tree.name === "PID") now = patientHere(each.segment, several, context);
    const kept = segmentOf(each, now, version || undefined);
    return kept ? [kept] : [];
  });
}

/** What the raw message says of its one patient goes before what a transform left of it. */
function patientHere(pid: Hl7Segment, several: boolean, context: DeidentifyContext): DeidentifyContext {
  const here = patientIn(pid);
  return several ? about(context, here.patient, here.birth) : about(context, context.patient ?? here.patient, context.birth ?? here.birth);
}

function header({ segment }: Read, context: DeidentifyContext): SegmentStructure {
  const made = headerOf((field, component = 1) => segment.get(`${field}.${component}`) ?? "", context);
  const last = Math.max(...[...made].flatMap(([field, value]) => (value === "" ? [] : [field])));
  const fields = Array.from({ length: last - 2 }, (_, i): Field => {
    const value = made.get(i + 3) ?? "";
    return [pieceOf(...(typeof value === "string" ? [value] : value)) ?? [[""]]];
  });
  return { name: "MSH", eol: "\r", declares: ["|", "^~\\&"], fields };
}

function segmentOf(read: Read, context: DeidentifyContext, version: string | undefined): SegmentStructure | undefined {
  const { name, fields } = read.tree;
  const count = fieldsIn(version, name);
  if (count === undefined || (name === "OBX" && !mayStand(observed(read.tree)))) return undefined;
  const kept = fields.slice(0, count).map((field, at) => isUntold(`${name}-${at + 1}`, context) ? [] : fieldOf(field, ruleFor(context.spec.method, name, at + 1), read, context));
  const retyped = name === "OBX" ? typedValue(read.tree, context) : undefined;
  if (retyped) {
    kept[1] = retyped.field.length > 0 ? [[[retyped.type]]] : [];
    kept[4] = retyped.field;
  }
  const last = kept.findLastIndex((field) => field.length > 0);
  // A number of a segment by itself says only that there was one.
  if (last < 0 || (name !== "PID" && last === 0 && ruleFor(context.spec.method, name, 1).action === "set")) return undefined;
  return { name, eol: "\r", fields: kept.slice(0, last + 1).map((field) => (field.length > 0 ? field : [[[""]]])) };
}

/** How many fields a segment of a version has. A version that nobody knows is asked for anew each time: messages choose what they call it. */
function fieldsIn(version: string | undefined, name: string): number | undefined {
  if (version !== undefined && !versions.includes(version)) return fieldCount(version, name);
  const key = `${version} ${name}`;
  let count = counts.get(key);
  if (count === undefined) {
    count = fieldCount(version, name);
    if (count !== undefined) counts.set(key, count);
  }
  return count;
}

const counts = new Map<string, number>();

function fieldOf(field: Field, rule: FieldRule, { segment }: Read, context: DeidentifyContext): Field {
  if (rule.action === "record") {
    const record = field[recordNumber(segment) - 1];
    const token = record && identifierOf(record, "patient", context);
    return token ? [token] : [];
  }
  return field.flatMap((repetition) => {
    const kept = repetitionOf(repetition, rule, context);
    return kept ? [kept] : [];
  });
}

/** OBX-5, and OBX-2 as it is now. */
function typedValue(tree: SegmentStructure, context: DeidentifyContext): { readonly type: string; readonly field: Field } {
  const seen = observed(tree);
  const values = (tree.fields[4] ?? []).flatMap((repetition) => observedValue(repetition, seen, context) ?? []);
  const type = values[0]?.type ?? "";
  return { type, field: values.filter((value) => value.type === type).map(({ repetition }) => repetition) };
}

function observed({ fields }: SegmentStructure): Observed {
  const at = (field: number): Repetition => fields[field - 1]?.[0] ?? [];
  return { type: part(at(2), 1), code: at(3), units: [1, 2, 4, 5].map((component) => part(at(6), component)) };
}
