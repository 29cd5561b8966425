import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveryWindow } from "../config/delivery-window.ts";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, Store } from "../store/store.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { Lane, type LaneOptions } from "./lane.ts";
import type { Attempted } from "./work.ts";

const name = "lab/ehr";
const policy: RetryPolicy = { attempts: 0, initialMs: 1000, maxMs: 8000, maxAgeMs: 0 };
const delivered: Attempted = { kind: "delivered" };
const failed: Attempted = { kind: "retry", code: "MLLP-1" };

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

async function turns(count = 12): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !condition() && performance.now() < end; ) await turns(1);
  expect(condition()).toBe(true);
}

/** `A1`: the first message of key A; `-1`: the first without a key. */
async function accept(text: string): Promise<Claimed> {
  const [key = "-"] = text;
  const accepted = await store.accept({
    channel: "lab", revision: "r1", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [name],
    ...(key === "-" ? {} : { orderKey: `MRN-${key}` }),
  });
  if (accepted.kind !== "accepted" || accepted.entries?.[0] === undefined) throw new Error("not accepted");
  return accepted.entries[0];
}

type Answer = (text: string) => Attempted | Promise<Attempted>;

function start(answer: Answer, options: Partial<LaneOptions> = {}) {
  const sent: string[] = [];
  const text = (entry: Claimed) => Buffer.from(entry.raw.bytes).toString();
  const lane = new Lane({
    name, store, policy, clock, random: seededRandom(7),
    window: { entries: 8, bytes: 1_000_000 },
    order: { parallel: 2 },
    work: {
      prepare: async () => ({ kind: "ready" }),
      attempt: async (entry) => {
        sent.push(text(entry));
        return answer(text(entry));
      },
      forget: () => {},
    },
    onSettled: () => {},
    ...options,
  });
  lanes.push(lane);
  lane.start();
  const push = async (...texts: string[]) => {
    for (const each of texts) lane.push(await accept(each));
  };
  const of = (key: string) => sent.filter((each) => each.startsWith(key));
  return { lane, sent, of, push };
}

/** An attempt that is answered when the test says so. */
function answers() {
  const open = new Map<string, (outcome: Attempted) => void>();
  return { open, answer: (text: string) => new Promise<Attempted>((resolve) => open.set(text, resolve)) };
}

const counts = () => store.counts()[0];
const numbered = (key: string, count: number) => Array.from({ length: count }, (_, i) => `${key}${i + 1}`);

