import { type Definition, definitionOf, namesOf, type Part, type Run, versionIndex } from "./table.ts";

export { faultOf, type PathFault } from "./fault.ts";
export { type Part, versions } from "./table.ts";

// Not part of hl7v2/index.ts: the table belongs to lint and tools, and is not linked into the isolate.
// `version` is as in MSH-12.1; undefined, or one that is no version: what any version says, the newest first.

/** `Patient Identification`, for `PID`. */
export function segmentName(segment: string): string | undefined {
  return definitionOf("segments", segment)?.name;
}

/** Names of the segments of a version, in alphabetical order. */
export function segmentsOf(version?: string): readonly string[] {
  return namesOf("segments").filter((name) => has(definitionOf("segments", name), version));
}

/** How many fields a segment has; `undefined` when the version has no such segment. Withdrawn fields count: their numbers stay taken. */
export function fieldCount(version: string | undefined, segment: string): number | undefined {
  const definition = definitionOf("segments", segment);
  return has(definition, version) ? countOf(definition, version) : undefined;
}

/** What a version says of a field: name, data type, repeats. `undefined` for a field that the version lacks. */
export function fieldOf(version: string | undefined, segment: string, field: number): Part | undefined {
  return partOf(definitionOf("segments", segment), field, version);
}

/** The components of a data type in order; empty for one without (`ST`, `VARIES`) and for one that is not known. */
export function componentsOf(type: string, version?: string): readonly Part[] {
  const definition = definitionOf("types", type);
  const count = definition === undefined ? 0 : countOf(definition, version);
  return Array.from({ length: count }, (_, i) => partOf(definition, i + 1, version) ?? { name: "", type: "ST", repeats: false });
}

function has(definition: Definition | undefined, version: string | undefined): definition is Definition {
  if (definition === undefined) return false;
  const at = version === undefined ? undefined : versionIndex(version);
  return at === undefined || (definition.first <= at && at <= definition.last);
}

function countOf({ parts }: Definition, version: string | undefined): number {
  const at = version === undefined ? undefined : versionIndex(version);
  return at === undefined ? parts.length : parts.findLastIndex((runs) => runs.some((run) => covers(run, at))) + 1;
}

function partOf(definition: Definition | undefined, number: number, version: string | undefined): Run | undefined {
  const runs = definition?.parts[number - 1];
  const at = version === undefined ? undefined : versionIndex(version);
  return at === undefined ? runs?.at(-1) : runs?.find((run) => covers(run, at));
}

function covers({ first, last }: Run, at: number): boolean {
  return first <= at && at <= last;
}
