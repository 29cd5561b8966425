import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Content } from "../sdk/index.ts";
import { careConformance } from "./conformance-care.ts";
import { retentionConformance } from "./conformance-retention.ts";
import { searchConformance } from "./conformance-search.ts";
import { type StoreHarness, storeModel, type WholeStore } from "./conformance-model.ts";
import type { Accepted, End, Flight } from "./store.ts";

export type { StoreHarness } from "./conformance-model.ts";

const lane = "lab/ehr";
const other = "lab/portal";
const at = Date.UTC(2026, 0, 5, 8);
const limit = { entries: 100, bytes: 1_000_000 };

/** What every store must do, whatever keeps the record. Called inside a vitest file, once per implementation; `runs`: random histories tried. */
export function storeConformance(name: string, make: () => Promise<StoreHarness>, options: { readonly runs?: number } = {}): void {
  describe(`store: ${name}`, () => {
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
    const accept = async (text: string, options: { identity?: string; lanes?: readonly string[]; at?: number } = {}): Promise<Accepted> =>
      store.accept({
        channel: "lab", revision: "r1", receivedAt: options.at ?? at, raw: content(text), lanes: options.lanes ?? [lane],
        ...(options.identity !== undefined && { identity: { key: options.identity } }),
      });
    const settle = (id: number, state: Flight | End, more: object = {}) => store.settle({ lane, id, state, at: at + 5, attempts: 1, ...more });
    const claimed = (after = 0, bound = limit) => store.claim(lane, after, bound).map((entry) => text(entry.raw));

    test("an accepted message has one entry per lane, ready to push, and is there after a restart", async () => {
      const accepted = await accept("m1", { lanes: [lane, other] });
      expect(accepted).toMatchObject({ kind: "accepted", sameIdOtherBytes: false });
      expect(accepted.kind === "accepted" && accepted.entries?.map((entry) => [entry.lane, entry.id, entry.previous, text(entry.raw)])).toEqual([
        [lane, accepted.id, 0, "m1"],
        [other, accepted.id, 0, "m1"],
      ]);
      await reopen();
      expect(store.claim(other, 0, limit)[0]).toMatchObject({ lane: other, id: accepted.id, channel: "lab", revision: "r1", receivedAt: at, state: "waiting", attempts: 0, filled: false });
      const second = await accept("m2", { lanes: [other] });
      expect(second.id).toBeGreaterThan(accepted.id);
      expect(second.kind === "accepted" && second.entries?.[0]?.previous).toBe(accepted.id);
    });

    test("a message for no lane is kept too", async () => {
      const { id } = await accept("m", { lanes: [] });
      expect(text(store.message(id)?.raw)).toBe("m");
      expect(store.message(id)?.entries).toEqual([]);
    });

    test("same identity and bytes: the same message again, also at once and after a restart", async () => {
      const [first, twin] = await Promise.all([accept("m", { identity: "A|1" }), accept("m", { identity: "A|1" })]);
      expect(first.kind).toBe("accepted");
      expect(twin).toEqual({ kind: "duplicate", id: first.id });
      await reopen();
      expect(await accept("m", { identity: "A|1" })).toEqual({ kind: "duplicate", id: first.id });
      expect(store.counts()[0]?.received).toBe(1);
    });

    test("same identity, other bytes: new, with a warning; no identity: never a duplicate", async () => {
      await accept("m", { identity: "A|1" });
      expect(await accept("n", { identity: "A|1" })).toMatchObject({ kind: "accepted", sameIdOtherBytes: true });
      expect(await accept("m", { identity: "B|1" })).toMatchObject({ kind: "accepted", sameIdOtherBytes: false });
      expect((await accept("m")).kind).toBe("accepted");
      expect((await accept("m")).kind).toBe("accepted");
    });

    test("claims in order, after a place, within bounds, and never nothing while something waits", async () => {
      for (const message of ["a", "bb", "ccc", "dddd"]) await accept(message);
      await accept("elsewhere", { lanes: [other] });
      const ids = store.claim(lane, 0, limit).map((entry) => entry.id);
      expect(claimed()).toEqual(["a", "bb", "ccc", "dddd"]);
      expect(claimed(ids[1])).toEqual(["ccc", "dddd"]);
      expect(claimed(0, { entries: 2, bytes: 1000 })).toEqual(["a", "bb"]);
      expect(claimed(0, { entries: 9, bytes: 3 })).toEqual(["a", "bb"]);
      expect(claimed(ids[2], { entries: 9, bytes: 1 })).toEqual(["dddd"]);
      expect(store.claim("lab/none", 0, limit)).toEqual([]);
      await settle(ids[0] ?? 0, "delivered");
      await settle(ids[1] ?? 0, "held", { code: "BOX-1" });
      expect(claimed()).toEqual(["ccc", "dddd"]);
    });

    test("filled content, log, response, reason and history come back as they were", async () => {
      const { id } = await accept("raw");
      await store.fill(lane, id, content("sent", "json"), ["one", "two"]);
      expect(store.claim(lane, 0, limit)[0]).toMatchObject({ filled: true });
      expect(text(store.claim(lane, 0, limit)[0]?.sent)).toBe("sent");
      await settle(id, "waiting", { nextAt: at + 900, code: "MLLP-1" });
      expect(store.claim(lane, 0, limit)[0]).toMatchObject({ attempts: 1, nextAt: at + 900, code: "MLLP-1" });
      await settle(id, "rejected", { attempts: 2, code: "MLLP-2", reason: "partner said no", response: content("nack") });
      await reopen();
      const message = store.message(id);
      expect([text(message?.raw), text(message?.sent[lane]), text(message?.responses[lane])]).toEqual(["raw", "sent", "nack"]);
      expect(message?.sent[lane]?.format).toBe("json");
      expect(message?.log).toEqual(["one", "two"]);
      expect(message?.history).toEqual([
        { lane, at: at + 5, state: "waiting", attempts: 1, code: "MLLP-1" },
        { lane, at: at + 5, state: "rejected", attempts: 2, code: "MLLP-2", reason: "partner said no" },
      ]);
      expect(store.message(id + 1)).toBeUndefined();
    });

    test("an end is final; what does not exist is said so", async () => {
      const { id } = await accept("m");
      await settle(id, "delivered");
      await expect(settle(id, "dead")).rejects.toMatchObject({ code: "STO-302" });
      await expect(store.fill(lane, id, content("x"), [])).rejects.toMatchObject({ code: "STO-302" });
      await expect(store.requeue(lane, id, at)).rejects.toMatchObject({ code: "STO-302" });
      await expect(store.cancel(lane, id, at, "")).rejects.toMatchObject({ code: "STO-302" });
      await expect(settle(id + 7, "delivered")).rejects.toMatchObject({ code: "STO-301" });
      await expect(store.requeue("lab/none", id, at)).rejects.toMatchObject({ code: "STO-301" });
      expect(store.counts()[0]).toMatchObject({ ends: { delivered: 1, dead: 0 }, waiting: 0 });
    });

    test("a refused change leaves its neighbours of the same commit alone", async () => {
      const { id } = await accept("m");
      const results = await Promise.allSettled([accept("n"), settle(id, "delivered"), settle(id, "dead"), accept("o")]);
      expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
      expect(claimed()).toEqual(["n", "o"]);
    });

    test("put back: at the end of the lane, to be prepared anew, with its history; and again", async () => {
      const { id } = await accept("a");
      await store.fill(lane, id, content("sent"), ["old line"]);
      await settle(id, "dead", { code: "LAN-101" });
      await accept("b");
      await store.requeue(lane, id, at + 10);
      await accept("c");
      expect(claimed()).toEqual(["b", "a", "c"]);
      const again = store.claim(lane, 0, limit)[1];
      expect(again).toMatchObject({ id, attempts: 0, filled: false, requeuedAt: at + 10 });
      expect(again?.position).toBeGreaterThan(id);
      await reopen();
      await store.fill(lane, id, content("new"), []);
      await settle(id, "rejected", { at: at + 15 });
      await store.requeue(lane, id, at + 20);
      expect(claimed()).toEqual(["b", "c", "a"]);
      await settle(id, "delivered", { at: at + 30 });
      expect(store.message(id)?.history.map((change) => change.state)).toEqual(["dead", "waiting", "rejected", "waiting", "delivered"]);
      expect(store.message(id)?.log).toEqual([]);
      expect(store.counts()[0]).toMatchObject({ received: 3, waiting: 2, ends: { delivered: 1, dead: 0, rejected: 0 } });
    });

    test("a person cancels what waits, is held, dead, rejected or refused", async () => {
      for (const state of ["waiting", "held", "dead", "rejected", "refused"] as const) {
        const { id } = await accept(state);
        await settle(id, state);
        await store.cancel(lane, id, at + 9, "duplicate order");
        expect(store.message(id)?.entries[0]?.state).toBe("cancelled");
        expect(store.message(id)?.history.at(-1)).toMatchObject({ state: "cancelled", reason: "duplicate order" });
      }
      expect(store.counts()[0]).toMatchObject({ held: 0, waiting: 0, ends: { cancelled: 5, dead: 0 } });
    });

    test("lists by channel, lane, state and page, newest first", async () => {
      for (let i = 0; i < 6; i++) await accept(`m${i}`, { lanes: i % 2 === 0 ? [lane, other] : [lane] });
      await settle(2, "dead");
      await settle(4, "dead");
      await settle(5, "delivered");
      const ids = (query: Parameters<WholeStore["list"]>[0]) => store.list(query).map((message) => message.id);
      expect(ids({ limit: 2 })).toEqual([6, 5]);
      expect(ids({ limit: 9, before: 3 })).toEqual([2, 1]);
      expect(ids({ limit: 9, lane: other })).toEqual([5, 3, 1]);
      expect(ids({ limit: 9, state: "dead" })).toEqual([4, 2]);
      expect(ids({ limit: 9, state: "dead", before: 4 })).toEqual([2]);
      expect(ids({ limit: 9, state: "delivered", lane })).toEqual([5]);
      expect(ids({ limit: 9, state: "delivered", lane: other })).toEqual([]);
      expect(ids({ limit: 9, channel: "lab" })).toHaveLength(6);
      expect(ids({ limit: 9, channel: "none" })).toEqual([]);
      expect(store.list({ limit: 1 })[0]).toMatchObject({ id: 6, channel: "lab", bytes: 2, entries: [{ lane, state: "waiting" }] });
    });

    test("a surrogate is the same for the same partner, kind and value, also after a restart, and says nothing else", async () => {
      expect(store.knownSurrogate("stripe", "customer", "MRN-1")).toBeUndefined();
      const token = store.surrogate("stripe", "customer", "MRN-1");
      expect(store.knownSurrogate("stripe", "customer", "MRN-1")).toBe(token);
      expect(store.surrogate("stripe", "customer", "MRN-1")).toBe(token);
      const others = [store.surrogate("stripe", "customer", "MRN-2"), store.surrogate("other", "customer", "MRN-1"), store.surrogate("stripe", "visit", "MRN-1")];
      expect(new Set([token, ...others]).size).toBe(4);
      const { id } = await accept("m");
      await store.fill(lane, id, content("sent"), []);
      await reopen();
      expect(store.surrogate("stripe", "customer", "MRN-1")).toBe(token);
      expect(token).toMatch(/^[0-9a-f]{32}$/);
    });

    test("writable, and nothing more once closed", async () => {
      expect(await store.writable()).toBe(true);
      const last = accept("last");
      await store.close();
      expect((await last).kind).toBe("accepted");
      await expect(accept("late")).rejects.toMatchObject({ code: "STO-205" });
      store = await harness.open();
      expect(claimed()).toEqual(["last"]);
    });

    storeModel(make, options.runs);
    careConformance(make);
    searchConformance(make);
    retentionConformance(make);
  });
}

function content(value: string, format: Content["format"] = "text"): Content {
  return { format, bytes: Buffer.from(value) };
}

function text(value: Content | undefined): string | undefined {
  return value && Buffer.from(value.bytes).toString();
}
