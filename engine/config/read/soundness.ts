import type { Project } from "../project.ts";

const views = new WeakMap<Project, Project>();

/** Remembers what of a project can be judged by rules that decide from values: its unbroken part. */
export function rememberSound(project: Project, sound: Project): void {
  views.set(project, sound);
}

/**
 * The part of a project whose values can be relied on: a mistake already reported must not come back as a
 * consequence (a misspelt agreement as a missing one).
 */
export function soundPart(project: Project): Project {
  const sound = views.get(project) ?? project;
  const channels = sound.channels.map((channel) => ({ ...channel, destinations: channel.destinations.filter((d) => sound.partners.has(d.partner)) }));
  return { ...sound, channels };
}
