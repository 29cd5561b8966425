import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RetryPolicy } from "../config/project.ts";
import type { Accepted, Claimed, Store } from "../store/store.ts";
import { type FakeClock, fakeClock, seededRandom, temporaryStore } from "../store/testing.ts";
import { type Attempted, Lane, type LaneWork, type Prepared } from "./lane.ts";

const name = "lab/ehr";
const policy: RetryPolicy = { attempts: 4, initialMs: 1000, maxMs: 8000, maxAgeMs: 0 };
const delivered: Attempted = { kind: "delivered" };

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

async function turns(count = 12): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !condition() && performance.now() < end; ) await turns(1);
  expect(condition()).toBe(true);
}

async function accept(text: string): Promise<Claimed> {
  const accepted: Accepted = await store.accept({
    channel: "lab", revision: "r1", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [name],
  });
  if (accepted.kind !== "accepted" || accepted.entries?.[0] === undefined) throw new Error("not accepted");
  return accepted.entries[0];
}

interface Script {
  readonly prepare?: (text: string) => Prepared | Promise<Prepared>;
  readonly attempt?: (text: string, attempt: number, signal: AbortSignal) => Attempted | Promise<Attempted>;
  readonly policy?: RetryPolicy;
  readonly window?: { readonly entries: number; readonly bytes: number };
  readonly over?: Store;
}

function start(script: Script = {}) {
  const sent: string[] = [];
  const changes: string[] = [];
  let prepared = 0;
  let kept = 0;
  const text = (entry: Claimed) => Buffer.from(entry.raw.bytes).toString();
  const work: LaneWork = {
    async prepare(entry) {
      prepared++;
      kept++;
      return script.prepare?.(text(entry)) ?? { kind: "ready" };
    },
    async attempt(entry, attempt, signal) {
      sent.push(text(entry));
      return script.attempt?.(text(entry), attempt, signal) ?? delivered;
    },
    forget: () => void kept--,
  };
  const lane = new Lane({
    name, store: script.over ?? store, policy: script.policy ?? policy, clock, random: seededRandom(7), work,
    window: script.window ?? { entries: 8, bytes: 1_000_000 },
    onSettled: (_lane, entry, state, code) => changes.push([text(entry), state, ...(code ? [code] : [])].join(" ")),
  });
  lanes.push(lane);
  lane.start();
  return { lane, sent, changes, prepared: () => prepared, kept: () => kept };
}

const counts = () => store.counts()[0];
const flight = () => (counts()?.waiting ?? 0) + (counts()?.held ?? 0);

describe("order", () => {
  test("entries leave in the order of acceptance, and each is recorded before the next is sent", async () => {
    let deliveredBefore = -1;
    const { lane, sent } = start({
      attempt: () => {
        expect(counts()?.ends.delivered).toBe(++deliveredBefore);
        return delivered;
      },
    });
    for (let i = 0; i < 20; i++) lane.push(await accept(`m${i}`));
    await until(() => counts()?.ends.delivered === 20);
    expect(sent).toEqual(Array.from({ length: 20 }, (_, i) => `m${i}`));
  });

  test("the head waits through retries and nothing overtakes it", async () => {
    const { lane, sent, changes } = start({ attempt: (text, attempt) => (text === "a" && attempt < 3 ? { kind: "retry", code: "MLLP-1" } : delivered) });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => changes.length === 1);
    expect(lane.status).toMatchObject({ kind: "retrying", code: "MLLP-1", attempts: 1 });
    await turns();
    expect(sent).toEqual(["a"]);
    clock.advance(10_000);
    await until(() => changes.length === 2);
    clock.advance(10_000);
    await until(() => flight() === 0);
    expect(sent).toEqual(["a", "a", "a", "b"]);
    expect(changes).toEqual(["a waiting MLLP-1", "a waiting MLLP-1", "a delivered", "b delivered"]);
  });

  test("pushes that come late, twice or never change nothing", async () => {
    const entries = [await accept("a"), await accept("b"), await accept("c"), await accept("d")];
    const { lane, sent } = start();
    for (const index of [3, 1, 1, 0]) lane.push(entries[index] as Claimed);
    await until(() => flight() === 0);
    const more = [await accept("e"), await accept("f"), await accept("g")];
    lane.push(more[2] as Claimed);
    lane.push(more[0] as Claimed);
    await until(() => flight() === 0);
    expect(sent.join("")).toBe("abcdefg");
  });

  test("an entry put back stands at the end of its lane", async () => {
    const { lane, sent } = start({ attempt: (text) => (text === "a" && sent.length === 1 ? { kind: "rejected", code: "MLLP-2" } : delivered) });
    lane.push(await accept("a"));
    await until(() => counts()?.ends.rejected === 1);
    lane.pause({ at: 7 });
    lane.push(await accept("b"));
    await store.requeue(name, 1, clock.now());
    lane.ring();
    lane.push(await accept("c"));
    lane.resume();
    await until(() => flight() === 0);
    expect(sent.join("")).toBe("abac");
  });
});

