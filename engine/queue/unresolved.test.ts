import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Claimed, Store } from "../store/store.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { type Attempted, type Inquired, Lane, type LaneOptions } from "./lane.ts";
import { againCode, arrivedCode, type UnknownRule } from "./unknown.ts";

const name = "rx/network";
const rule: UnknownRule = { do: "inquire", attempts: 2, initialMs: 1000, maxMs: 1500 };
const lost: Attempted = { kind: "unknown", code: "HTP-206" };
const silent: Inquired = { kind: "silent", code: "HTP-206" };

let clock: FakeClock;
let store: Store;
let remove: () => Promise<void>;
let lanes: Lane[] = [];
beforeEach(async () => {
  clock = fakeClock();
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

async function accept(text: string, orderKey?: string): Promise<Claimed> {
  const accepted = await store.accept({ channel: "rx", revision: "r1", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [name], ...(orderKey && { orderKey }) });
  if (accepted.kind !== "accepted" || !accepted.entries?.[0]) throw new Error("not accepted");
  return accepted.entries[0];
}

/** What is done with each: `>a` sent, `?a` asked, `!a` given to a person. */
function start(attempts: readonly Attempted[], found: readonly Inquired[], more: Partial<LaneOptions> = {}) {
  const done: string[] = [];
  const [outcomes, answers] = [[...attempts], [...found]];
  const text = (entry: Claimed) => Buffer.from(entry.raw.bytes).toString();
  const lane = new Lane({
    name, store, policy: { attempts: 0, initialMs: 10, maxMs: 10, maxAgeMs: 0 }, clock, random: seededRandom(7), unknown: rule, idempotent: true,
    window: { entries: 8, bytes: 1_000_000 }, onSettled: () => {},
    work: {
      prepare: async () => ({ kind: "ready" }),
      attempt: async (entry) => {
        done.push(`>${text(entry)}`);
        return outcomes.shift() ?? { kind: "delivered" };
      },
      inquire: async (entry) => {
        done.push(`?${text(entry)}`);
        return answers.shift() ?? silent;
      },
      undecided: async (entry) => void done.push(`!${text(entry)}`),
      forget: () => {},
    },
    ...more,
  });
  lanes.push(lane);
  lane.start();
  return { lane, done };
}

const entryOf = (id: number) => store.list({ before: id + 1, limit: 1 })[0]?.entries[0];
const wait = async (done: readonly string[], count: number, ms: number) => {
  clock.advance(ms);
  await until(() => done.length >= count);
};

describe("what may have arrived", () => {
  test("is in the record as such before its first byte leaves", async () => {
    let seen: string | undefined;
    const { lane } = start([], [], { work: { prepare: async () => ({ kind: "ready" }), attempt: async ({ id }) => {
      seen = entryOf(id)?.code;
      return { kind: "delivered" };
    }, forget: () => {} } });
    const entry = await accept("a");
    lane.push(entry);
    await until(() => entryOf(entry.id)?.state === "delivered");
    expect(seen).toBe("LAN-120");
  });

  test.each<[string, Inquired, object]>([
    ["taken is delivered, with that answer", { kind: "delivered", response: { format: "text", bytes: Buffer.from("V") } }, { state: "delivered", attempts: 1 }],
    ["refused is rejected", { kind: "rejected", code: "FLW-312" }, { state: "rejected", attempts: 1, code: "FLW-312" }],
  ])("%s, without being sent again", async (_, found, end) => {
    const { lane, done } = start([lost], [found]);
    const [a, b] = [await accept("a"), await accept("b")];
    lane.push(a);
    lane.push(b);
    await until(() => entryOf(a.id)?.attempts === 1);
    expect(done).toEqual([">a"]);
    await wait(done, 3, 1000);
    expect(done).toEqual([">a", "?a", ">b"]);
    expect(entryOf(a.id)).toMatchObject(end);
  });

  test("that is absent is sent again at once, in its place", async () => {
    const { lane, done } = start([lost], [{ kind: "absent", code: "LAN-125" }]);
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => done.length === 1);
    await wait(done, 4, 1000);
    expect(done).toEqual([">a", "?a", ">a", ">b"]);
  });

  test("and is absent when its age is over, is dead and not sent", async () => {
    const { lane, done } = start([lost], [{ kind: "absent", code: "LAN-125" }], { policy: { attempts: 0, initialMs: 10, maxMs: 10, maxAgeMs: 500 } });
    const a = await accept("a");
    lane.push(a);
    await until(() => entryOf(a.id)?.attempts === 1);
    await wait(done, 2, 1000);
    await until(() => entryOf(a.id)?.state === "dead");
    expect([done, entryOf(a.id)?.code]).toEqual([[">a", "?a"], "LAN-102"]);
  });

  test("and cannot be settled waits for a person; nothing of its order goes on, other keys do", async () => {
    const { lane, done } = start([lost], [silent, silent], { order: { parallel: 2 } });
    const a = await accept("a", "k");
    for (const each of [a, await accept("a2", "k"), await accept("c", "other")]) lane.push(each);
    await until(() => done.length === 2);
    await wait(done, 3, 1000);
    await wait(done, 5, 1500);
    expect(done.toSorted()).toEqual(["!a", ">a", ">c", "?a", "?a"]);
    await until(() => entryOf(a.id)?.code === "LAN-121");
    expect(lane.status).toMatchObject({ kind: "retrying", code: "LAN-121" });
    // To hurry it asks; it never sends.
    lane.retryNow();
    await until(() => done.length === 6);
    expect(done.at(-1)).toBe("?a");
  });

  test.each([
    ["arrived", {}, ["!a", ">a", ">b"]], ["resend", {}, ["!a", ">a", ">a", ">b"]], ["arrived", { order: { parallel: 2 } }, ["!a", ">a", ">b"]], ["resend", { order: { parallel: 2 } }, ["!a", ">a", ">a", ">b"]],
  ] as const)("a person says %s (%o), and the lane goes on in order", async (what, order, expected) => {
    const { lane, done } = start([lost], [], { unknown: { ...rule, do: "hold" }, ...order });
    const a = await accept("a");
    for (const each of [a, await accept("b")]) lane.push(each);
    await until(() => entryOf(a.id)?.code === "LAN-121");
    const change = what === "arrived" ? { state: "delivered", code: arrivedCode } as const : { state: "waiting", nextAt: 0, code: againCode } as const;
    expect(await lane.resolve(a.id, () => store.settle({ lane: name, id: a.id, at: clock.now(), attempts: 1, ...change }))).toBe("withdrawn");
    await until(() => done.length === expected.length);
    expect(done.toSorted()).toEqual([...expected]);
    expect(done.at(-1)).toBe(">b");
  });

  test("found open after a crash is asked about, and not sent", async () => {
    const never = new Promise<never>(() => {});
    const crashed = start([], [], { work: { prepare: async () => ({ kind: "ready" }), attempt: () => never, forget: () => {} } });
    const a = await accept("a");
    crashed.lane.push(a);
    await until(() => entryOf(a.id)?.code === "LAN-120");
    lanes = [];
    const { done } = start([], [{ kind: "delivered" }]);
    await until(() => entryOf(a.id)?.state === "delivered");
    expect(done).toEqual(["?a"]);
  });

  test("one that did not leave is tried again as ever", async () => {
    const { lane, done } = start([{ kind: "retry", code: "NET-205" }], []);
    const a = await accept("a");
    lane.push(a);
    await until(() => entryOf(a.id)?.code === "NET-205");
    await wait(done, 2, 1000);
    expect(done).toEqual([">a", ">a"]);
  });
});
