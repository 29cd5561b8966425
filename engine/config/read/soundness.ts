import type { Project } from "../project.ts";

/** How much of a project could be read at all. */
export interface Completeness {
  /** Without it, no partner can be called unknown. */
  readonly partners: boolean;
  /** Without it, no partner can be called unused. */
  readonly channels: boolean;
}

const views = new WeakMap<Project, { readonly sound: Project; readonly complete: Completeness }>();

/** Remembers what of a project can be judged by rules that decide from values (its unbroken part), and how whole it is. */
export function rememberSound(project: Project, sound: Project, complete: Completeness): void {
  views.set(project, { sound, complete });
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
