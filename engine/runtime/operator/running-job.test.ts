import { expect, test } from "vitest";
import { EngineError } from "../../sdk/index.ts";
import { ManualClock } from "../../sdk/testing/manual-clock.ts";
import type { JobRequest } from "./job.ts";
import { type Item, RunningJob } from "./running-job.ts";

const items = (n: number): Item[] => Array.from({ length: n }, (_, i) => ({ lane: "lab/ehr", id: i + 1 }));

function job(request: Partial<JobRequest>, count: number, act: (item: Item) => Promise<void> = async () => {}) {
  const clock = new ManualClock();
  const acted: number[] = [];
  const states: string[] = [];
  const running = new RunningJob(
    { id: 1, kind: "retry", state: "looking", by: "nurse", startedAt: 0, lanes: ["lab/ehr"], total: 0, done: 0, passed: 0 },
    { kind: "retry", selection: {}, ...request },
    {
      clock,
      look: async () => items(count),
      act: async (item) => {
        await act(item);
        acted.push(item.id);
      },
      onChange: ({ view }) => {
        if (states.at(-1) !== view.state) states.push(view.state);
      },
    },
  );
  return { clock, acted, states, running };
}

test("everything is done once, in order, and the job says so", async () => {
  const { running, acted, states } = job({}, 200);
  await running.ended;
  expect(acted).toEqual(items(200).map(({ id }) => id));
  expect(running.view).toMatchObject({ state: "done", total: 200, done: 200, passed: 0 });
  expect(states).toEqual(["running", "done"]);
});

test("a rate is kept: five a second, and no burst after a pause", async () => {
  const { clock, running, acted } = job({ perSecond: 5 }, 100);
  await clock.advance(0);
  await clock.advance(1000);
  expect(acted.length).toBeGreaterThanOrEqual(5);
  expect(acted.length).toBeLessThanOrEqual(6);
  running.pause();
  await clock.advance(10_000);
  const paused = acted.length;
  expect(running.view.state).toBe("paused");
  running.resume();
  await clock.advance(1000);
  expect(acted.length - paused).toBeLessThanOrEqual(6);
  await running.stop();
  expect(running.view).toMatchObject({ state: "stopped", done: acted.length, total: 100 });
  expect(acted.length).toBeLessThan(100);
});

test("what somebody else has changed is passed over; a record that cannot be written ends the job", async () => {
  const taken = job({}, 3, async ({ id }) => {
    if (id === 2) throw new EngineError("STO-302");
  });
  await taken.running.ended;
  expect(taken.running.view).toMatchObject({ state: "done", done: 2, passed: 1 });
  const full = job({ perSecond: 1000 }, 3, async ({ id }) => {
    if (id === 2) throw new EngineError("STO-201");
  });
  await full.clock.advance(0);
  await full.clock.advance(100);
  await full.running.ended;
  expect(full.running.view).toMatchObject({ state: "failed", code: "STO-201", done: 1 });
});

test("a job that is stopped while it is paused ends", async () => {
  const { clock, running, acted } = job({ perSecond: 1 }, 5);
  running.pause();
  await clock.advance(0);
  await running.stop("interrupted");
  expect(running.view.state).toBe("interrupted");
  expect(acted).toEqual([]);
});
