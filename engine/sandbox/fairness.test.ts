import { afterEach, beforeEach, expect, it } from "vitest";
import type { Job } from "./batch.ts";
import { FairQueue } from "./fair-queue.ts";
import { prepare } from "./prepare.ts";
import { Quarantine } from "./quarantine.ts";
import { adt, body, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

/** What one message of the bad channel takes of a worker. */
const badMs = 1500;

let sandbox: OpenedSandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
  await sandbox.load(program({ channel: "bad", transform: body("for (;;);"), limits: { timeoutMs: badMs } }));
  await sandbox.load(program({ channel: "good", transform: body("return { id: meta.id }") }));
  // With the first message the modules inside are read: that is no question of fairness.
  await sandbox.run("good", message(adt(), "first"));
});
afterEach(() => sandbox.close());

const runs = (channel: string, count: number) => Array.from({ length: count }, (_, i) => sandbox.run(channel, message(adt(), `${channel}${i}`)));
const answers = (count: number) => Array.from({ length: count }, (_, i) => ({ results: [{ kind: "output", format: "json", text: `{"id":"good${i}"}` }], log: [] }));

it("a channel that loops on every message stalls no other", async () => {
  const stalled = runs("bad", 50);
  const start = performance.now();
  expect(await Promise.all(runs("good", 50))).toEqual(answers(50));
  // One of the fifty is found out by its time; behind all of them it would be more than a minute.
  expect(performance.now() - start).toBeLessThan(10 * badMs);
  const later = performance.now();
  expect(await Promise.all(runs("good", 100))).toEqual(answers(100));
  expect(performance.now() - later).toBeLessThan(badMs);
  for (const each of stalled.slice(0, 2)) expect((await each).results).toMatchObject([{ code: "SBX-202" }]);
  await sandbox.close();
  const codes = (await Promise.all(stalled)).map(({ results }) => (results[0] as { code: string }).code);
  expect(new Set(codes)).toEqual(new Set(["SBX-202", "SBX-304"]));
});

it("nor does one that takes all memory, within its isolate or beside it", async () => {
  await sandbox.close();
  sandbox = await openSandbox({ rssLimitMb: 300 });
  await sandbox.load(program({ channel: "bad", transform: body("const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))") }));
  await sandbox.load(program({ channel: "good", transform: body("return { id: meta.id }") }));
  const stalled = runs("bad", 5);
  expect(await Promise.all(runs("good", 20))).toEqual(answers(20));
  for (const { results } of await Promise.all(stalled)) expect(results).toMatchObject([{ code: expect.stringMatching(/SBX-20[1238]/) }]);
});

it("new code of a channel is not suspect of what the old did", async () => {
  await Promise.all(runs("bad", 2));
  expect(sandbox.pids).toHaveLength(2);
  await sandbox.load(program({ channel: "bad", transform: body("return { id: meta.id.replace('bad', 'good') }") }));
  expect(await Promise.all(runs("bad", 3))).toEqual(answers(3));
});

const job = (channel: string, n: number): Job => ({ loaded: { handle: 1, prepared: prepare(program({ channel })) }, input: message("x", `${channel}${n}`), done: () => {} });
const ids = (jobs: readonly Job[]) => jobs.map(({ input }) => input.messageId);

it("channels that wait share a frame, take turns, and each keeps its order", () => {
  const queue = new FairQueue();
  for (let n = 0; n < 6; n++) queue.push(job("a", n));
  for (let n = 0; n < 2; n++) queue.push(job("b", n));
  queue.push(job("c", 0));
  expect(ids(queue.take(3))).toEqual(["a0", "b0", "c0"]);
  const taken = queue.take(1);
  expect(ids(taken)).toEqual(["a1"]);
  queue.putBack(taken);
  expect(ids(queue.take(4))).toEqual(["b1", "a1", "a2"]);
  expect(ids(queue.takeChannel("a"))).toEqual(["a3", "a4", "a5"]);
  expect(queue.size).toBe(0);
});

it("the second worker is started when it is needed, and ends when it has rested; then nobody is suspect", () => {
  let now = 0;
  const timers: (() => void)[] = [];
  const after = (_: number, run: () => void) => {
    timers.push(run);
    return { cancel: () => void timers.splice(timers.indexOf(run), 1) };
  };
  const seats: { load: number; closed: boolean }[] = [];
  const quarantine = new Quarantine({ now: () => now, monotonic: () => now, after }, () => {
    const seat = { load: 1, closed: false, pid: 1, run: () => {}, putBack: () => {}, forget: () => {}, close: () => void (seat.closed = true) };
    seats.push(seat);
    return seat;
  });
  quarantine.suspect("a");
  expect([quarantine.holds("a"), quarantine.holds("b"), seats.length]).toEqual([true, false, 0]);
  quarantine.run(job("a", 0));
  quarantine.run(job("a", 1));
  expect([seats.length, timers.length]).toEqual([1, 1]);
  now = 60_000;
  timers.shift()?.();
  expect([seats[0]?.closed, quarantine.holds("a")]).toEqual([false, false]);
  if (seats[0]) seats[0].load = 0;
  timers.shift()?.();
  expect([seats[0]?.closed, quarantine.pid]).toEqual([true, undefined]);
});
