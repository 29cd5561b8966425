import { expect, test } from "vitest";
import type { Project } from "../../config/project.ts";
import { EngineError } from "../../sdk/index.ts";
import { ManualClock } from "../../sdk/testing/manual-clock.ts";
import type { RetentionRule, Store } from "../../store/store.ts";
import { Retention, retentionRules } from "./retention.ts";

const project = {
  settings: { keep: { contentsMs: 30, metadataMs: 400 } },
  channels: [{ name: "lab", keep: { contentsMs: 7 } }, { name: "visits" }],
} as unknown as Project;

test("a channel's own clock comes before the project's, each by itself, and what a lost channel left goes by the project's", () => {
  expect(retentionRules(project, ["lab/ehr", "gone/ehr"])).toEqual([
    { channel: "lab", contentsMs: 7, metadataMs: 400 },
    { channel: "visits", contentsMs: 30, metadataMs: 400 },
    { channel: "gone", contentsMs: 30, metadataMs: 400 },
  ]);
  expect(retentionRules({ settings: {}, channels: [{ name: "lab" }] } as unknown as Project, [])).toEqual([]);
});

test("it runs once an hour, goes on after a fault, and ends when told", async () => {
  const clock = new ManualClock();
  const runs: { rules: readonly RetentionRule[]; preview: boolean }[] = [];
  const lines: unknown[] = [];
  const store = {
    counts: () => [] as ReturnType<Store["counts"]>,
    prune: async (rules: readonly RetentionRule[], _: number, preview: boolean) => {
      runs.push({ rules, preview });
      if (runs.length === 2) throw new EngineError("STO-201");
      return { contents: 2, messages: 1, bytes: 10, keptBack: 0 };
    },
  };
  const retention = new Retention({ store, clock, events: { log: (event, fields) => void lines.push([event, fields]) }, project: () => project });
  retention.start();
  await clock.advance(60_000);
  await clock.advance(3_600_000);
  await clock.advance(3_600_000);
  expect(runs.map(({ preview }) => preview)).toEqual([false, false, false]);
  expect(lines).toEqual([["pruned", expect.objectContaining({ contents: 2 })], ["prune-failed", { code: "STO-201" }], ["pruned", expect.anything()]]);
  expect(await retention.prune(false)).toMatchObject({ contents: 2 });
  expect(runs.at(-1)?.preview).toBe(true);
  await retention.stop();
  await clock.advance(7_200_000);
  expect(runs.length).toBe(4);
});
