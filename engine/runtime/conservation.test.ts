import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryStore } from "../store/testing.ts";
import { conservation } from "./conservation.ts";

const lanes = ["lab/ehr", "lab/ward"];
const raw = { format: "text", bytes: new Uint8Array([1]) } as const;

describe("conservation", () => {
  let made: Awaited<ReturnType<typeof temporaryStore>>;
  beforeEach(async () => {
    made = await temporaryStore();
  });
  afterEach(() => made.remove());

  const accept = (count: number) =>
    Promise.all(Array.from({ length: count }, () => made.store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw, lanes })));
  /** Changes the record behind the engine's back, as a fault of the engine or of the disk would. */
  const plant = (sql: string) => {
    const db = new DatabaseSync(join(made.dir, "record.db"));
    db.exec(sql);
    db.close();
  };

  test("is even over every state, and through putting back and giving up", async () => {
    const { store } = made;
    await accept(6);
    const at = { lane: "lab/ehr", at: 2, attempts: 1 };
    const states = ["delivered", "dead", "held", "refused", "rejected"] as const;
    for (const [index, state] of states.entries()) await store.settle({ ...at, id: index + 1, state });
    for (const id of [2, 3, 4]) await store.requeue("lab/ehr", id, 3);
    await store.settle({ ...at, id: 3, state: "dead" });
    await store.requeue("lab/ehr", 3, 4);
    await store.cancel("lab/ehr", 5, 4, "by phone");
    expect(store.census()).toEqual({ expected: 12, found: 12, gap: 0, received: 12, whole: true });
    expect(conservation(store)).toBe(0);
  });

  test("is even at every look while entries come to old messages by fallback and replay", async () => {
    const { store } = made;
    await accept(4000);
    while (!store.census().whole);
    const at = { lane: "lab/ehr", at: 2, attempts: 1 };
    for (const id of [1, 1500, 2600, 3999]) {
      await store.settle({ ...at, id, state: "dead", fallback: "lab/fax" });
      expect(conservation(store)).toBe(0);
      await store.settle({ ...at, lane: "lab/fax", id, state: "delivered" });
      await store.replay(id, ["lab/ward2", "lab/fax"], 5, "asked for");
      expect(conservation(store)).toBe(0);
    }
    await Promise.all(Array.from({ length: 300 }, (_, n) => store.replay(1 + n * 13, ["lab/again"], 6, "asked for")));
    expect(conservation(store)).toBe(0);
    while (!store.census().whole) expect(conservation(store)).toBe(0);
    expect(store.census()).toMatchObject({ gap: 0, expected: 8000 + 4 * 3 + 300, received: 8000 + 4 * 3 + 300 });
    plant("DELETE FROM entries WHERE lane=3 AND position>1000");
    for (let looks = 0; looks < 6; looks++) store.census();
    expect(conservation(store)).toBeGreaterThan(0);
  });

  test.each([
    ["an entry in flight", "DELETE FROM entries WHERE lane=1 AND position=3"],
    ["an entry at its end", "DELETE FROM entries WHERE lane=2 AND position=1"],
    ["an entry in no state", "UPDATE entries SET state=77 WHERE lane=1 AND position=3"],
    ["the new place of an entry that was put back", "DELETE FROM entries WHERE position<>message"],
  ])("sees %s that was lost, which no counter does", async (_, sql) => {
    const { store } = made;
    await accept(4);
    await store.settle({ lane: "lab/ward", id: 1, at: 2, attempts: 1, state: "delivered" });
    await store.settle({ lane: "lab/ehr", id: 2, at: 2, attempts: 1, state: "dead" });
    await store.requeue("lab/ehr", 2, 3);
    expect(conservation(store)).toBe(0);
    plant(sql);
    expect(conservation(store)).toBe(1);
    for (const { received, waiting, held, ends } of store.counts()) {
      expect(received - waiting - held - Object.values(ends).reduce((sum, n) => sum + n, 0)).toBe(0);
    }
  });

  test("sees a lost message by the counters, and a counter that is wrong by the rows", async () => {
    await accept(2);
    plant("DELETE FROM entries WHERE message=1; DELETE FROM messages WHERE id=1");
    expect(conservation(made.store)).toBe(2);
    plant("UPDATE lanes SET received=1");
    expect(conservation(made.store)).toBe(0);
  });

  test("counts a long record a little at a time, and goes around it again", async () => {
    for (let n = 0; n < 12; n++) await accept(1000);
    const { store } = made;
    const first = store.census();
    expect([first.whole, first.gap]).toEqual([false, 0]);
    expect(first.expected).toBeLessThan(24_000);
    expect(store.census()).toMatchObject({ whole: true, expected: 24_000, found: 24_000 });
    plant("DELETE FROM entries WHERE lane=1 AND position IN (5, 6000)");
    const gaps = Array.from({ length: 12 }, () => conservation(store));
    expect(gaps.at(-1)).toBe(2);
    expect(store.census().found).toBe(23_998);
  });
});
