import { laneOf } from "../../flow/stored.ts";
import { EngineError } from "../../sdk/index.ts";
import type { MessageId, Search } from "../../store/store.ts";
import type { Operated } from "./operated.ts";

/** What a person means, of messages and their entries: all that is given must hold. */
export interface Selection extends Omit<Search, "before" | "limit"> {
  /** Everything toward this partner; of one that only sends, everything from it. */
  readonly partner?: string;
  /** These messages and no others. */
  readonly ids?: readonly MessageId[];
}

/** The lanes and the channel a selection is about, from the running project and the record. RUN-201: a name that neither knows. */
export function scopeOf(engine: Operated, { channel, lanes, partner }: Pick<Selection, "channel" | "lanes" | "partner">): Pick<Search, "channel" | "lanes"> {
  const recorded = engine.ports.store.counts().map((count) => count.lane);
  const known = new Set([...engine.runners.flatMap((runner) => runner.laneNames), ...recorded]);
  for (const lane of lanes ?? []) if (!known.has(lane)) throw new EngineError("RUN-201", { lane });
  const channels = new Set([...engine.runners.map((runner) => runner.channel.name), ...[...known].map((lane) => lane.slice(0, lane.indexOf("/")))]);
  if (channel !== undefined && !channels.has(channel)) throw new EngineError("RUN-201", { channel });
  const toward = partner === undefined ? undefined : lanesOfPartner(engine, partner);
  const both = lanes && toward ? lanes.filter((lane) => toward.includes(lane)) : (lanes ?? toward);
  return { ...(channel === undefined ? {} : { channel }), ...(both === undefined ? {} : { lanes: both }) };
}

/** Running lanes toward a partner; of one that only sends, the lanes of what it sends. */
export function lanesOfPartner({ runners }: Operated, partner: string): readonly string[] {
  const toward = runners.flatMap(({ channel }) =>
    channel.destinations.filter((destination) => destination.partner === partner).map((destination) => laneOf(channel.name, destination.name)),
  );
  if (toward.length > 0) return toward;
  const from = runners.filter(({ channel }) => channel.source.partner === partner);
  if (from.length === 0) throw new EngineError("RUN-201", { partner });
  return from.flatMap((runner) => runner.laneNames);
}

/** A selection as the record takes it. */
export function searchOf(engine: Operated, selection: Selection): Omit<Search, "before" | "limit"> {
  const { partner: _, ids: __, ...search } = selection;
  return { ...search, ...scopeOf(engine, selection) };
}