describe("window", () => {
  test("prepares ahead within its bounds and refills from the record", async () => {
    let gate: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      gate = resolve;
    });
    const { lane, sent, prepared, kept } = start({
      window: { entries: 4, bytes: 1_000_000 },
      attempt: async () => {
        await held;
        return delivered;
      },
    });
    for (let i = 0; i < 30; i++) lane.push(await accept(`m${i}`));
    await turns();
    expect(prepared()).toBeLessThanOrEqual(4);
    expect(lane.heldBytes).toBeLessThanOrEqual(4 * 3);
    gate();
    await until(() => flight() === 0);
    expect(sent).toEqual(Array.from({ length: 30 }, (_, i) => `m${i}`));
    expect(kept()).toBe(0);
    expect(lane.heldBytes).toBe(0);
  });

  test("one entry larger than the window still passes, alone", async () => {
    const { lane, sent } = start({ window: { entries: 4, bytes: 10 } });
    for (const text of ["x".repeat(50), "y".repeat(50), "z"]) lane.push(await accept(text));
    await until(() => flight() === 0);
    expect(sent.map((text) => text[0]).join("")).toBe("xyz");
  });

  test("entries accepted before the start, and never pushed, are found", async () => {
    for (let i = 0; i < 5; i++) await accept(`m${i}`);
    const { sent } = start();
    await until(() => flight() === 0);
    expect(sent).toHaveLength(5);
  });
});

describe("ends", () => {
  test("attempts used up: dead, and the next one goes on", async () => {
    const { lane, changes } = start({ attempt: (text) => (text === "poison" ? { kind: "unknown", code: "MLLP-3" } : delivered) });
    for (const text of ["poison", "b"]) lane.push(await accept(text));
    for (let i = 0; i < 4; i++) {
      await turns();
      clock.advance(10_000);
    }
    await until(() => flight() === 0);
    expect(changes.slice(-2)).toEqual(["poison dead LAN-101", "b delivered"]);
    expect(store.message(1)?.history.at(-1)).toMatchObject({ state: "dead", attempts: 4, reason: "last: MLLP-3" });
  });

  test("too old: dead at the limit, not after it", async () => {
    const { lane, changes } = start({ policy: { ...policy, attempts: 0, maxAgeMs: 5000 }, attempt: () => ({ kind: "retry", code: "MLLP-1", afterMs: 60_000 }) });
    const begin = clock.now();
    lane.push(await accept("a"));
    await until(() => changes.length === 1);
    expect(lane.status).toMatchObject({ kind: "retrying", nextAt: begin + 5000 });
    clock.advance(5000);
    await until(() => flight() === 0);
    expect(changes.at(-1)).toBe("a dead LAN-102");
  });

  test("what preparing decides is final: filtered, held, refused; a failure in the engine is tried again", async () => {
    let broken = true;
    const { lane, sent, changes } = start({
      prepare: (text) => {
        if (text === "filtered") return { kind: "end", end: "filtered", code: "FLT-1", reason: "rule 1" };
        if (text === "held") return { kind: "held", code: "BOX-1" };
        if (broken) {
          broken = false;
          throw new Error("worker gone");
        }
        return { kind: "ready" };
      },
    });
    for (const text of ["filtered", "held", "ok"]) lane.push(await accept(text));
    await until(() => changes.length === 3);
    clock.advance(10_000);
    await until(() => counts()?.ends.delivered === 1);
    expect(changes).toEqual(["filtered filtered FLT-1", "held held BOX-1", "ok delivered"]);
    expect(sent).toEqual(["ok"]);
    expect(store.message(1)?.history[0]).toMatchObject({ reason: "rule 1" });
  });

  test("held at its attempt it waits for a person, and those behind it go on", async () => {
    const { lane, changes } = start({ attempt: (text) => (text === "a" ? { kind: "held", code: "FLW-206", reason: "sends" } : delivered) });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => counts()?.ends.delivered === 1);
    expect(changes).toEqual(["a held FLW-206", "b delivered"]);
    expect(store.message(1)?.entries[0]).toMatchObject({ state: "held", attempts: 0, code: "FLW-206" });
  });

  test("refused and rejected end at once, with the response kept", async () => {
    const { lane } = start({
      attempt: (text) =>
        text === "a" ? { kind: "refused", code: "PHI-201", reason: "guard" } : { kind: "rejected", code: "MLLP-2", response: { format: "text", bytes: Buffer.from("no") } },
    });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => flight() === 0);
    expect(counts()?.ends).toMatchObject({ refused: 1, rejected: 1 });
    expect(Buffer.from(store.message(2)?.responses[name]?.bytes ?? []).toString()).toBe("no");
  });
});

