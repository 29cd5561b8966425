import type { Channel, Project, Settings } from "../config/project.ts";
import { laneOf } from "../flow/stored.ts";
import { EngineError } from "../sdk/index.ts";
import type { LaneCounts } from "../store/store.ts";
import { hasOrderOf } from "./other-order.ts";

/** What a reload did, by channel. */
export interface ReloadReport {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** Settings of `sluice.yaml` that differ and take effect at the next start alone. */
  readonly restart: readonly string[];
}

export interface ReloadPlan extends ReloadReport {
  /** Lanes that would be gone. */
  readonly lostLanes: readonly string[];
  /** Lanes of channels that are ordered by something else. */
  readonly reorderedLanes: readonly string[];
}

/** What of the settings is read once, at the start. */
const atStart: readonly (keyof Settings)[] = ["name", "data", "console", "connectors", "trusted", "sandbox", "budget", "store"];

/** What has to happen for the engine to go from one project to another. A channel has changed when its revision has. */
export function planReload(now: Project, next: Project): ReloadPlan {
  const before = new Map(now.channels.map((channel) => [channel.name, channel]));
  const after = new Map(next.channels.map((channel) => [channel.name, channel]));
  const kept = next.channels.flatMap((channel) => {
    const old = before.get(channel.name);
    return old ? [{ old, channel }] : [];
  });
  const lanes = new Set(next.channels.flatMap(lanesOf));
  const names = (pairs: typeof kept) => pairs.map(({ channel }) => channel.name);
  return {
    added: next.channels.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    changed: names(kept.filter(({ old, channel }) => old.revision !== channel.revision)),
    removed: now.channels.filter(({ name }) => !after.has(name)).map(({ name }) => name),
    unchanged: names(kept.filter(({ old, channel }) => old.revision === channel.revision)),
    restart: atStart.filter((key) => JSON.stringify(now.settings[key]) !== JSON.stringify(next.settings[key])),
    lostLanes: now.channels.flatMap(lanesOf).filter((lane) => !lanes.has(lane)),
    reorderedLanes: kept.filter(({ old, channel }) => !hasOrderOf(old, channel)).flatMap(({ old }) => lanesOf(old)),
  };
}

/** Throws EngineError `RUN-121` or `RUN-122`: what is in flight in those lanes would be stranded, or lose its order (DESIGN 7). */
export function refuseWhileInFlight({ lostLanes, reorderedLanes }: ReloadPlan, counts: readonly LaneCounts[]): void {
  const inFlight = new Map(counts.map((count) => [count.lane, count.waiting + count.held]));
  const full = (lanes: readonly string[]) => lanes.find((lane) => (inFlight.get(lane) ?? 0) > 0);
  const lost = full(lostLanes);
  if (lost !== undefined) throw new EngineError("RUN-121", { lane: lost, inFlight: inFlight.get(lost) });
  const reordered = full(reorderedLanes);
  if (reordered !== undefined) throw new EngineError("RUN-122", { lane: reordered, inFlight: inFlight.get(reordered) });
}

export function lanesOf({ name, destinations }: Channel): readonly string[] {
  return destinations.map((destination) => laneOf(name, destination.name));
}
