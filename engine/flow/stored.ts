import type { Channel } from "../config/project.ts";
import type { Content } from "../sdk/index.ts";
import type { Accepted } from "../store/store.ts";
import type { FlowPorts } from "./ports.ts";
import type { Received } from "./received.ts";

/** Second stage: the raw bytes and one lane entry per destination, committed and fsynced before it resolves (promise 1). */
export function stored(channel: Channel, raw: Uint8Array, message: Received, ports: FlowPorts, receivedAt: number): Promise<Accepted> {
  return ports.store.accept({
    channel: channel.name,
    revision: channel.revision,
    receivedAt,
    raw: rawContent(channel, raw),
    lanes: channel.destinations.map((destination) => laneOf(channel.name, destination.name)),
    ...(message.identity === undefined ? {} : { identity: { key: message.identity } }),
  });
}

export function rawContent(channel: Channel, raw: Uint8Array): Content {
  return { format: channel.source.format, bytes: raw };
}

/** A lane is a channel's destination (keyed lanes come with `order: by`). */
export function laneOf(channel: string, destination: string): string {
  return `${channel}/${destination}`;
}