describe("standing still", () => {
  test("suspended: asked again every second without spending attempts", async () => {
    let suspended = true;
    const asked: number[] = [];
    const { lane, changes } = start({
      attempt: (_text, attempt) => {
        asked.push(attempt);
        return suspended ? { kind: "suspended", code: "PHI-210" } : delivered;
      },
    });
    lane.push(await accept("a"));
    for (let i = 0; i < 6; i++) {
      await turns();
      expect(lane.status).toEqual({ kind: "suspended", code: "PHI-210" });
      clock.advance(1000);
    }
    await turns();
    suspended = false;
    clock.advance(1000);
    await until(() => flight() === 0);
    expect(asked.length).toBe(8);
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(changes).toEqual(["a waiting PHI-210", "a delivered"]);
  });

  test("pause lets the attempt in flight finish and sends nothing more", async () => {
    let finish: (outcome: Attempted) => void = () => {};
    const { lane, sent } = start({
      attempt: (text) =>
        text === "a"
          ? new Promise((resolve) => {
              finish = resolve;
            })
          : delivered,
    });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => sent.length === 1);
    lane.pause({ at: 7 });
    finish(delivered);
    await until(() => counts()?.ends.delivered === 1);
    await turns();
    expect(lane.status).toEqual({ kind: "paused", at: 7 });
    expect(sent).toEqual(["a"]);
    lane.resume();
    await until(() => flight() === 0);
  });

  test("retryNow ends the wait of the head", async () => {
    const { lane, changes } = start({ attempt: (_text, attempt) => (attempt === 1 ? { kind: "retry", code: "MLLP-1", afterMs: 3_600_000 } : delivered) });
    lane.push(await accept("a"));
    await until(() => changes.length === 1);
    lane.retryNow();
    await until(() => flight() === 0);
  });

  test("stop waits for the attempt in flight; after the grace its signal aborts", async () => {
    let aborted = false;
    const { lane, sent } = start({
      attempt: (_text, _attempt, signal) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve({ kind: "unknown", code: "MLLP-3" });
          }),
        ),
    });
    lane.push(await accept("a"));
    lane.push(await accept("b"));
    await until(() => sent.length === 1);
    let stopped = false;
    const stopping = lane.stop(2000).then(() => {
      stopped = true;
    });
    await turns();
    expect(stopped).toBe(false);
    clock.advance(2000);
    await stopping;
    expect(aborted).toBe(true);
    expect(sent).toEqual(["a"]);
    expect(counts()?.waiting).toBe(2);
    expect(store.claim(name, 0, { entries: 1, bytes: 1000 })[0]).toMatchObject({ attempts: 1, code: "MLLP-3" });
  });

  test("an outcome that does not reach the record stops the lane; nothing is sent meanwhile, and nothing twice", async () => {
    let broken = true;
    const real = store;
    const over = new Proxy(store, {
      get: (_target, key) => {
        if (key === "settle" && broken) return () => Promise.reject(new Error("disk"));
        const value = Reflect.get(real, key, real) as unknown;
        return typeof value === "function" ? value.bind(real) : value;
      },
    });
    const { lane, sent } = start({ over });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    await until(() => lane.status.kind === "stopped");
    expect(lane.status).toEqual({ kind: "stopped", code: "LAN-105" });
    clock.advance(1000);
    await turns();
    expect(sent).toEqual(["a"]);
    broken = false;
    clock.advance(1000);
    await until(() => flight() === 0);
    expect(sent).toEqual(["a", "b"]);
  });
});

