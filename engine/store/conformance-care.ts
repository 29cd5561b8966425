import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Content } from "../sdk/index.ts";
import type { StoreHarness, WholeStore } from "./conformance-model.ts";
import type { AcceptRequest, ClaimedKeys, End, Flight } from "./store.ts";

const lane = "lab/ehr";
const other = "lab/portal";
const at = Date.UTC(2026, 0, 5, 8);
const limit = { entries: 100, bytes: 1_000_000 };

/** What a store keeps beside a message, and what people do to it: replay, pause, cancel. */
export function careConformance(make: () => Promise<StoreHarness>): void {
  describe("care", () => {
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
    const accept = (text: string, more: Partial<AcceptRequest> = {}) =>
      store.accept({ channel: "lab", revision: "r1", receivedAt: at, raw: content(text), lanes: [lane], ...more });
    const settle = (id: number, state: Flight | End, more: object = {}) => store.settle({ lane, id, state, at: at + 5, attempts: 1, ...more });
    const claimed = (name = lane) => store.claim(name, 0, limit).map((entry) => text(entry.raw));
    const sums = () =>
      store.counts().map(({ lane: name, received, ends, waiting, held }) => [name, received, Object.values(ends).reduce((sum, count) => sum + count, waiting + held)]);
    const whole = () => {
      for (const [, received, sum] of sums()) expect(sum).toBe(received);
      const { gap, found, expected, received } = store.census();
      expect({ gap, found, received }).toEqual({ gap: 0, found: expected, received: expected });
    };

    test("a checkpoint is kept with its message, also with a repeat of it, and survives a restart", async () => {
      expect(store.checkpoint("lab in a.hl7")).toBeUndefined();
      await accept("m1", { checkpoint: { of: "lab in a.hl7", value: "100" }, identity: { key: "1" } });
      await accept("m2", { checkpoint: { of: "lab in b.hl7", value: "7" } });
      expect(store.checkpoint("lab in a.hl7")).toBe("100");
      expect((await accept("m1", { checkpoint: { of: "lab in a.hl7", value: "200" }, identity: { key: "1" } })).kind).toBe("duplicate");
      await reopen();
      expect([store.checkpoint("lab in a.hl7"), store.checkpoint("lab in b.hl7")]).toEqual(["200", "7"]);
    });

    test("of messages in flight together none lands without the one before it", async () => {
      const follow = (value: string, after: string) => accept(`m${value}`, { checkpoint: { of: "a", value, after } });
      const flights = [follow("1", ""), follow("2", "1"), follow("4", "3"), follow("5", "4"), follow("3", "2")];
      const landed = (await Promise.allSettled(flights)).map((flight) => (flight.status === "fulfilled" ? flight.value.kind : flight.reason.code));
      expect(landed).toEqual(["accepted", "accepted", "STO-310", "STO-310", "accepted"]);
      expect(store.checkpoint("a")).toBe("3");
      await store.moveCheckpoint({ of: "a", value: "4", after: "3" });
      await expect(store.moveCheckpoint({ of: "a", value: "9", after: "3" })).rejects.toMatchObject({ code: "STO-310" });
      expect(store.checkpoint("a")).toBe("4");
      await reopen();
      await expect(follow("9", "8")).rejects.toMatchObject({ code: "STO-310" });
      expect((await follow("5", "4")).kind).toBe("accepted");
      expect(store.list({ limit: 10 })).toHaveLength(4);
    });

    test("a checkpoint of a message that was refused is not kept", async () => {
      const lanes = Array.from({ length: 256 }, (_, i) => `lab/${i}`);
      const late = accept("m", { lanes, checkpoint: { of: "a", value: "1" } });
      await expect(late).rejects.toMatchObject({ code: "STO-304" });
      expect(store.checkpoint("a")).toBeUndefined();
    });

    test("what is dead or rejected enters its fallback in the same commit, once, and again when it ends again", async () => {
      await accept("m1");
      await accept("m2");
      await settle(1, "dead", { fallback: other });
      await settle(2, "rejected", { fallback: other });
      expect(claimed(other)).toEqual(["m1", "m2"]);
      whole();
      await reopen();
      expect(store.message(1)?.entries.map(({ lane: name, state }) => `${name} ${state}`)).toEqual([`${lane} dead`, `${other} waiting`]);
      // Back in its own lane and dead again while it waits in the other: one entry there is enough.
      await store.requeue(lane, 1, at + 6);
      await settle(1, "dead", { fallback: other });
      expect(claimed(other)).toEqual(["m1", "m2"]);
      await store.settle({ lane: other, id: 1, state: "delivered", at: at + 7, attempts: 1 });
      await store.requeue(lane, 1, at + 8);
      await settle(1, "dead", { fallback: other });
      expect(claimed(other)).toEqual(["m2", "m1"]);
      whole();
    });

    test("entries carry their order key as a keyed hash: the same for the same key of a channel, and nothing for none", async () => {
      const keys: (string | undefined)[] = [];
      for (const more of [{ orderKey: "MRN-1" }, { orderKey: "MRN-2" }, { orderKey: "MRN-1" }, { orderKey: "MRN-1", channel: "rad" }, {}]) {
        const accepted = await accept("m", more);
        keys.push(accepted.kind === "accepted" ? accepted.entries?.[0]?.orderKey : undefined);
      }
      const [first, second, again, elsewhere, none] = keys;
      expect(again).toBe(first);
      expect(new Set([first, second, elsewhere, none]).size).toBe(4);
      expect(`${first}`).not.toContain("MRN");
      await reopen();
      expect(store.claim(lane, 0, limit).map((entry) => entry.orderKey)).toEqual(keys);
      expect(store.message(1)?.entries[0]?.orderKey).toBe(first);
    });

    test("entries are claimed by order key: of one key up to a place, or of all but some; the empty key stands for none", async () => {
      const keys: string[] = [];
      for (const orderKey of ["MRN-1", "MRN-2", undefined, "MRN-1", "MRN-3", undefined, "MRN-1"]) {
        const accepted = await accept(orderKey ?? "none", orderKey === undefined ? {} : { orderKey });
        keys.push((accepted.kind === "accepted" && accepted.entries?.[0]?.orderKey) || "");
      }
      const [first = "", second = ""] = keys;
      const ids = (claimedKeys: ClaimedKeys, after = 0, entries = 9) => store.claim(lane, after, { ...limit, entries }, claimedKeys).map((entry) => entry.id);
      expect(ids({ only: first, upTo: 6 })).toEqual([1, 4]);
      expect(ids({ only: first, upTo: 7 }, 1, 1)).toEqual([4]);
      expect(ids({ only: "", upTo: 7 })).toEqual([3, 6]);
      expect(ids({ except: [first, ""] })).toEqual([2, 5]);
      expect(ids({ except: [second] }, 1, 3)).toEqual([3, 4, 5]);
      expect(ids({ except: [] })).toEqual([1, 2, 3, 4, 5, 6, 7]);
      await store.settle({ lane, id: 4, state: "delivered", at: 9, attempts: 1 });
      expect(ids({ only: first, upTo: 7 })).toEqual([1, 7]);
    });

    test("several entries change together or not at all", async () => {
      for (const text of ["a", "b", "c"]) await accept(text);
      const settled = (id: number, state: "delivered" | "waiting") => ({ lane, id, state, at, attempts: 1, code: "LAN-111", response: { format: "text", bytes: Buffer.from(`r${id}`) } }) as const;
      await store.settle({ lane, id: 2, state: "delivered", at, attempts: 1 });
      await expect(store.settleAll([settled(1, "delivered"), settled(2, "delivered"), settled(3, "delivered")])).rejects.toMatchObject({ code: "STO-302" });
      await expect(store.settleAll([settled(1, "delivered"), settled(9, "delivered")])).rejects.toMatchObject({ code: "STO-301" });
      await reopen();
      expect(store.claim(lane, 0, limit).map((entry) => entry.id)).toEqual([1, 3]);
      await store.settleAll([settled(1, "waiting"), settled(3, "waiting")]);
      expect(store.claim(lane, 0, limit).map((entry) => [entry.id, entry.code, entry.attempts])).toEqual([[1, "LAN-111", 1], [3, "LAN-111", 1]]);
      await store.settleAll([settled(1, "delivered"), settled(3, "delivered")]);
      await reopen();
      expect(store.counts()[0]).toMatchObject({ waiting: 0, ends: { delivered: 3 } });
      expect(Buffer.from(store.message(3)?.responses[lane]?.bytes ?? []).toString()).toBe("r3");
    });

    test("parent and type come back; what does not look like a type is not kept", async () => {
      const { id } = await accept("batch", { type: "ADT^A01" });
      await accept("part", { parent: id, type: "Jane Rivera, born in May" });
      await reopen();
      expect(store.message(1)).toMatchObject({ id, type: "ADT^A01" });
      expect(store.list({ limit: 1 })[0]).toMatchObject({ id: 2, parent: id });
      expect(store.message(2)?.type).toBeUndefined();
    });

    test("replayed after delivery: a new entry beside the old, counted as one more, with what was sent before still there", async () => {
      const { id } = await accept("a");
      await store.fill(lane, id, content("first"), ["one"]);
      await settle(id, "delivered", { response: content("yes") });
      await accept("b");
      await store.replay(id, [lane], at + 10, "partner lost it");
      await reopen();
      expect(claimed()).toEqual(["b", "a"]);
      const again = store.claim(lane, 0, limit)[1];
      expect(again).toMatchObject({ id, attempts: 0, filled: false, requeuedAt: at + 10 });
      expect(again?.again).toBe(again?.position);
      whole();
      await store.fill(lane, id, content("second"), []);
      await settle(id, "dead", { at: at + 20 });
      expect(store.counts()[0]).toMatchObject({ received: 3, waiting: 1, ends: { delivered: 1, dead: 1 } });
      await store.requeue(lane, id, at + 30);
      const back = store.claim(lane, 2, limit)[0];
      expect([back?.id, back?.again]).toEqual([id, again?.position]);
      expect(back?.position).toBeGreaterThan(again?.position ?? 0);
      await settle(id, "delivered", { at: at + 40 });
      await store.replay(id, [lane], at + 50, "again");
      whole();
      const message = store.message(id);
      expect(message?.history.map((change) => [change.state, change.reason])).toEqual([
        ["delivered", undefined],
        ["waiting", "partner lost it"],
        ["dead", undefined],
        ["waiting", undefined],
        ["delivered", undefined],
        ["waiting", "again"],
      ]);
      expect(message?.history.every((change) => change.lane === lane)).toBe(true);
      expect(message?.earlier?.map((one) => [one.lane, text(one.sent), text(one.response)])).toEqual([
        [lane, "first", "yes"],
        [lane, "second", undefined],
      ]);
      expect(message?.sent).toEqual({});
      expect(message?.entries).toMatchObject([{ lane, state: "waiting" }]);
      expect(store.list({ lane, state: "waiting", limit: 5 }).map((one) => one.id)).toEqual([2, 1]);
      expect(store.list({ lane, state: "delivered", limit: 5 })).toEqual([]);
      expect(store.counts()[0]).toMatchObject({ received: 4, waiting: 2, ends: { delivered: 2 } });
    });

    test("replayed into a lane where it never was, and where it was set aside, in one step", async () => {
      const { id } = await accept("a");
      await settle(id, "rejected", { code: "MLLP-2" });
      await store.replay(id, [lane, other, other], at + 10, "r");
      expect([claimed(), claimed(other)]).toEqual([["a"], ["a"]]);
      expect([lane, other].map((name) => store.claim(name, 0, limit)[0]?.again)).toEqual([undefined, undefined]);
      whole();
      await settle(id, "delivered");
      await store.settle({ lane: other, id, state: "refused", at, attempts: 0 });
      await reopen();
      expect(store.message(id)?.entries.map((entry) => [entry.lane, entry.state])).toEqual([[lane, "delivered"], [other, "refused"]]);
      expect(store.list({ state: "refused", limit: 5 }).map((one) => one.id)).toEqual([id]);
      expect(sums()).toEqual([[lane, 1, 1], [other, 1, 1]]);
      whole();
    });

    test("a message for no lane can be replayed into one; what waits cannot, and then nothing of it happens", async () => {
      const { id } = await accept("a", { lanes: [] });
      await store.replay(id, [lane], at, "r");
      await expect(store.replay(id, [other, lane], at, "r")).rejects.toMatchObject({ code: "STO-302" });
      await expect(store.replay(id + 5, [lane], at, "r")).rejects.toMatchObject({ code: "STO-301" });
      expect([claimed(), claimed(other)]).toEqual([["a"], []]);
      whole();
    });

    test("a message goes to at most 255 entries, replays among them", async () => {
      const { id } = await accept("a", { lanes: [] });
      const lanes = Array.from({ length: 255 }, (_, i) => `lab/${i}`);
      await store.replay(id, lanes, at, "r");
      await expect(store.replay(id, [lane], at, "r")).rejects.toMatchObject({ code: "STO-304" });
      whole();
    });

    test("a new key: everything before and after it is readable and recognised, also after a restart", async () => {
      await accept("m1", { identity: { key: "1" }, controlId: "C1" });
      await store.setPaused(lane, { at, reason: "why" });
      await store.rotateKey();
      await accept("m2", { identity: { key: "2" } });
      await reopen();
      expect(claimed()).toEqual(["m1", "m2"]);
      expect((await accept("m1", { identity: { key: "1" } })).kind).toBe("duplicate");
      expect(store.search({ controlId: "C1", limit: 9 })).toHaveLength(1);
      expect(store.counts()[0]?.paused?.reason).toBe("why");
    });

    test("a pause stays through a restart, with its reason, until it is lifted", async () => {
      await accept("a");
      await store.setPaused(lane, { at, reason: "partner asked" });
      await store.setPaused(other, { at: at + 1 });
      await reopen();
      expect(store.counts().map((counts) => [counts.lane, counts.paused])).toEqual([[lane, { at, reason: "partner asked" }], [other, { at: at + 1 }]]);
      await store.setPaused(lane, undefined);
      expect(store.counts()[0]?.paused).toBeUndefined();
    });
  });
}

function content(value: string): Content {
  return { format: "text", bytes: Buffer.from(value) };
}

function text(value: Content | undefined): string | undefined {
  return value && Buffer.from(value.bytes).toString();
}
