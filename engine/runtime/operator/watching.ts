import type { Happening } from "../events.ts";
import { Follower } from "./follower.ts";
import type { Operated } from "./operated.ts";

/** Which events somebody wants; all that is given must hold. */
export interface EventFilter {
  readonly channel?: string;
  readonly lane?: string;
  /** The one a message came from, or the one it goes to. */
  readonly partner?: string;
  readonly events?: readonly string[];
}

/** A reader of the events that pass the filter, each with the partner it is about. Whoever takes it ends it. */
export function watch(engine: Operated, filter: EventFilter): Follower {
  const follower = new Follower(engine.ports.clock);
  const stop = engine.events.follow((happening) => {
    if (follower.ended) return stop();
    const partner = partnerOf(engine, happening);
    const told = partner === undefined ? happening : { ...happening, partner };
    if (passes(told, filter)) follower.push(told);
  });
  return follower;
}

function passes(happening: Happening, { channel, lane, partner, events }: EventFilter): boolean {
  if (events !== undefined && !events.includes(happening.event)) return false;
  const own = laneOfEvent(happening);
  if (lane !== undefined && own !== lane) return false;
  if (channel !== undefined && (happening.channel ?? own?.slice(0, own.indexOf("/"))) !== channel) return false;
  return partner === undefined || happening["partner"] === partner;
}

function laneOfEvent({ channel, destination, lane }: Happening & { readonly lane?: unknown }): string | undefined {
  if (typeof lane === "string") return lane;
  return channel === undefined || destination === undefined ? undefined : `${channel}/${destination}`;
}

function partnerOf({ runners }: Operated, happening: Happening): string | undefined {
  const lane = laneOfEvent(happening);
  const name = happening.channel ?? lane?.slice(0, lane.indexOf("/"));
  const runner = runners.find(({ channel }) => channel.name === name);
  if (lane === undefined) return runner?.channel.source.partner;
  return runner?.channel.destinations.find((destination) => `${runner.channel.name}/${destination.name}` === lane)?.partner;
}