describe("an entry withdrawn", () => {
  const settle = (id: number, state: "cancelled" | "held") => () => store.settle({ lane: name, id, state, at: clock.now(), attempts: 0, code: "OPS-1" });
  const failing = () => Promise.reject(new Error("disk"));
  /** The partner answers the first attempt when asked to. */
  function slow() {
    let answer = () => {};
    const started = start({ attempt: (_text, _attempt) => new Promise((resolve) => (answer = () => resolve(delivered))) });
    return { ...started, answer: () => answer() };
  }

  test("is passed over, whether it stood behind the head, was the head or waits on the disk alone", async () => {
    const { lane, sent, changes, kept } = start({ window: { entries: 2, bytes: 1_000_000 }, attempt: (text) => (text === "a" ? { kind: "retry", code: "MLLP-1", afterMs: 60_000 } : delivered) });
    for (const text of ["a", "b", "c", "d", "e"]) lane.push(await accept(text));
    await until(() => changes.length === 1);
    expect(await lane.withdraw(2, settle(2, "held"))).toBe("withdrawn");
    expect(await lane.withdraw(4, settle(4, "cancelled"))).toBe("withdrawn");
    expect(await lane.withdraw(1, settle(1, "cancelled"))).toBe("withdrawn");
    await until(() => counts()?.ends.delivered === 2);
    expect(sent).toEqual(["a", "c", "e"]);
    expect(changes).toEqual(["a waiting MLLP-1", "b held OPS-1", "d cancelled OPS-1", "a cancelled OPS-1", "c delivered", "e delivered"]);
    await turns();
    expect(kept()).toBe(0);
    expect(lane.heldBytes).toBe(0);
  });

  test("is not sent while the record is being changed, and those behind it go on", async () => {
    const { lane, sent } = start();
    lane.pause({ at: 7 });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    let change = () => {};
    const withdrawn = lane.withdraw(1, () => new Promise<void>((resolve) => (change = resolve)).then(settle(1, "cancelled")));
    expect(await lane.withdraw(1, failing)).toBe("gone");
    lane.resume();
    lane.ring();
    await until(() => counts()?.ends.delivered === 1);
    expect(sent).toEqual(["b"]);
    change();
    expect(await withdrawn).toBe("withdrawn");
    await turns();
    expect(sent).toEqual(["b"]);
  });

  test("is back in its place when the record did not change, kept in memory or on the disk", async () => {
    const { lane, sent } = start({ window: { entries: 2, bytes: 1_000_000 } });
    lane.pause({ at: 7 });
    for (const text of ["a", "b", "c", "d"]) lane.push(await accept(text));
    await expect(lane.withdraw(1, failing)).rejects.toThrow("disk");
    await expect(lane.withdraw(3, failing)).rejects.toThrow("disk");
    lane.resume();
    await until(() => flight() === 0);
    expect(sent).toEqual(["a", "b", "c", "d"]);
  });

  test("and put back after the lane has passed its place goes next", async () => {
    const { lane, sent } = start();
    lane.pause({ at: 7 });
    for (const text of ["a", "b"]) lane.push(await accept(text));
    let fail = () => {};
    const withdrawn = lane.withdraw(1, () => new Promise((_, reject) => (fail = () => reject(new Error("disk")))));
    lane.resume();
    await until(() => counts()?.ends.delivered === 1);
    fail();
    await expect(withdrawn).rejects.toThrow("disk");
    await until(() => flight() === 0);
    expect(sent).toEqual(["b", "a"]);
  });

  test("is not the one being sent, nor one whose outcome is on its way to the disk", async () => {
    const { lane, sent, answer } = slow();
    lane.push(await accept("a"));
    await until(() => sent.length === 1);
    expect(await lane.withdraw(1, failing)).toBe("sending");
    answer();
    let how: string | undefined;
    for (; (how = await lane.withdraw(1, failing)) === "sending"; ) await turns(1);
    expect(how).toBe("gone");
    expect(counts()?.ends.delivered).toBe(1);
    expect(await lane.withdraw(7, failing)).toBe("gone");
  });
});

test("whatever the outcomes, the order of deliveries is the order of acceptance and every entry has one end", { timeout: 240_000 }, async () => {
  const outcome = fc.constantFrom<Attempted["kind"]>("delivered", "delivered", "retry", "unknown", "rejected", "refused", "suspended");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(outcome, { maxLength: 6 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), fc.boolean(), async (plan, entries, late) => {
      await remove();
      clock = fakeClock();
      ({ store, remove } = await temporaryStore({ clock }));
      const arrived: number[] = [];
      const { lane, kept } = start({
        window: { entries, bytes: 1_000_000 },
        attempt: (text) => {
          const kind = plan[Number(text)]?.shift() ?? "delivered";
          if (kind === "delivered") arrived.push(Number(text));
          return kind === "delivered" || kind === "retry" || kind === "unknown" || kind === "rejected" || kind === "refused" || kind === "suspended"
            ? ({ kind, code: "MLLP-9" } as Attempted)
            : delivered;
        },
      });
      const total = plan.length;
      for (let i = 0; i < total; i++) {
        const entry = await accept(String(i));
        if (!late || i % 3 !== 1) lane.push(entry);
      }
      lane.ring();
      for (let i = 0; i < 2000 && flight() > 0; i++) {
        await turns(3);
        clock.toNextTimer();
      }
      await lane.stop();
      expect(flight()).toBe(0);
      expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
      expect(new Set(arrived).size).toBe(arrived.length);
      const { ends, received } = counts() ?? { ends: {}, received: -1 };
      expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(received);
      expect(received).toBe(total);
      expect(kept()).toBe(0);
    }),
    { numRuns: 25 },
  );
});
