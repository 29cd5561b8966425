import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreHarness, WholeStore } from "./conformance-model.ts";
import type { AcceptRequest, End, Flight, Search } from "./store.ts";

const at = Date.UTC(2026, 0, 5, 8);
const [ehr, portal] = ["lab/ehr", "lab/portal"];

/** What a search must find, at every moment between a change and its way into an index. */
export function searchConformance(make: () => Promise<StoreHarness>): void {
  describe("search", () => {
    let harness: StoreHarness;
    let store: WholeStore;

    beforeEach(async () => {
      harness = await make();
      store = await harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.remove();
    });

    const reopen = async () => {
      await store.close();
      store = await harness.open();
    };
    const accept = (more: Partial<AcceptRequest> = {}) =>
      store.accept({ channel: "lab", revision: "r1", receivedAt: at, raw: { format: "text", bytes: Buffer.from("m") }, lanes: [ehr], ...more });
    const settle = (id: number, state: Flight | End, more: object = {}) => store.settle({ lane: ehr, id, state, at: at + 5, attempts: 1, ...more });
    const ids = (query: Omit<Search, "limit">, limit = 50) => store.search({ ...query, limit }).map((message) => message.id);
    /** The same before and after whatever is kept for searching has caught up. */
    const finds = async (expected: readonly number[], query: Omit<Search, "limit">) => {
      expect(ids(query)).toEqual(expected);
      await reopen();
      expect(ids(query)).toEqual(expected);
    };

    test("by each thing alone, newest first, also right after the change", async () => {
      await accept({ controlId: "MSG-1", type: "ADT^A01" });
      await accept({ channel: "rad", lanes: ["rad/ehr"], receivedAt: at + 1000, controlId: "MSG-2", parent: 1 });
      await accept({ lanes: [ehr, portal], receivedAt: at + 2000, type: "ORU^R01", controlId: "MSG-1" });
      await accept({ lanes: [], receivedAt: at + 3000 });
      expect(ids({ states: ["waiting"] })).toEqual([3, 2, 1]);
      await settle(1, "delivered", { at: at + 10 });
      await settle(3, "dead", { code: "LAN-101", at: at + 2500 });
      await store.settle({ lane: portal, id: 3, state: "delivered", at: at + 2600, attempts: 1 });
      for (let round = 0; round < 2; round++) {
        expect(ids({})).toEqual([4, 3, 2, 1]);
        expect(ids({ channel: "lab" })).toEqual([4, 3, 1]);
        expect(ids({ channel: "none" })).toEqual([]);
        expect(ids({ lanes: [ehr] })).toEqual([3, 1]);
        expect(ids({ lanes: [portal, "rad/ehr", "none/at-all"] })).toEqual([3, 2]);
        expect(ids({ lanes: ["none/at-all"] })).toEqual([]);
        expect(ids({ states: ["delivered"] })).toEqual([3, 1]);
        expect(ids({ states: ["dead", "waiting"] })).toEqual([3, 2]);
        expect(ids({ states: [] })).toEqual([]);
        expect(ids({ code: "LAN-101" })).toEqual([3]);
        expect(ids({ controlId: "MSG-1" })).toEqual([3, 1]);
        expect(ids({ controlId: "MSG" })).toEqual([]);
        expect(ids({ type: "ADT^A01" })).toEqual([1]);
        expect(ids({ parent: 1 })).toEqual([2]);
        expect(ids({ received: { from: at + 1000, to: at + 3000 } })).toEqual([3, 2]);
        expect(ids({ received: { from: at + 3000 } })).toEqual([4]);
        expect(ids({ settled: { from: at + 10, to: at + 11 } })).toEqual([1]);
        expect(ids({ settled: { to: at + 2600 } })).toEqual([3, 1]);
        await reopen();
      }
    });

    test("all that is asked must hold, and what is asked of an entry must hold for one entry", async () => {
      await accept({ lanes: [ehr, portal], type: "ADT^A01" });
      await settle(1, "dead", { code: "LAN-101" });
      await store.settle({ lane: portal, id: 1, state: "delivered", at: at + 20, attempts: 1 });
      expect(ids({ lanes: [portal], states: ["dead"] })).toEqual([]);
      await finds([], { states: ["delivered"], code: "LAN-101" });
      await finds([1], { lanes: [ehr], states: ["dead"], code: "LAN-101", type: "ADT^A01", channel: "lab", settled: { from: at } });
      await finds([], { lanes: [ehr], settled: { from: at + 20 } });
    });

    test("an end that a person changed is found as it is now", async () => {
      await accept();
      await accept();
      await settle(1, "dead", { code: "LAN-101" });
      await settle(2, "delivered");
      await finds([1], { states: ["dead"] });
      await store.requeue(ehr, 1, at + 10);
      await finds([], { states: ["dead"] });
      await finds([1], { states: ["waiting"] });
      await store.cancel(ehr, 1, at + 20, "r");
      expect(ids({ states: ["waiting"] })).toEqual([]);
      await finds([1], { states: ["cancelled"], settled: { from: at + 20 } });
    });

    test("what a partner received is found after a replay too, with the replay's new lane", async () => {
      await accept();
      await settle(1, "delivered", { at: at + 100 });
      await store.replay(1, [ehr, portal], at + 500, "r");
      await finds([1], { lanes: [ehr], states: ["delivered"], settled: { from: at + 100, to: at + 101 } });
      await finds([1], { lanes: [portal], states: ["waiting"] });
      await settle(1, "rejected", { at: at + 900 });
      await finds([1], { lanes: [ehr], settled: { from: at + 900 } });
      await finds([1], { states: ["delivered"] });
    });

    test("pages join without a hole or a repeat, while messages go on", async () => {
      const expected: number[] = [];
      for (let id = 1; id <= 60; id++) {
        await accept({ type: id % 2 === 0 ? "A" : "B" });
        if (id % 3 === 0) await settle(id, "dead", { code: id % 9 === 0 ? "LAN-101" : "LAN-102" });
        if (id % 6 === 0) expected.unshift(id);
      }
      for (const limit of [1, 3, 7, 100]) {
        const found: number[] = [];
        let before: number | undefined;
        do {
          const page = store.search({ type: "A", states: ["dead"], limit, ...(before !== undefined && { before }) });
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page.map((message) => message.id));
          before = page.more;
          await accept({ type: "B" });
        } while (before !== undefined);
        expect(found).toEqual(expected);
        await reopen();
      }
    });

    test("a random history gives what a look at every message gives", async () => {
      const random = seeded(7);
      const states = ["delivered", "dead", "held", "rejected", "filtered"] as const;
      for (let n = 1; n <= 120; n++) {
        const { id } = await accept({ receivedAt: at + n * 10, lanes: random(2) === 0 ? [ehr] : [ehr, portal], type: `T${random(3)}`, controlId: `C${random(20)}` });
        if (random(3) > 0) await settle(id, states[random(5)] ?? "dead", { at: at + n * 10 + random(500), code: `LAN-10${random(3)}` });
        const old = 1 + random(id);
        if (n % 7 === 0) await store.requeue(ehr, old, at + 5000 + n).catch(() => {});
        if (n % 11 === 0) await store.replay(old, [portal], at + 6000 + n, "r").catch(() => {});
        if (n % 40 === 0) await reopen();
      }
      for (let round = 0; round < 40; round++) {
        const from = at + random(1300);
        const query: Omit<Search, "limit"> = {
          ...(random(2) && { lanes: [[ehr], [portal], [ehr, portal]][random(3)] ?? [] }),
          ...(random(2) && { states: [states[random(5)] ?? "dead", "waiting"] }),
          ...(random(4) === 0 && { code: `LAN-10${random(3)}` }),
          ...(random(4) === 0 && { type: `T${random(3)}` }),
          ...(random(4) === 0 && { controlId: `C${random(20)}` }),
          ...(random(4) === 0 && { settled: { from, to: from + 400 } }),
          ...(random(4) === 0 && { received: { from, to: from + 400 } }),
        } as Omit<Search, "limit">;
        const expected = everyMessage(store).filter((id) => isFound(store, id, query));
        expect([query, ids(query, 500)]).toEqual([query, expected]);
      }
    });
  });
}

function everyMessage(store: WholeStore): number[] {
  return store.list({ limit: 1000 }).map((message) => message.id);
}

/** Without an index: control ids are known to the test by what a search for each alone gives, everything else by the message itself. */
function isFound(store: WholeStore, id: number, { lanes, states, code, type, controlId, settled, received }: Omit<Search, "limit">): boolean {
  const message = store.message(id);
  if (message === undefined) return false;
  if (type !== undefined && message.type !== type) return false;
  if (received && !(message.receivedAt >= (received.from ?? 0) && message.receivedAt < (received.to ?? 1e15))) return false;
  if (controlId !== undefined && !store.search({ controlId, limit: 500 }).some((one) => one.id === id)) return false;
  if (!lanes && !states && !code && !settled) return true;
  return message.entries.some((entry) => {
    const last = message.history.filter((change) => change.lane === entry.lane).at(-1);
    return (
      (!lanes || lanes.includes(entry.lane)) && (!states || states.includes(entry.state)) && (!code || entry.code === code) &&
      (!settled || (last !== undefined && last.at >= (settled.from ?? 0) && last.at < (settled.to ?? 1e15)))
    );
  });
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}
