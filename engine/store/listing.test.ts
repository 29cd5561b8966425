import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Listing, type ListQuery } from "./listing.ts";
import { temporaryStore } from "./testing.ts";

let made: Awaited<ReturnType<typeof temporaryStore>>;
let db: DatabaseSync;
beforeEach(async () => {
  made = await temporaryStore();
  db = new DatabaseSync(join(made.dir, "record.db"), { readOnly: true });
});
afterEach(async () => {
  db.close();
  await made.remove();
});

const raw = { format: "text", bytes: new Uint8Array([1]) } as const;
const accept = (count: number, lanes = ["lab/ehr"]) =>
  Promise.all(Array.from({ length: count }, () => made.store.accept({ channel: lanes[0]?.split("/")[0] ?? "", revision: "r", receivedAt: 1, raw, lanes })));
const settle = (id: number, state: "delivered" | "dead", lane = "lab/ehr") => made.store.settle({ lane, id, at: 2, attempts: 1, state });

/** Every page of a list, one after another. */
function pages(query: Omit<ListQuery, "limit" | "before">, limit: number, rows?: number): number[][] {
  const listing = new Listing(db, rows);
  const all: number[][] = [];
  let before: number | undefined;
  do {
    const { ids, more } = listing.find({ ...query, limit, ...(before !== undefined && { before }) });
    all.push([...ids]);
    if (more !== undefined && before !== undefined) expect(more).toBeLessThan(before);
    before = more;
  } while (before !== undefined);
  return all;
}

test("what is rare in a long lane is looked for a part at a time, and found", async () => {
  await accept(300);
  for (const id of [7, 290]) await settle(id, "delivered");
  expect(new Listing(db, 100).find({ state: "delivered", limit: 5 })).toEqual({ ids: [290], more: 201 });
  expect(pages({ state: "delivered" }, 5, 100).flat()).toEqual([290, 7]);
  expect(pages({ lane: "lab/ehr", state: "delivered" }, 5)).toEqual([[290, 7]]);
});

test("a channel without traffic does not make a list read the whole record", async () => {
  await accept(3, ["quiet/out"]);
  await accept(200);
  const listing = new Listing(db, 50);
  expect(listing.find({ channel: "quiet", limit: 5 })).toEqual({ ids: [], more: 154 });
  expect(pages({ channel: "quiet" }, 5, 50).flat()).toEqual([3, 2, 1]);
});

test("an entry that was put back stays on the page of its message, in every state", async () => {
  await accept(6);
  for (const id of [2, 3, 5]) await settle(id, "dead");
  await made.store.requeue("lab/ehr", 2, 3);
  await made.store.requeue("lab/ehr", 3, 3);
  await settle(3, "dead");
  expect(pages({ state: "dead" }, 1)).toEqual([[5], [3], []]);
  expect(pages({ state: "waiting" }, 2).flat()).toEqual([6, 4, 2, 1]);
  expect(pages({ lane: "lab/ehr" }, 4).flat()).toEqual([6, 5, 4, 3, 2, 1]);
});

test("lanes that were looked at to different depths give whole pages", async () => {
  await accept(40, ["a/x", "a/y"]);
  for (let id = 1; id <= 40; id++) if (id % 3 !== 0) await settle(id, "delivered", "a/x");
  await settle(2, "delivered", "a/y");
  const expected = Array.from({ length: 40 }, (_, n) => 40 - n).filter((id) => id % 3 !== 0);
  for (const limit of [1, 4, 7]) expect(pages({ state: "delivered" }, limit, 20).flat()).toEqual(expected);
});
