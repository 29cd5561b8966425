import type { Channel, DestinationSpec } from "../project.ts";

/** Names of the destinations that take only what is dead or rejected elsewhere. */
export function fallbacksOf({ destinations }: Channel): ReadonlySet<string> {
  return new Set(destinations.flatMap((d) => d.fallback ?? []));
}

/** The destinations that the sender's answer waits for. */
export function awaited(channel: Channel): readonly DestinationSpec[] {
  const { respond, ack } = channel.source;
  if (respond) return channel.destinations.filter((d) => d.name === respond.from);
  return ack === "delivered" ? channel.destinations.filter((d) => !fallbacksOf(channel).has(d.name)) : [];
}
