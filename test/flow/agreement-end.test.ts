import { afterEach, describe, expect, test } from "vitest";
import { seeded } from "../ledger/seeded.ts";
import { dayOf, endOf, Schedule } from "./agreement-schedule.ts";
import { eventually } from "./engine-on-disk.ts";

const minute = 60_000;
const day = 86_400_000;
const open: Schedule[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function started(): Promise<Schedule> {
  const schedule = new Schedule();
  open.push(schedule);
  await schedule.start();
  return schedule;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("at the end of its last day a lane is suspended within a second; a renewal lets all that waited go out in order, at once", async () => {
  const it = await started();
  await it.send(3);
  await it.whole();
  it.reach(endOf(it.expires) - 500);
  await it.send(2);
  const ended = performance.now() + 500;
  await pause(600);
  await it.send(4);
  await eventually(() => it.lane("results/strict")?.status.kind === "suspended");
  // A second is said; the rest is for a machine that gives none.
  expect(performance.now() - ended).toBeLessThan(10_000);
  expect(it.lane("results/strict")?.status).toMatchObject({ code: "PHI-203" });
  const waiting = it.arrived.strict.length;
  await pause(1500);
  expect(it.arrived.strict.length).toBe(waiting);
  const renewed = performance.now();
  await it.registered(dayOf(it.now + 30 * day));
  await eventually(() => it.arrived.strict.length === it.sent.length);
  expect(performance.now() - renewed).toBeLessThan(10_000);
  await it.whole();
  expect(it.firsts("strict")).toEqual(it.sent);
  expect(it.violations).toEqual([]);
}, 120_000);

test("what has ended stays ended when the clock is set back, by minutes and over a restart; by more, nothing that needs a date leaves", async () => {
  const it = await started();
  it.reach(endOf(it.expires) + 1000);
  await it.judged();
  expect(it.lane("results/strict")?.status).toMatchObject({ kind: "suspended", code: "PHI-203" });
  it.step(-2 * minute);
  await it.send(2);
  await it.restart();
  await it.send(1);
  await pause(300);
  await eventually(() => it.lane("results/strict")?.status.kind === "suspended");
  expect(it.arrived.strict).toEqual([]);
  // Renewed, it is in force, and a clock that is hours behind lets nothing out all the same.
  await it.registered(dayOf(it.now + 30 * day));
  await it.whole();
  it.step(-3 * 60 * minute);
  const before = it.arrived.strict.length;
  await it.send(2);
  await eventually(() => it.lane("results/strict")?.status.kind === "suspended");
  expect(it.lane("results/strict")?.status).toMatchObject({ code: "PHI-217" });
  expect(it.arrived.strict.length).toBe(before);
  it.step(3 * 60 * minute);
  await it.whole();
  expect(it.firsts("strict")).toEqual(it.sent);
  expect(it.violations).toEqual([]);
}, 120_000);

describe("schedules", () => {
  const runs = Number(process.env.SLUICE_SCHEDULES ?? 3);
  test.each(Array.from({ length: runs }, (_, i) => i + 1))("nothing leaves outside the agreement's days, and everything in order after it is renewed: seed %s", async (seed) => {
    const random = seeded(seed);
    const it = await started();
    const up = (most: number) => Math.floor(random() * most) + 1;
    const ahead = () => Math.max(it.now, it.highest);
    const moves: Readonly<Record<string, () => Promise<void> | void>> = {
      send: () => it.send(up(4)),
      hours: async () => {
        it.step(up(20) * 60 * minute);
        await it.judged();
      },
      // Messages are under way when the day ends.
      end: async () => {
        it.reach(endOf(it.expires) - 200);
        const sending = it.send(8);
        await pause(up(150));
        it.reach(endOf(it.expires));
        await sending;
        await it.judged();
      },
      back: () => it.step(-up(4) * minute),
      "far back": async () => {
        const ms = up(30) * 10 * minute;
        it.step(-ms);
        await it.send(2);
        await pause(150);
        it.step(ms);
      },
      renew: () => it.registered(dayOf(ahead() + up(3) * day)),
      terminate: () => it.registered(dayOf(ahead() - day)),
      restart: () => it.restart(),
      replay: () => it.replay(),
      retry: () => it.retry(),
    };
    const names = Object.keys(moves);
    const done: string[] = [];
    for (let i = 0; i < 25; i++) {
      const name = names[up(names.length) - 1] ?? "send";
      done.push(name);
      await moves[name]?.();
      await pause(up(120));
      expect(it.violations, done.join(", ")).toEqual([]);
    }
    it.reach(it.highest);
    await it.registered(dayOf(it.now + 30 * day));
    await it.send(1);
    await it.whole();
    expect(it.firsts("strict"), done.join(", ")).toEqual(it.sent);
    expect(it.violations, done.join(", ")).toEqual([]);
    expect(it.gap).toBe(0);
  }, 240_000);
});
