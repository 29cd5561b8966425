import type { BackRow, BackTables, BackVocabulary } from "./tables.ts";

/** The files of `schemas/fhir-to-v2/`, the code systems of `schemas/v2-to-fhir/ours.json` and `schemas/fhir/r4-elements.json`, as JSON has them. */
export interface BackParts {
  readonly segments: { readonly segments: Readonly<Record<string, readonly BackRow[]>> };
  readonly vocabulary: { readonly vocabulary: Readonly<Record<string, BackVocabulary>> };
  readonly versions: Pick<BackTables, "versions" | "fields" | "components" | "messages">;
  readonly ours: Pick<BackTables, "systems" | "events" | "missing" | "since" | "quiet"> & {
    readonly segments: Readonly<Record<string, Readonly<Record<string, readonly BackRow[]>>>>;
    readonly vocabulary: Readonly<Record<string, BackVocabulary["codes"]>>;
  };
  readonly names: { readonly systems: Readonly<Record<string, string>> };
  readonly elements: { readonly types: Readonly<Record<string, string>>; readonly resources: Readonly<Record<string, string>> };
}

/** The maps turned round, with our rows in the place of those that they replace. */
export function backTables({ segments, vocabulary, versions, ours, names, elements }: BackParts): BackTables {
  const rows: Record<string, readonly BackRow[]> = { ...segments.segments };
  for (const [name, fields] of Object.entries(ours.segments)) {
    rows[name] = [...(rows[name] ?? []).filter(([field]) => !Object.hasOwn(fields, fieldOf(field))), ...Object.values(fields).flat()];
  }
  // What looks for one thing among many takes its own before what takes the rest.
  for (const [name, each] of Object.entries(rows)) rows[name] = [...each.filter(isSpecific), ...each.filter((row) => !isSpecific(row))];
  const codes: Record<string, BackVocabulary> = { ...vocabulary.vocabulary };
  for (const [name, systems] of Object.entries(ours.vocabulary)) {
    const known = codes[name] ?? { table: "", codes: {} };
    const merged = Object.entries(systems).map(([system, added]) => [system, { ...known.codes[system], ...added }] as const);
    codes[name] = { ...known, codes: { ...known.codes, ...Object.fromEntries(merged) } };
  }
  // Of several names of one system the first stands, unless ours says another.
  const systems: Record<string, string> = { ...ours.systems };
  for (const [name, uri] of Object.entries(names.systems)) systems[uri] ??= name;
  return {
    segments: rows,
    vocabulary: codes,
    systems,
    events: ours.events,
    missing: ours.missing,
    since: ours.since,
    quiet: ours.quiet,
    versions: versions.versions,
    fields: versions.fields,
    components: versions.components,
    messages: versions.messages,
    elements: { ...elements.types, ...elements.resources },
  };
}

/** `SPM-2.1` is of SPM-2. */
export function fieldOf(target: string): string {
  return target.replace(/\.\d+$/, "");
}

export function isSpecific([, path]: BackRow): boolean {
  return /\[[^!\]]*[^!\]]=|\$this\[/.test(path);
}
