import type { Channel } from "../config/project.ts";
import { laneOf } from "./stored.ts";

/** How far a message must have come in one lane before its source is answered. */
export interface Reach {
  /** Filled and guarded, or at an end. */
  readonly processed: boolean;
  /** The first attempt has come back, or cannot be made now (`queue: on-failure`). */
  readonly tried: boolean;
  readonly ended: boolean;
}

/** What an answer to the source waits for. */
export interface Wait {
  /** By lane; a lane that is not named is not waited for. */
  readonly reach: ReadonlyMap<string, Reach>;
  readonly withinMs: number;
  /** At the deadline a message of which nothing has left is cancelled and answered no; else it gets no answer and goes on. */
  readonly cancels: boolean;
  /** The lane whose answer is given to the source. */
  readonly from?: string;
  /** Where what is dead or rejected in a lane goes on, lane by lane. */
  readonly fallback: ReadonlyMap<string, string>;
}

const patienceMs = 30_000;

/**
 * How ack mode and queue mode cross: the answer waits for whichever of the two asks for more. `undefined`: it leaves with the commit. A
 * destination that is another's fallback is waited for in the other's place, once a message has come to it.
 */
export function waitOf(channel: Channel): Wait | undefined {
  const { ack, respond, withinMs } = channel.source;
  const fallbacks = new Set(channel.destinations.map(({ fallback }) => fallback));
  const reach = new Map<string, Reach>();
  for (const { name, queue } of channel.destinations) {
    if (fallbacks.has(name)) continue;
    const tried = queue === "on-failure";
    const ended = respond ? respond.from === name : ack === "delivered";
    const processed = !respond && ack === "processed";
    if (processed || tried || ended) reach.set(laneOf(channel.name, name), { processed, tried, ended });
  }
  if (reach.size === 0) return undefined;
  return {
    reach,
    withinMs: respond?.withinMs ?? withinMs ?? patienceMs,
    cancels: respond !== undefined || ack === "delivered",
    ...(respond ? { from: laneOf(channel.name, respond.from) } : {}),
    fallback: new Map(channel.destinations.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[laneOf(channel.name, name), laneOf(channel.name, fallback)]]))),
  };
}
