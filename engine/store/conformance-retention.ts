import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreHarness, WholeStore } from "./conformance-model.ts";
import type { AcceptRequest, End, Flight, RetentionRule } from "./store.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1, 8);
const [ehr, portal] = ["lab/ehr", "lab/portal"];

/** What retention and storage modes must leave behind, and what they must not. */
export function retentionConformance(make: () => Promise<StoreHarness>): void {
  describe("retention", () => {
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
    const accept = async (days: number, more: Partial<AcceptRequest> = {}) => {
      const { id } = await store.accept({ channel: "lab", revision: "r1", receivedAt: now - days * day, raw: content("raw"), lanes: [ehr], ...more });
      return id;
    };
    const settle = (id: number, state: Flight | End, lane = ehr) => store.settle({ lane, id, state, at: now, attempts: 1, response: content("yes"), reason: "because" });
    const deliver = async (id: number, lane = ehr) => {
      await store.fill(lane, id, content("sent"), ["line"]);
      await settle(id, "delivered", lane);
    };
    const delivered = async (days: number, more: Partial<AcceptRequest> = {}) => {
      const id = await accept(days, more);
      for (const lane of more.lanes ?? [ehr]) await deliver(id, lane);
      return id;
    };
    const kept = (id: number) => {
      const message = store.message(id);
      if (message === undefined) return undefined;
      const reasons = message.history.flatMap((change) => change.reason ?? []);
      const words: string[] = [...(message.raw ? ["raw"] : []), ...Object.keys(message.sent).map(() => "sent"), ...Object.keys(message.responses).map(() => "response"), ...message.log, ...reasons];
      expect(message.unreadable).toBeUndefined();
      return words.join(" ");
    };
    const all = "raw sent response line because";
    /** Counters, rows and the sum of both, at once. */
    const exact = (received: number) => {
      let total = 0;
      for (const { received: lane, waiting, held, ends } of store.counts()) {
        expect(Object.values(ends).reduce((sum, count) => sum + count, waiting + held)).toBe(lane);
        total += lane;
      }
      let census = store.census();
      for (let looks = 0; looks < 50 && !census.whole; looks++) census = store.census();
      expect({ ...census, total }).toEqual({ expected: received, found: received, received, gap: 0, whole: true, total: received });
    };
    const rules = (contents?: number, metadata?: number, channel = "lab"): RetentionRule[] => [
      { channel, ...(contents !== undefined && { contentsMs: contents * day }), ...(metadata !== undefined && { metadataMs: metadata * day }) },
    ];

    test("contents and metadata have clocks of their own; nothing is deleted without a rule", async () => {
      for (const days of [40, 10, 2]) await delivered(days);
      expect(await store.prune([], now, false)).toEqual({ contents: 0, messages: 0, bytes: 0, keptBack: 0 });
      expect(await store.prune(rules(5, 30), now, false)).toMatchObject({ contents: 2, messages: 1, keptBack: 0 });
      await reopen();
      expect([kept(1), kept(2), kept(3)]).toEqual([undefined, "", all]);
      expect(store.message(2)).toMatchObject({ entries: [{ lane: ehr, state: "delivered" }], history: [{ state: "delivered" }] });
      expect(store.list({ limit: 9 }).map((message) => message.id)).toEqual([3, 2]);
      expect(store.search({ states: ["delivered"], limit: 9 }).map((message) => message.id)).toEqual([3, 2]);
      exact(2);
      expect(await store.prune(rules(5, 30), now, false)).toEqual({ contents: 0, messages: 0, bytes: 0, keptBack: 0 });
      expect(await store.prune(rules(5, 30), now + 100 * day, false)).toMatchObject({ contents: 1, messages: 2 });
      exact(0);
    });

    test("metadata alone takes the contents along", async () => {
      await delivered(40);
      expect(await store.prune(rules(undefined, 30), now, false)).toMatchObject({ contents: 0, messages: 1 });
      expect(kept(1)).toBeUndefined();
      exact(0);
    });

    test("what is in flight or waits for a person stays whole, and goes once that is over", async () => {
      const states = ["waiting", "held", "dead", "rejected", "refused"] as const;
      for (const state of states) {
        const id = await accept(40, { lanes: [ehr, portal] });
        await deliver(id, portal);
        await store.fill(ehr, id, content("sent"), []);
        if (state !== "waiting") await settle(id, state);
      }
      for (let round = 0; round < 2; round++) {
        expect(await store.prune(rules(5, 30), now, false)).toEqual({ contents: 0, messages: 0, bytes: 0, keptBack: 5 });
        for (let id = 1; id <= 5; id++) expect(kept(id)).toContain("raw sent sent");
        await reopen();
      }
      await settle(1, "delivered");
      await store.cancel(ehr, 2, now, "r");
      await store.requeue(ehr, 3, now);
      await settle(3, "delivered");
      expect(await store.prune(rules(5), now, false)).toMatchObject({ contents: 3, keptBack: 2 });
      expect([kept(1), kept(2), kept(3)]).toEqual(["", "", ""]);
      exact(10);
      expect(await store.prune(rules(5, 30), now, false)).toMatchObject({ contents: 0, messages: 3, keptBack: 2 });
      await store.cancel(ehr, 4, now, "r");
      await store.cancel(ehr, 5, now, "r");
      expect(await store.prune(rules(5, 30), now, false)).toMatchObject({ messages: 2, keptBack: 0 });
      exact(0);
    });

    test("a preview counts what the next call does, and changes nothing", async () => {
      for (let n = 0; n < 30; n++) {
        const id = await accept(60 - n * 2, { channel: n % 3 === 0 ? "rad" : "lab", lanes: n % 4 === 0 ? [ehr, portal] : [ehr] });
        if (n % 5 !== 0) await deliver(id);
        if (n % 4 === 0) await deliver(id, portal);
      }
      const both = [...rules(20, 40), ...rules(5, undefined, "rad")];
      await store.prune(rules(50), now, false);
      const before = store.list({ limit: 100 }).map(({ id }) => kept(id));
      const preview = await store.prune(both, now, true);
      expect(await store.prune(both, now, true)).toEqual(preview);
      expect(store.list({ limit: 100 }).map(({ id }) => kept(id))).toEqual(before);
      expect(preview.contents * preview.messages * preview.bytes * preview.keptBack).toBeGreaterThan(0);
      const pruned = await store.prune(both, now, false);
      // A message that goes whole on the second clock had its contents counted on the first in both.
      expect(pruned).toEqual(preview);
    });

    test("each channel goes by its own rule, and a new rule looks at everything again", async () => {
      for (let n = 0; n < 12; n++) await delivered(40 - n, { channel: ["lab", "rad", "own"][n % 3] ?? "" });
      const ids = (channel: number, words: string | undefined) => Array.from({ length: 4 }, (_, n) => 1 + n * 3 + channel).filter((id) => kept(id) === words);
      await store.prune([...rules(35), ...rules(30, undefined, "rad")], now, false);
      expect([ids(0, ""), ids(1, ""), ids(2, "")]).toEqual([[1, 4], [2, 5, 8, 11].slice(0, 3), []]);
      await store.prune([...rules(1), ...rules(1, undefined, "own")], now, false);
      expect([ids(0, "").length, ids(1, "").length, ids(2, "").length]).toEqual([4, 3, 4]);
      exact(12);
    });

    test("a repeat of what was pruned is new, and no number is given twice", async () => {
      for (let n = 0; n < 3; n++) await delivered(40, { lanes: n === 2 ? [] : [ehr], identity: { key: `${n}` } });
      await delivered(1, { identity: { key: "young" } });
      await store.prune(rules(undefined, 30), now, false);
      expect(await store.accept({ channel: "lab", revision: "r", receivedAt: now, raw: content("raw"), lanes: [], identity: { key: "young" } })).toEqual({ kind: "duplicate", id: 4 });
      expect(await accept(40, { identity: { key: "1" }, lanes: [] })).toBe(5);
      await store.prune(rules(undefined, 0), now + 1, false);
      expect(store.list({ limit: 9 })).toEqual([]);
      await reopen();
      expect(await accept(0)).toBe(6);
      exact(1);
    });

    test("replays and put-back entries go with their message; what is pruned cannot be replayed", async () => {
      const id = await delivered(40);
      await store.replay(id, [ehr, portal], now, "r");
      await settle(id, "dead");
      await store.requeue(ehr, id, now);
      await settle(id, "delivered");
      await settle(id, "delivered", portal);
      exact(3);
      await delivered(40, { lanes: [portal] });
      await store.prune(rules(5), now, false);
      await expect(store.replay(id, [ehr], now, "r")).rejects.toMatchObject({ code: "STO-305" });
      exact(4);
      await store.prune(rules(5, 30), now, false);
      exact(0);
      expect(store.counts().map(({ received }) => received)).toEqual([0, 0]);
    });

    test("intake goes on between the steps, and two calls at once do not count twice", async () => {
      await Promise.all(Array.from({ length: 350 }, () => accept(40)));
      await Promise.all(Array.from({ length: 350 }, (_, n) => settle(n + 1, "delivered")));
      let over = false;
      const pruned = Promise.all([store.prune(rules(5, 30), now, false), store.prune(rules(5, 30), now, false)]).then((reports) => {
        over = true;
        return reports;
      });
      const order: boolean[] = [];
      for (let n = 0; n < 3; n++) {
        await accept(0);
        order.push(over);
      }
      expect(order[0]).toBe(false);
      const [first, second] = await pruned;
      expect([first.contents, first.messages, second.contents, second.messages]).toEqual([350, 350, 0, 0]);
      exact(3);
    });

    test("ended between two steps, it says what it did, and the next call does the rest", async () => {
      await Promise.all(Array.from({ length: 500 }, () => accept(40)));
      await Promise.all(Array.from({ length: 500 }, (_, n) => settle(n + 1, "delivered")));
      const stop = new AbortController();
      const pruned = store.prune(rules(5, 30), now, false, stop.signal);
      await accept(0);
      stop.abort();
      const first = await pruned;
      expect(first.contents).toBeLessThan(500);
      const second = await store.prune(rules(5, 30), now, false);
      expect([first.contents + second.contents, first.messages + second.messages]).toEqual([500, 500]);
      exact(1);
    });

    test("storage: what a channel does not keep is gone with the last good end, not before", async () => {
      const ids: number[] = [];
      for (const storage of ["all", "raw", "metadata"] as const) {
        const id = await accept(0, { storage, lanes: [ehr, portal] });
        await deliver(id);
        expect(kept(id)).toBe(all);
        await store.fill(portal, id, content("sent"), []);
        await settle(id, "dead", portal);
        await reopen();
        expect(kept(id)).toBe("raw sent sent response response line because because");
        await store.requeue(portal, id, now);
        expect(store.claim(portal, 0, { entries: 9, bytes: 1e6 }).map((entry) => entry.raw.bytes.length)).toEqual([3]);
        await deliver(id, portal);
        ids.push(id);
      }
      const [whole = 0, raw = 0, none = 0] = ids;
      expect([kept(whole), kept(raw), kept(none)]).toEqual(["raw sent sent response response line line because because because", "raw because because because", ""]);
      await expect(store.replay(none, [ehr], now, "r")).rejects.toMatchObject({ code: "STO-305" });
      await store.replay(raw, [ehr], now, "again");
      await deliver(raw);
      expect(kept(raw)).toContain("raw");
      expect(kept(raw)).not.toContain("sent");
      const id = await accept(0, { storage: "metadata" });
      await store.cancel(ehr, id, now, "r");
      expect([kept(id), kept(await accept(0, { storage: "metadata", lanes: [] })), kept(await accept(0, { storage: "raw", lanes: [] }))]).toEqual(["", "", "raw"]);
    });
  });
}

function content(value: string) {
  return { format: "text" as const, bytes: Buffer.from(value) };
}
