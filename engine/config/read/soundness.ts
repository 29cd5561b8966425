import type { Range } from "../../sdk/index.ts";
import type { Project } from "../project.ts";

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
  const channels = sound.channels.map((channel) => ({ ...channel, destinations: channel.destinations.filter((d) => sound.partners.has(d.partner)) }));
  return { ...sound, channels };
}
