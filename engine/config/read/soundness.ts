import type { Range } from "../../sdk/index.ts";
import type { DestinationSpec, Partner, Placed, Project } from "../project.ts";
import { find, type Node } from "../yaml/node.ts";

/** How much of a project could be read at all. */
export interface Completeness {
  /** Without it, no partner can be called unknown. */
  readonly partners: boolean;
  /** Without it, no partner can be called unused. */
  readonly channels: boolean;
}

interface View {
  readonly sound: Project;
  readonly complete: Completeness;
  /** Places of mistakes found while reading. */
  readonly errors: readonly Range[];
}

const views = new WeakMap<Project, View>();

/** Remembers what of a project can be judged by rules that decide from values (its unbroken part), and how whole it is. */
export function rememberSound(project: Project, view: View): void {
  views.set(project, view);
}

/** Whether a mistake was found inside a range while reading: what a rule misses there may be what was misspelt. */
export function hasErrorIn(project: Project, { file, line, column, endLine, endColumn }: Range): boolean {
  const errors = views.get(project)?.errors ?? [];
  return errors.some(({ file: other, line: l, column: c }) =>
    other === file && (l > line || (l === line && c >= column)) && (l < endLine || (l === endLine && c < endColumn)));
}

/** A project that was not read from files is whole. */
export function completeness(project: Project): Completeness {
  return views.get(project)?.complete ?? { partners: true, channels: true };
}

/**
 * The part of a project whose values can be relied on: a mistake already reported must not come back as a
 * consequence (a misspelt agreement as a missing one).
 */
export function soundPart(project: Project): Project {
  const sound = views.get(project)?.sound ?? project;
  const channels = sound.channels.map((channel) => ({
    ...channel,
    destinations: channel.destinations.filter((d) => sound.partners.has(d.partner)).map((d) => withKnownSets(d, sound)),
  }));
  const part = { ...sound, channels };
  const view = views.get(project);
  if (view) views.set(part, view);
  return part;
}

function withKnownSets(destination: DestinationSpec, { lookups }: Project): DestinationSpec {
  if (!destination.only) return destination;
  const known = Object.entries(destination.only).filter(([, field]) => field.kind !== "coded" || lookups.has(field.set));
  return { ...destination, only: Object.fromEntries(known) };
}

/** The parties whose entry was read without a mistake: of the others it is not known what they declare. */
export function wholePartners(project: Project): ReadonlyMap<string, Partner> {
  return views.get(project)?.sound.partners ?? project.partners;
}

/** Whether a key of the map at `path` is wrong itself: one that seems to be missing may be it. */
export function hasMisspeltKey(project: Project, place: Placed, ...path: string[]): boolean {
  const node = "node" in place ? find(place.node as Node, path) : undefined;
  return node?.kind === "map" && node.entries.some((entry) => hasErrorIn(project, entry.keyAt));
}
