import { isNamedPath } from "../../codec/hl7v2/names/resolve.ts";
import { parsePath, parseSegmentPath } from "../../codec/hl7v2/path.ts";
import type { Hl7Profile } from "../../codec/hl7v2/profile.ts";
import type { Format, Range } from "../../sdk/index.ts";
import type { Channel, CodeSpec, FilterSpec } from "../project.ts";
import { placeIn } from "./code-place.ts";

/** A path into a message, and what kind of message it is. */
export interface WrittenPath {
  readonly path: string;
  readonly at: Range;
  readonly format: Format;
  /** Of a place where a value stands: plain text has one, `text`. */
  readonly isPlace?: boolean;
  /** Delimited text whose columns have no names. */
  readonly isNumbered?: boolean;
  /** Of HL7 v2; absent: any. */
  readonly version?: string | undefined;
  /** Of FHIR: the resources that the channel takes; none: any. */
  readonly types?: readonly string[];
  /** What the site says of its own segments. */
  readonly profile?: Hl7Profile | undefined;
  /** The path is of a segment alone, as in `msg.all("OBX")`. */
  readonly isSegment?: boolean;
}

/** Paths in keys of the channel: filters, closed lists, order, cases, patients and attachments. All are of what arrives. */
export function pathsInKeys({ place, source, filter, destinations, order, case: about, acknowledges }: Channel): WrittenPath[] {
  const { format, version, localProfile: profile, types } = source;
  const found: WrittenPath[] = [];
  const isNumbered = source.csv?.header === false;
  const add = (path: string, at: Range, isPlace = false) => found.push({ path, at, format, version, profile, types, isNumbered, isPlace });
  const conditions = (spec: FilterSpec | undefined, ...below: string[]) => {
    for (const path of Object.keys(spec?.kind === "match" ? spec.conditions : {})) add(path, place.atKey(...below, path));
  };
  for (const [i, path] of (source.attachments?.paths ?? []).entries()) add(path, place.at("source", "attachments", "paths", i), true);
  if (source.patient !== undefined) add(source.patient, place.at("source", "patient"));
  if (order) add(order.by, place.at("order", "by"));
  if (acknowledges) for (const key of ["alert", "by"] as const) add(acknowledges[key], place.at("acknowledges", key));
  if (about) {
    for (const [i, path] of about.key.entries()) add(path, place.at("case", "key", i));
    for (const [i, path] of about.same.entries()) add(path, place.at("case", "same", i));
    for (const [i, other] of about.known.entries()) for (const [j, path] of other.key.entries()) add(path, place.at("case", "known", i, "key", j));
    for (const [i, path] of (about.overlap?.of ?? []).entries()) add(path, place.at("case", "overlap", "of", i));
    if (about.overlap) for (const key of ["from", "to"] as const) add(about.overlap[key], place.at("case", "overlap", key));
    if (about.stamp !== undefined) add(about.stamp, place.at("case", "stamp"));
    if (about.state.of !== undefined) add(about.state.of, place.at("case", "state", "of"));
  }
  conditions(filter, "filter");
  for (const { name, filter: own, only } of destinations) {
    conditions(own, "destinations", name, "filter");
    for (const [field, spec] of Object.entries(only ?? {})) {
      const key = spec.kind === "copy" ? "copy" : "surrogate";
      const path = spec.kind === "copy" ? spec.path : spec.kind === "surrogate" ? spec.of : undefined;
      if (path !== undefined) add(path, place.at("destinations", name, "only", field, key));
    }
  }
  return found;
}

/**
 * Paths of HL7 v2, X12, SCRIPT and iCalendar that code names in calls on `msg`. Where a transform of the channel came before, `msg` may be anything, and only what
 * reads as such a path is one.
 */
export function pathsInCode({ source, filter, transform, destinations }: Channel): WrittenPath[] {
  const { format, version, localProfile: profile } = source;
  const answers = destinations.flatMap(({ response }) => (response?.format === "hl7v2" ? called(response.transform, true, undefined) : []));
  if (format === "script") return [...answers, ...scriptPaths([filter, transform]), ...(transform ? [] : destinations.flatMap((d) => scriptPaths([d.filter, d.transform])))];
  if (format === "ical") return [...answers, ...icalPaths([filter, transform]), ...(transform ? [] : destinations.flatMap((d) => icalPaths([d.filter, d.transform])))];
  if (format === "x12") return [...answers, ...x12Paths([filter, transform]), ...(transform ? [] : destinations.flatMap((d) => x12Paths([d.filter, d.transform])))];
  if (format !== "hl7v2") return answers;
  const first = [filter, transform].flatMap((spec) => called(spec, true, version, profile));
  const behind = destinations.flatMap((d) => [d.filter, d.transform].flatMap((spec) => called(spec, transform === undefined, version, profile)));
  return [...first, ...behind, ...answers];
}

/** Behind a transform of the channel `msg` may be anything, so what stands there is not asked for. */
function scriptPaths(specs: readonly (FilterSpec | CodeSpec | undefined)[]): WrittenPath[] {
  return specs.flatMap((spec) => calls(spec, "get|set|values|all").map(({ path, at }) => ({ path, at, format: "script" }) as const));
}

function icalPaths(specs: readonly (FilterSpec | CodeSpec | undefined)[]): WrittenPath[] {
  return specs.flatMap((spec) => calls(spec, "get|set|values|remove|all").map(({ path, at, method }) => ({ path, at, format: "ical", isSegment: method === "all" }) as const));
}

function x12Paths(specs: readonly (FilterSpec | CodeSpec | undefined)[]): WrittenPath[] {
  return specs.flatMap((spec) => calls(spec, "get|set|getRaw|setRaw|values|all|loops|removeSegment").map(({ path, at, method }) => ({ path, at, format: "x12", isSegment: /^(?:all|loops|removeSegment)$/.test(method) }) as const));
}

function calls(spec: FilterSpec | CodeSpec | undefined, methods: string): { readonly path: string; readonly at: Range; readonly method: string }[] {
  const code = spec && "kind" in spec ? (spec.kind === "code" ? spec.code : undefined) : spec;
  if (!code) return [];
  return [...code.text.matchAll(new RegExp(`\\bmsg\\s*\\.\\s*(${methods})\\(\\s*(["'])([^"'\\n]*)\\2`, "g"))].map((call) => {
    const [whole = "", method = "", , path = ""] = call;
    return { path, method, at: placeIn(code, call.index + whole.length - path.length - 1, path.length) };
  });
}

function called(spec: FilterSpec | CodeSpec | undefined, isSure: boolean, version: string | undefined, profile?: Hl7Profile): WrittenPath[] {
  return calls(spec, "get|set|getRaw|setRaw|presence|values|all").flatMap(({ path, at, method }) => {
    const isSegment = method === "all";
    return isSure || (isSegment ? isSegmentPath(path) : isHl7Path(path)) ? [{ path, at, format: "hl7v2", version, profile, isSegment } as const] : [];
  });
}

/** By numbers: what a path with names means depends on the format. */
export function isHl7Path(path: string): boolean {
  return !isNamedPath(path) && canRead(() => parsePath(path));
}

export function isSegmentPath(name: string): boolean {
  return canRead(() => parseSegmentPath(name));
}

export function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
