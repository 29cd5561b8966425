import type { Channel } from "../config/project.ts";
import type { Accepted, AcceptRequest } from "../store/store.ts";
import { orderKeyOf } from "./order-key.ts";
import type { FlowPorts } from "./ports.ts";
import type { Received } from "./received.ts";

/** Where a message comes from, beside its source, and how much of it is kept: kept in the same commit. */
export type Origin = Pick<AcceptRequest, "checkpoint" | "parent" | "storage" | "principal">;

/** Second stage: the raw bytes and one lane entry per destination, committed and fsynced before it resolves (promise 1). */
export function stored(channel: Channel, raw: Uint8Array, message: Received, origin: Origin, ports: FlowPorts): Promise<Accepted> {
  const orderKey = orderKeyOf(channel, message.text);
  return ports.store.accept({
    channel: channel.name,
    revision: channel.revision,
    receivedAt: ports.clock.now(),
    raw: { format: channel.source.format, bytes: raw },
    lanes: lanesEntered(channel),
    ...origin,
    ...(message.identity === undefined ? {} : { identity: { key: message.identity } }),
    ...(message.controlId === undefined ? {} : { controlId: message.controlId }),
    ...(message.type === "" ? {} : { type: message.type }),
    ...(orderKey === undefined ? {} : { orderKey }),
  });
}

/** A lane is a channel's destination; where the channel orders by key, its entries carry the key. */
export function laneOf(channel: string, destination: string): string {
  return `${channel}/${destination}`;
}

/** The lanes a new message enters: a destination that is another's fallback takes only what comes to it from there. */
export function lanesEntered({ name, destinations }: Channel): readonly string[] {
  const fallbacks = new Set(destinations.map(({ fallback }) => fallback));
  return destinations.filter((destination) => !fallbacks.has(destination.name)).map((destination) => laneOf(name, destination.name));
}
