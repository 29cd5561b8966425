import { afterEach, beforeEach, expect, test } from "vitest";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, Store } from "../store/store.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { Lane, type LaneOptions } from "./lane.ts";
import type { Attempted } from "./work.ts";

const name = "lab/ehr";
const policy: RetryPolicy = { attempts: 0, initialMs: 1000, maxMs: 1000, maxAgeMs: 0 };

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

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !condition() && performance.now() < end; ) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

async function accept(count: number, orderKey?: string): Promise<void> {
  for (let i = 0; i < count; i++) {
    await store.accept({
      channel: "lab", revision: "r1", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from("m") }, lanes: [name], ...(orderKey === undefined ? {} : { orderKey }),
    });
  }
}

/** A lane that has eight messages at most go as one. */
function start(answer: (ids: readonly number[]) => Attempted, options: Partial<LaneOptions> = {}) {
  const sent: (readonly number[])[] = [];
  const lane = new Lane({
    name, store, policy, clock, random: seededRandom(7),
    window: { entries: 16, bytes: 1_000_000 },
    batch: { max: 8, maxBytes: 1_000_000, withinMs: 0 },
    work: {
      prepare: async () => ({ kind: "ready" }),
      attempt: async () => expect.fail("alone"),
      attemptBatch: async (entries: readonly Claimed[]) => {
        const ids = entries.map(({ id }) => id);
        sent.push(ids);
        return answer(ids);
      },
      forget: () => {},
    },
    onSettled: () => {},
    ...options,
  });
  lanes.push(lane);
  lane.start();
  return { lane, sent };
}

const states = () => store.list({ limit: 99 }).flatMap(({ entries }) => entries.map(({ state }) => state)).reverse();
const cancel = (lane: Lane, id: number) => lane.withdraw(id, () => store.cancel(name, id, clock.now(), "wrong"));
const isDone = () => states().every((state) => state !== "waiting");
const isDoneInTime = () => {
  clock.toNextTimer();
  return isDone();
};

test("the one that is refused is settled alone, and those that were to go with it go on, in order", async () => {
  await accept(8);
  const took: number[] = [];
  const { sent } = start((ids) => {
    if (ids.includes(3)) return { kind: "refused", code: "PHI-201" };
    took.push(...ids);
    return { kind: "delivered" };
  });
  await until(isDone);
  expect(took).toEqual([1, 2, 4, 5, 6, 7, 8]);
  expect(states()).toEqual(took.reduce((all, id) => all.with(id - 1, "delivered"), Array<string>(8).fill("refused")));
  expect(sent).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4], [1, 2], [3, 4], [3], [4], [5, 6, 7, 8]]);
});

test("what is refused after it may have arrived goes in no other batch", async () => {
  await accept(3);
  const { sent } = start(() => (sent.length === 1 ? { kind: "unknown", code: "MLLP-1" } : { kind: "refused", code: "PHI-201" }));
  await until(() => sent.length === 1 && states().every((state) => state === "waiting"));
  await until(isDoneInTime);
  expect(sent).toEqual([[1, 2, 3], [1, 2, 3]]);
  expect(states()).toEqual(["refused", "refused", "refused"]);
});

const waits = (sent: readonly unknown[]) => () => sent.length === 1 && store.list({ limit: 9 }).every(({ entries }) => (entries[0]?.attempts ?? 0) === 1);

test.each([
  ["in one order", undefined, {}],
  ["by key", "A", { order: { parallel: 2 } }],
])("%s, no member of a batch that may have arrived is taken out of it, by another lane of it after a crash neither", async (_, key, options) => {
  await accept(3, key);
  const { lane, sent } = start(() => ({ kind: "unknown", code: "MLLP-1" }), options);
  await until(waits(sent));
  for (const id of [1, 2, 3]) expect(await cancel(lane, id)).toBe("sending");
  await lane.stop();
  await accept(1, key);
  const next = start(() => ({ kind: "delivered" }), options);
  for (const id of [1, 2, 3]) expect(await cancel(next.lane, id)).toBe("sending");
  await until(isDoneInTime);
  expect(next.sent).toEqual([[1, 2, 3], [4]]);
});

test.each([
  ["in one order", undefined, {}],
  ["by key", "A", { order: { parallel: 2 } }],
])("%s, a member of a batch that has not left may be taken out", async (_, key, options) => {
  await accept(3, key);
  const { lane, sent } = start(() => (sent.length === 1 ? { kind: "retry", code: "MLLP-1" } : { kind: "delivered" }), options);
  await until(waits(sent));
  let how = "";
  for (let i = 0; i < 100 && how !== "withdrawn"; i++) how = await cancel(lane, 2);
  await until(isDoneInTime);
  expect(sent).toEqual([[1, 2, 3], [1, 3]]);
});

test("one that goes alone may be taken out although it may have arrived", async () => {
  await accept(1);
  const { lane, sent } = start(() => ({ kind: "unknown", code: "MLLP-1" }));
  await until(waits(sent));
  let how = "";
  for (let i = 0; i < 100 && how !== "withdrawn"; i++) how = await cancel(lane, 1);
  expect(states()).toEqual(["cancelled"]);
});

test("a batch that was formed before a crash stays as it was, though its first cannot be prepared at once", async () => {
  await accept(3);
  await store.settleAll(([[1, "LAN-110"], [2, "LAN-111"], [3, "LAN-111"]] as const).map(([id, code]) => ({ lane: name, id, code, state: "waiting", at: clock.now(), attempts: 0 })));
  await accept(1);
  let failures = 3;
  const work = {
    prepare: async ({ id }: Claimed) => (id === 1 && failures-- > 0 ? ({ kind: "retry", code: "LAN-103" } as const) : ({ kind: "ready" } as const)),
    attempt: async () => expect.fail("alone"),
    attemptBatch: async (entries: readonly Claimed[]): Promise<Attempted> => {
      went.push(entries.map(({ id }) => id));
      return { kind: "delivered" };
    },
    forget: () => {},
  };
  const went: (readonly number[])[] = [];
  start(() => ({ kind: "delivered" }), { work });
  await until(isDoneInTime);
  expect(went).toEqual([[1, 2, 3], [4]]);
});
