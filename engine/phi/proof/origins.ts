import type { Channel, Partner, Project } from "../../config/project.ts";
import { channelOf, isSelf } from "../../config/self.ts";
import { isAtMost } from "../levels.ts";
import { labelSent } from "./labels.ts";

/** A destination that hands data about people over to a channel of the same project. */
export interface HandOff {
  readonly from: Channel;
  readonly destination: Channel["destinations"][number];
}

/** What hands data about people to a channel. */
export function handOffsTo(project: Project, channel: Channel): readonly HandOff[] {
  return project.channels.flatMap((from) =>
    from.destinations.flatMap((destination) =>
      channelOf(destination.partner) === channel.name && !isAtMost(labelSent(from, destination).level, "deidentified") ? [{ from, destination }] : []));
}

/** The parties outside from which the data about people in a channel comes, through whatever channels handed it on. */
export function originsOf(project: Project, channel: Channel, seen: ReadonlySet<string> = new Set()): readonly Partner[] {
  if (seen.has(channel.name)) return [];
  if (!isSelf(channel.source.partner)) {
    const partner = project.partners.get(channel.source.partner);
    return partner ? [partner] : [];
  }
  const on = new Set([...seen, channel.name]);
  return [...new Set(handOffsTo(project, channel).flatMap(({ from }) => originsOf(project, from, on)))];
}
