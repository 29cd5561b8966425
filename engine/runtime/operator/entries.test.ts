import { expect, test } from "vitest";
import { temporaryStore } from "../../store/testing.ts";
import { entriesOf } from "./entries.ts";

const lane = "lab/ehr";

test("messages by number are meant only where the rest of the query holds too", async () => {
  const { store, clock } = await temporaryStore();
  try {
    const at = clock.now();
    for (const id of [1, 2, 3]) {
      const raw = { format: "text" as const, bytes: new TextEncoder().encode(`message ${id}`) };
      await store.accept({ channel: "lab", revision: "r", receivedAt: at + id, raw, identity: { key: `k${id}` }, lanes: [lane], controlId: `C${id}`, type: id === 1 ? "ADT^A04" : "ORU^R01" });
      await store.settle({ lane, id, state: "dead", at: at + 10 * id, attempts: 1, code: "LAN-101" });
    }
    const chosen = async (search: Omit<Parameters<typeof entriesOf>[2], "ids">) => {
      const found: number[] = [];
      for await (const { id } of entriesOf(store, [lane], { ids: [1, 3], ...search }, () => new Promise((resolve) => setImmediate(resolve)))) found.push(id);
      return found;
    };
    expect(await chosen({})).toEqual([1, 3]);
    expect(await chosen({ controlId: "C3" })).toEqual([3]);
    expect(await chosen({ controlId: "C2" })).toEqual([]);
    expect(await chosen({ type: "ADT^A04" })).toEqual([1]);
    expect(await chosen({ received: { from: at + 2 } })).toEqual([3]);
    expect(await chosen({ settled: { to: at + 15 } })).toEqual([1]);
    expect(await chosen({ settled: { to: at + 15 }, states: ["rejected"] })).toEqual([]);
    expect(await chosen({ channel: "visits" })).toEqual([]);
  } finally {
    await store.close();
  }
});
