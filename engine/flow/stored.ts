import type { Channel } from "../config/project.ts";
import type { Accepted } from "../store/store.ts";
import type { FlowPorts } from "./ports.ts";
import type { Received } from "./received.ts";

/** Second stage: the raw bytes and one lane entry per destination, committed and fsynced before it resolves (promise 1). */
export function stored(channel: Channel, raw: Uint8Array, message: Received, ports: FlowPorts): Promise<Accepted> {
  return ports.store.accept({
    channel: channel.name,
    revision: channel.revision,
    receivedAt: ports.clock.now(),
    raw: { format: channel.source.format, bytes: raw },
    lanes: channel.destinations.map((destination) => laneOf(channel.name, destination.name)),
    ...(message.identity === undefined ? {} : { identity: { key: message.identity } }),
  });
}

/** A lane is a channel's destination (keyed lanes come with `order: by`). */
export function laneOf(channel: string, destination: string): string {
  return `${channel}/${destination}`;
}