describe("a lane ordered by key", () => {
  test("has so many keys in flight at once, and one message of each; those without a key are one more", async () => {
    const { open, answer } = answers();
    const { push, sent } = start(answer);
    await push("A1", "A2", "-1", "-2", "B1");
    await turns();
    expect(sent).toEqual(["A1", "-1"]);
    open.get("-1")?.(delivered);
    await until(() => sent.length === 3);
    expect(sent).toEqual(["A1", "-1", "-2"]);
    open.get("A1")?.(delivered);
    await until(() => sent.length === 4);
    open.get("-2")?.(delivered);
    await until(() => sent.length === 5);
    expect(sent.slice(3).sort()).toEqual(["A2", "B1"]);
    for (const text of ["A2", "B1"]) open.get(text)?.(delivered);
    await until(() => counts()?.ends.delivered === 5);
  });

  test("goes on past keys that fail, whose messages take no memory and are found again in order", async () => {
    let poison = true;
    const { lane, push, of, sent } = start((text) => (poison && "AB".includes(text.charAt(0)) ? failed : delivered));
    await push(...numbered("A", 40), ...numbered("B", 40), ...numbered("C", 20), "D1");
    await until(() => counts()?.ends.delivered === 21);
    expect(of("C")).toEqual(numbered("C", 20));
    expect(new Set([...of("A"), ...of("B")])).toEqual(new Set(["A1", "B1"]));
    await until(() => lane.status.kind === "retrying");
    expect(lane.status).toMatchObject({ code: "MLLP-1", blockedKeys: 2 });
    expect(lane.heldBytes).toBe(0);
    const waits = await accept("A9");
    expect([lane.isBlocked(waits), lane.isBlocked(await accept("E1"))]).toEqual([true, false]);
    poison = false;
    sent.length = 0;
    lane.ring();
    clock.advance(10_000);
    await until(() => counts()?.waiting === 0);
    expect(of("A")).toEqual([...numbered("A", 40), "A9"]);
    expect(of("B")).toEqual(numbered("B", 40));
  });

  test("a key that is slow leaves room for others", async () => {
    const { open, answer } = answers();
    const { push, of } = start((text) => (text.startsWith("A") ? answer(text) : delivered));
    await push(...numbered("A", 40), ...numbered("B", 40));
    await until(() => of("B").length === 40);
    expect(of("A")).toEqual(["A1"]);
    for (const text of numbered("A", 40)) {
      await until(() => open.has(text));
      open.get(text)?.(delivered);
    }
    await until(() => counts()?.ends.delivered === 80);
    expect(of("A")).toEqual(numbered("A", 40));
  });

  test("what is put back behind the entries that a slow key has in memory is found again in its place on the disk", async () => {
    const { open, answer } = answers();
    const { lane, push, of } = start(answer);
    await push(...numbered("A", 8));
    await until(() => of("A").length === 1);
    await expect(lane.withdraw(5, () => Promise.reject(new Error("disk")))).rejects.toThrow("disk");
    for (const text of numbered("A", 8)) {
      await until(() => open.has(text) || counts()?.waiting === 0);
      open.get(text)?.(delivered);
    }
    await until(() => counts()?.waiting === 0);
    expect(of("A")).toEqual(numbered("A", 8));
  });

  test("tries a partner that is down with a few keys, not with all of them", async () => {
    let down = true;
    const { lane, push, sent } = start(() => (down ? failed : delivered), { order: { parallel: 4 }, policy: { ...policy, maxMs: 60_000 } });
    const keys = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
    await push(...keys.map((key) => `${key}1`));
    for (let minutes = 0; minutes < 60; minutes++) {
      await turns(3);
      clock.advance(1000);
    }
    // Four at first; then one more after 1, 2, 4, 8, 16 and 32 seconds.
    expect(new Set(sent).size).toBeGreaterThan(4);
    expect(new Set(sent).size).toBeLessThanOrEqual(10);
    expect(lane.status.kind).toBe("retrying");
    down = false;
    clock.advance(61_000);
    await until(() => counts()?.ends.delivered === 26);
  });

  test("after a restart, so many entries of a key that fails are passed a bounded look at a time, and what is behind them goes in order", async () => {
    const many = 25_000;
    await Promise.all(Array.from({ length: many }, () => accept("A1")));
    for (const text of ["B1", "B2"]) await accept(text);
    const looks: number[] = [];
    const watched = new Proxy(store, {
      get: (target, property) => {
        const value = Reflect.get(target, property);
        if (property !== "claim") return typeof value === "function" ? value.bind(target) : value;
        return (...asked: Parameters<Store["claim"]>) => {
          const page = target.claim(...asked);
          if (page.lookedTo !== undefined) looks.push(page.lookedTo - asked[1]);
          return page;
        };
      },
    });
    const { of } = start((text) => (text.startsWith("A") ? failed : delivered), { store: watched });
    const isDone = () => {
      clock.advance(0);
      return counts()?.ends.delivered === 2;
    };
    await until(isDone);
    expect(of("B")).toEqual(["B1", "B2"]);
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...looks)).toBeLessThan(many / 2);
  });

  test("retryNow ends the waits of all keys", async () => {
    let poison = true;
    const { lane, push } = start(() => (poison ? { ...failed, afterMs: 3_600_000 } : delivered));
    await push("A1", "B1", "C1");
    await until(() => lane.status.kind === "retrying");
    poison = false;
    lane.retryNow();
    await until(() => counts()?.ends.delivered === 3);
  });

  test("begins again, after a restart, with what each key had to wait for", async () => {
    const first = start((text) => (text.startsWith("A") ? { ...failed, afterMs: 60_000 } : delivered));
    await first.push("A1", "A2", "B1");
    await until(() => first.lane.status.kind === "retrying");
    await first.lane.stop();
    const second = start(() => delivered);
    await second.push("C1");
    await until(() => counts()?.ends.delivered === 2);
    expect(second.sent).toEqual(["C1"]);
    expect(second.lane.status).toMatchObject({ kind: "retrying", attempts: 1 });
    clock.advance(60_000);
    await until(() => counts()?.waiting === 0);
    expect(second.sent).toEqual(["C1", "A1", "A2"]);
  });
});

describe("outside its delivery window", () => {
  const hours: DeliveryWindow = { days: ["mon", "tue", "wed", "thu", "fri"], from: "13:00", to: "14:00", timezone: "UTC" };
  const opensAt = Date.UTC(2026, 0, 5, 13);

  test("a lane waits, says until when, and takes what comes", async () => {
    const { lane, push, sent } = start(() => delivered, { hours });
    await push("A1", "A2");
    await turns();
    expect(lane.status).toEqual({ kind: "outside-window", opensAt });
    lane.retryNow();
    await turns();
    expect(sent).toEqual([]);
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(60_000);
      await turns(1);
    }
    await until(() => counts()?.ends.delivered === 2);
    expect(lane.status.kind).toBe("idle");
  });

  test("an attempt in flight finishes, and no retry is spent while it is shut; the age limit runs on", async () => {
    clock.advance(3_600_000);
    const { open, answer } = answers();
    const { lane, push, sent } = start(answer, { hours, policy: { ...policy, maxAgeMs: 12 * 3_600_000 } });
    await push("A1", "B1");
    await until(() => sent.length === 2);
    clock.advance(3_600_000);
    open.get("A1")?.(failed);
    open.get("B1")?.(delivered);
    await until(() => counts()?.ends.delivered === 1);
    for (let minute = 0; minute < 23 * 60 - 1; minute++) clock.advance(60_000);
    await turns();
    expect(sent).toEqual(["A1", "B1"]);
    expect(lane.status.kind).toBe("outside-window");
    expect(store.claim(name, 0, { entries: 1, bytes: 1 })[0]?.attempts).toBe(1);
    clock.advance(60_000);
    await until(() => counts()?.ends.dead === 1);
    expect(store.message(1)?.history.at(-1)).toMatchObject({ state: "dead", code: "LAN-102", attempts: 1 });
  });
});
