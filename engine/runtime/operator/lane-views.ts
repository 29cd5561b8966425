import type { LaneStatus } from "../../queue/status.ts";
import { type End, ends } from "../../store/store.ts";
import type { LaneView } from "../operations.ts";
import type { Operated } from "./operated.ts";
import type { StandingOrders } from "./standing-orders.ts";

/** What a person wrote is told to operators alone. */
function withoutReason(status: LaneStatus): LaneStatus {
  return status.kind === "paused" ? { kind: "paused", at: status.at } : status;
}

const noEnds = Object.fromEntries(ends.map((end) => [end, 0])) as Record<End, number>;

/** Every running lane with its counts, in the order of the project. */
export function laneViews({ ports, runners, events }: Operated, orders: StandingOrders): LaneView[] {
  const now = ports.clock.now();
  const recorded = ports.store.counts();
  const counts = new Map(recorded.map((count) => [count.lane, count]));
  return runners.flatMap((runner) =>
    runner.laneNames.flatMap((name) => {
      const parts = runner.laneParts(name);
      if (!parts) return [];
      const count = counts.get(name);
      const failed = events.failed.get(name);
      const paused = orders.find(name, parts.partner, recorded);
      return {
        lane: name,
        channel: runner.channel.name,
        ...parts,
        status: withoutReason(parts.status),
        ...(failed === undefined ? {} : { failed }),
        ...(paused === undefined ? {} : { paused: { at: paused.at, by: paused.by } }),
        received: count?.received ?? 0,
        ends: count?.ends ?? noEnds,
        depth: (count?.waiting ?? 0) + (count?.held ?? 0),
        held: count?.held ?? 0,
        rate: events.rates.of(name),
        ...(count?.oldestAt === undefined ? {} : { oldestAgeMs: Math.max(0, now - count.oldestAt) }),
      };
    }),
  );
}
