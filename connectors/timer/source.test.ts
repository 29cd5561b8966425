import { describe, expect, test } from "vitest";
import { scheduleOf } from "../../engine/runtime/schedule/schedule.ts";
import { completeOptions, SourceHost } from "../../engine/sdk/testing/index.ts";
import { sourceOptions, verifySource } from "./options.ts";
import { timerSource } from "./source.ts";

const options = (given: Record<string, unknown>) => completeOptions(sourceOptions, given);
const texts = (host: SourceHost) => host.received.map((bytes) => new TextDecoder().decode(bytes));

async function started(given: Record<string, unknown>, host = new SourceHost()) {
  host.schedule = scheduleOf;
  const source = timerSource(options(given));
  await source.start(host.context);
  return { host, source };
}

test("each moment says when it was due, and counts", async () => {
  const { host, source } = await started({ every: "15m" });
  await host.clock.advance(31 * 60_000);
  expect(texts(host).map((text) => JSON.parse(text))).toEqual([
    { at: "2023-11-14T22:15:00.000Z", sequence: 1 },
    { at: "2023-11-14T22:30:00.000Z", sequence: 2 },
  ]);
  await source.stop();
});

test("a constant text, by cron in a zone", async () => {
  const { host, source } = await started({ cron: "15 17 * * *", timezone: "America/New_York", message: "MSH|^~\\&|" });
  await host.clock.advance(60_000);
  expect(texts(host)).toEqual([]);
  await host.clock.advance(60_000);
  expect(texts(host)).toEqual(["MSH|^~\\&|"]);
  await source.stop();
});

describe("moments that passed while the engine stood still", () => {
  const outage = async (missed: string) => {
    const { host, source } = await started({ every: "15m", missed });
    await host.clock.advance(16 * 60_000);
    await source.stop();
    await host.clock.advance(4 * 3_600_000);
    const { source: again } = await started({ every: "15m", missed }, host);
    await host.clock.advance(1_000);
    const soon = texts(host).slice(1);
    await host.clock.advance(15 * 60_000);
    await again.stop();
    return { soon, all: texts(host).map((text) => JSON.parse(text)), problems: host.problems };
  };

  test("skip: the next one comes at its time", async () => {
    const { soon, all } = await outage("skip");
    expect(soon).toEqual([]);
    expect(all.at(-1)).toEqual({ at: "2023-11-15T02:30:00.000Z", sequence: 2 });
  });

  test("once: one for all of them, then the next", async () => {
    const { soon, all, problems } = await outage("once");
    expect(soon.map((text) => JSON.parse(text))).toEqual([{ at: "2023-11-15T02:15:00.000Z", sequence: 2 }]);
    expect(all.at(-1)).toEqual({ at: "2023-11-15T02:30:00.000Z", sequence: 3 });
    expect(problems).toContainEqual({ code: "TIM-102", counts: { passed: 15 } });
  });
});

describe("a clock that was wrong", () => {
  const year = 365 * 86_400_000;
  const due = (time: string, sequence: number) => `${Date.parse(time)} ${sequence}`;

  test("a year ahead: the timer comes back with it, in the record as well", async () => {
    const host = new SourceHost();
    host.checkpoints.set("timer", `${host.clock.now() + year} 7`);
    const { source } = await started({ every: "15m" }, host);
    await host.clock.advance(0);
    expect(host.problems).toEqual([{ code: "TIM-103", counts: { seconds: year / 1000 } }]);
    expect(host.checkpoints.get("timer")).toBe(due("2023-11-14T22:13:20Z", 7));
    await host.clock.advance(15 * 60_000);
    expect(texts(host).map((text) => JSON.parse(text))).toEqual([{ at: "2023-11-14T22:15:00.000Z", sequence: 8 }]);
    await source.stop();
  });

  test("set right while the engine runs: within the minute", async () => {
    const { host, source } = await started({ every: "15m" });
    let ahead = year;
    const { clock } = host.context;
    const now = clock.now.bind(clock);
    Object.assign(clock, { now: () => now() + ahead });
    await host.clock.advance(16 * 60_000);
    const made = texts(host).length;
    expect(made).toBeGreaterThan(0);
    ahead = 0;
    await host.clock.advance(31 * 60_000);
    expect(texts(host).length).toBe(made + 2);
    await source.stop();
  });

  test("set back by minutes: no moment comes twice", async () => {
    const host = new SourceHost();
    host.checkpoints.set("timer", due("2023-11-14T22:20:00Z", 3));
    const { source } = await started({ every: "1m" }, host);
    await host.clock.advance(8 * 60_000);
    expect(texts(host).map((text) => JSON.parse(text))).toEqual([{ at: "2023-11-14T22:21:00.000Z", sequence: 4 }]);
    expect(host.problems).toEqual([]);
    await source.stop();
  });
});

test("a refused moment is told and not tried again", async () => {
  const { host, source } = await started({ every: "1m" });
  host.verdict = async () => ({ kind: "refused", code: "FLW-101" });
  await host.clock.advance(2 * 60_000);
  expect(host.received).toHaveLength(2);
  expect(host.problems.map(({ code }) => code)).toEqual(["FLW-101", "TIM-101", "FLW-101", "TIM-101"]);
  await source.stop();
});

test.each([
  [{}, []],
  [{ cron: "1 1 1 1 1", every: "5m" }, []],
  [{ cron: "99 * * * *" }, ["cron"]],
  [{ every: "5m", timezone: "Nowhere" }, ["timezone"]],
  [{ cron: "0 0 30 2 *" }, []],
  [{ cron: "0 3 * * *", window: { days: ["mon"], from: "09:00", to: "17:00" } }, []],
])("lint has something to say about %j", (given, path) => {
  expect(verifySource(options(given), { schedule: scheduleOf })).toMatchObject([{ path }]);
});

test("lint has nothing to say about a schedule that can be", () => {
  expect(verifySource(options({ cron: "0 3 * * *" }), { schedule: scheduleOf })).toEqual([]);
});
