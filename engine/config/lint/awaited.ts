import type { Channel, DestinationSpec, Project } from "../project.ts";
import { hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";

/** Names of the destinations that take only what is dead or rejected elsewhere. */
export function fallbacksOf({ destinations }: Channel): ReadonlySet<string> {
  return new Set(destinations.flatMap((d) => d.fallback ?? []));
}

/** Whether who waits for whom is what somebody wrote. */
export function isAnswerKnown(project: Project, { place, source, destinations }: Channel): boolean {
  if (hasMisspeltKey(project, place) || hasErrorIn(project, place.at("source")) || hasErrorIn(project, place.at("destinations"))) return false;
  const isThere = (name: string | undefined) => name === undefined || destinations.some((d) => d.name === name);
  return isThere(source.respond?.from) && destinations.every((d) => isThere(d.fallback));
}

/** The destinations that the sender's answer waits for. */
export function awaited(channel: Channel): readonly DestinationSpec[] {
  const { respond, ack } = channel.source;
  if (respond) return channel.destinations.filter((d) => d.name === respond.from);
  return ack === "delivered" ? channel.destinations.filter((d) => !fallbacksOf(channel).has(d.name)) : [];
}
