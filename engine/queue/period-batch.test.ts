import { afterEach, beforeEach, expect, test } from "vitest";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, Store } from "../store/store.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { Lane } from "./lane.ts";
import { Periods } from "./period.ts";
import type { Attempted, Prepared } from "./work.ts";

const name = "visits/counts";
const policy: RetryPolicy = { attempts: 0, initialMs: 1000, maxMs: 1000, maxAgeMs: 0 };
const day = 86_400_000;

let clock: FakeClock;
let store: Store;
let remove: () => Promise<void>;
let lanes: Lane[] = [];

beforeEach(async () => {
  clock = fakeClock(Date.UTC(2026, 0, 5, 12));
  ({ store, remove } = await temporaryStore({ clock }));
  lanes = [];
});
afterEach(async () => {
  for (const lane of lanes) await lane.stop();
  await remove();
});

const turns = async (count = 300) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};
async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !condition() && performance.now() < end; ) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

async function accept(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await store.accept({ channel: "visits", revision: "r1", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from("m") }, lanes: [name] });
}

/** A lane of daily reports of ten messages at most. */
function start(answer: () => Attempted = () => ({ kind: "delivered" }), prepare: (entry: Claimed) => Prepared = () => ({ kind: "ready" })) {
  const sent: (readonly number[])[] = [];
  const lane = new Lane({
    name, store, policy, clock, random: seededRandom(7),
    window: { entries: 4, bytes: 1_000_000 },
    batch: { max: 10, maxBytes: 1_000_000, withinMs: 0, period: new Periods({ every: "day", timezone: "UTC" }) },
    work: {
      prepare: async (entry) => prepare(entry),
      attempt: async () => expect.fail("alone"),
      attemptBatch: async (entries: readonly Claimed[]) => {
        sent.push(entries.map(({ id }) => id));
        return answer();
      },
      forget: () => {},
    },
    onSettled: () => {},
  });
  lanes.push(lane);
  lane.start();
  return { lane, sent };
}

const states = () => store.list({ limit: 99 }).flatMap(({ entries }) => entries.map(({ state }) => state)).reverse();
const isDone = () => states().every((state) => state !== "waiting");

test("nothing goes before the period is over, however much somebody hurries, and then all of it as one", async () => {
  await accept(3);
  const { lane, sent } = start();
  await turns();
  lane.retryNow();
  clock.advance(12 * 3_600_000 - 1);
  await turns();
  expect([sent, lane.status]).toEqual([[], { kind: "gathering", until: Date.UTC(2026, 0, 6, 0, 1) }]);
  clock.advance(60_001);
  await until(isDone);
  expect(sent).toEqual([[1, 2, 3]]);
});

test("what came in the next period stays for its own report, after a restart too", async () => {
  await accept(2);
  clock.advance(day);
  await accept(3);
  const first = start();
  await until(() => first.sent.length === 1);
  await turns();
  await first.lane.stop();
  const next = start();
  await turns();
  expect([first.sent, next.sent]).toEqual([[[1, 2]], []]);
  clock.advance(day);
  await until(isDone);
  expect(next.sent).toEqual([[3, 4, 5]]);
});

test("a report that is refused is not halved: halves of it would be told apart", async () => {
  await accept(4);
  const { sent } = start(() => ({ kind: "refused", code: "PHI-201" }));
  clock.advance(day);
  await until(isDone);
  expect([sent, states()]).toEqual([[[1, 2, 3, 4]], Array(4).fill("refused")]);
});

test("one that ends by itself does not part the others", async () => {
  await accept(6);
  const { sent } = start(undefined, ({ id }) => (id === 3 || id === 1 ? { kind: "end", end: "filtered", code: "FLW-101" } : { kind: "ready" }));
  clock.advance(day);
  await until(isDone);
  expect(sent).toEqual([[2, 4, 5, 6]]);
  expect(states()).toEqual(["filtered", "delivered", "filtered", "delivered", "delivered", "delivered"]);
});

test("more than a report holds make another, and one that may have arrived goes again as it was", async () => {
  await accept(13);
  let failures = 1;
  const { sent } = start(() => (failures-- > 0 ? { kind: "unknown", code: "HTTP-1" } : { kind: "delivered" }));
  clock.advance(day);
  await until(() => sent.length === 1);
  await until(() => {
    clock.toNextTimer();
    return isDone();
  });
  const whole = Array.from({ length: 10 }, (_, i) => i + 1);
  expect(sent).toEqual([whole, whole, [11, 12, 13]]);
});
