import { type End, ends } from "../../store/store.ts";
import type { LaneView } from "../operations.ts";
import type { Operated } from "./operated.ts";

const noEnds = Object.fromEntries(ends.map((end) => [end, 0])) as Record<End, number>;

/** Every running lane with its counts, in the order of the project. */
export function laneViews({ ports, runners, events }: Operated): LaneView[] {
  const now = ports.clock.now();
  const counts = new Map(ports.store.counts().map((count) => [count.lane, count]));
  return runners.flatMap((runner) =>
    runner.laneNames.flatMap((name) => {
      const parts = runner.laneParts(name);
      if (!parts) return [];
      const count = counts.get(name);
      const failed = events.failed.get(name);
      return {
        lane: name,
        channel: runner.channel.name,
        ...parts,
        ...(failed === undefined ? {} : { failed }),
        received: count?.received ?? 0,
        ends: count?.ends ?? noEnds,
        depth: (count?.waiting ?? 0) + (count?.held ?? 0),
        held: count?.held ?? 0,
        ...(count?.oldestAt === undefined ? {} : { oldestAgeMs: Math.max(0, now - count.oldestAt) }),
      };
    }),
  );
}
