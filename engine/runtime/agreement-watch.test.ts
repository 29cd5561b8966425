import { expect, test } from "vitest";
import { agreement, channel, destination, partner, project } from "../phi/testing/given.ts";
import { ManualClock } from "../sdk/testing/manual-clock.ts";
import { AgreementWatch } from "./agreement-watch.ts";

test("lanes whose agreement ends are told of once a day, with the days that are left", async () => {
  const clock = new ManualClock();
  const lastDay = new Date(clock.now() + 8 * 86_400_000).toISOString().slice(0, 10);
  const acme = partner({ agreements: [agreement({ effective: "2020-01-01", expires: lastDay, timezone: "UTC" })] });
  const now = project([channel({ destinations: [destination({ sends: "phi", purpose: "HOPERAT" })] })], [acme]);
  const told: unknown[] = [];
  const watch = new AgreementWatch({ clock, events: { log: (event, fields) => void told.push([event, (fields as unknown as { days: number }).days]) }, project: () => now });
  watch.start();
  expect(told).toEqual([["agreement-ends", 8]]);
  await clock.advance(30 * 3_600_000);
  // From 22:13 on, over two midnights.
  expect(told).toEqual([["agreement-ends", 8], ["agreement-ends", 7], ["agreement-ends", 6]]);
  watch.stop();
  await clock.advance(10 * 86_400_000);
  expect(told).toHaveLength(3);
});
