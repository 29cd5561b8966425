import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FactsReader } from "./facts.ts";
import { openIndex } from "./index-file.ts";
import { openReader, openStore, type Search } from "./index.ts";
import { Indexer } from "./indexer.ts";
import { SearchIndex } from "./search-index.ts";
import { search } from "./searcher.ts";
import type { Store, StoreCare } from "./store.ts";
import { fakeClock, seededRandom, temporaryStore } from "./testing.ts";

const at = Date.UTC(2026, 0, 5, 8);
const lanes = ["lab/a", "lab/b"];
const raw = { format: "text", bytes: new Uint8Array([1]) } as const;

describe("an index that is behind", () => {
  let made: Awaited<ReturnType<typeof temporaryStore>>;
  let record: DatabaseSync;
  let folder: string;
  beforeEach(async () => {
    made = await temporaryStore();
    record = new DatabaseSync(join(made.dir, "record.db"), { readOnly: true });
    folder = mkdtempSync(join(tmpdir(), "sluice-index-"));
  });
  afterEach(async () => {
    record.close();
    await made.remove();
    rmSync(folder, { recursive: true });
  });

  const names = {
    channel: () => 1,
    lane: (name: string) => (record.prepare("SELECT id FROM lanes WHERE name=?").get(name) as { id: number } | undefined)?.id,
    lanes: () => (record.prepare("SELECT id FROM lanes").all() as unknown as { id: number }[]).map(({ id }) => id),
    control: () => new Uint8Array(),
  };
  const paged = (query: Omit<Search, "limit" | "before">, limit: number, parts: Omit<Parameters<typeof search>[1], "names">) => {
    const ids: number[] = [];
    for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
      const found: ReturnType<typeof search> = search({ ...query, limit, before }, { names, ...parts });
      if (found.more !== undefined) expect(found.more).toBeLessThanOrEqual(before);
      ids.push(...found.ids);
      before = found.more;
    }
    return ids;
  };

  test("finds what the record has, at every step, after a crash of it, and with few rows to a question", async () => {
    const { store } = made;
    const facts = new FactsReader(record);
    const index = new SearchIndex(openIndex(folder), 13);
    let indexer = new Indexer(facts, index);
    let seed = 5;
    const random = (below: number) => Math.floor(((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648) * below);
    const states = ["delivered", "dead", "held", "filtered"] as const;
    let crashes = 0;
    for (let n = 1; n <= 250; n++) {
      const { id } = await store.accept({ channel: "lab", revision: "r", receivedAt: at + n, raw, lanes: random(4) === 0 ? lanes : ["lab/a"], type: `T${random(3)}` });
      for (const one of [id, 1 + random(id)]) {
        if (random(3) === 0) continue;
        const settled = store.settle({ lane: "lab/a", id: one, state: states[random(4)] ?? "dead", at: at + n * 2, attempts: 1, code: random(9) === 0 ? "LAN-101" : "LAN-102" });
        await settled.then(() => indexer.changed(one), () => {});
      }
      if (n % 5 === 0) await store.requeue("lab/a", 1 + random(id), at + n).catch(() => {});
      if (n % 9 === 0) await store.replay(1 + random(id), ["lab/b"], at + n, "r").catch(() => {});
      if (random(3) === 0) indexer.step(1 + random(6));
      if (n % 60 === 0) {
        // A kill: what only memory knew is gone.
        indexer = new Indexer(facts, new SearchIndex(openIndex(folder), 13));
        expect(indexer.stale).toBe(true);
        crashes++;
      }
      if (n % 10 !== 0) continue;
      const queries: Omit<Search, "limit">[] = [
        {}, { states: ["dead"] }, { states: ["waiting"], lanes: ["lab/a"] }, { code: "LAN-101" }, { type: "T1", states: ["delivered"] },
        { lanes: ["lab/b"] }, { received: { from: at + n - 20, to: at + n - 5 } }, { lanes: ["lab/a"], settled: { from: at + n, to: at + n + 30 } }, { channel: "lab", states: ["held", "filtered"] },
      ];
      for (const query of queries) {
        const expected = paged(query, 500, { facts, progress: { mark: 0, stale: false, pending: new Set() } });
        for (const limit of [3, 500]) expect([n, query, paged(query, limit, { facts, index, progress: indexer })]).toEqual([n, query, expected]);
      }
    }
    expect(crashes).toBe(4);
    while (indexer.behind && indexer.step(50) === undefined);
    expect(indexer.mark).toBe(facts.last());
  });

  test("an index of another record, or of one that went another way, is refused", async () => {
    await made.store.accept({ channel: "lab", revision: "r", receivedAt: at, raw, lanes });
    const index = new SearchIndex(openIndex(folder));
    const indexer = new Indexer(new FactsReader(record), index);
    indexer.step(10);
    indexer.finish();
    expect(new Indexer(new FactsReader(record), index).stale).toBe(false);
    const other = await temporaryStore({ random: seededRandom(9) });
    await other.store.accept({ channel: "lab", revision: "r", receivedAt: at, raw, lanes });
    const db = new DatabaseSync(join(other.dir, "record.db"), { readOnly: true });
    expect(() => new Indexer(new FactsReader(db), index)).toThrow();
    db.close();
    await other.remove();
  });
});

describe("the index file", () => {
  let dir: string;
  let store: Store & StoreCare;
  const open = async (options: object = {}) => {
    store = await openStore({ dir, clock: fakeClock(), random: seededRandom(), allowVolatile: true, minFreeBytes: 0, ...options });
  };
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
    await open();
    for (let n = 0; n < 30; n++) await store.accept({ channel: "lab", revision: "r", receivedAt: at + n, raw, lanes, controlId: `C${n % 10}` });
    await store.settle({ lane: "lab/a", id: 3, state: "dead", at, attempts: 1 });
  });
  afterEach(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });
  const found = () => [store.search({ controlId: "C2", limit: 9 }).map(({ id }) => id), store.search({ states: ["dead"], limit: 9 }).map(({ id }) => id)];

  test("deleted, or overwritten with something else: made anew", async () => {
    expect(found()).toEqual([[23, 13, 3], [3]]);
    await store.close();
    rmSync(join(dir, "index.db"));
    await open();
    expect(found()).toEqual([[23, 13, 3], [3]]);
    await store.close();
    writeFileSync(join(dir, "index.db"), "no database ".repeat(1000));
    await open();
    expect(found()).toEqual([[23, 13, 3], [3]]);
  });

  test("of another version: made anew", async () => {
    await store.close();
    const db = new DatabaseSync(join(dir, "index.db"));
    db.exec("PRAGMA user_version=1; DROP INDEX byFlight");
    db.close();
    await open();
    expect(found()).toEqual([[23, 13, 3], [3]]);
  });

  test("damaged under a running engine: made anew at the next search", async () => {
    expect(found()).toEqual([[23, 13, 3], [3]]);
    const db = new DatabaseSync(join(dir, "index.db"));
    db.exec("DROP TABLE found; DROP TABLE about");
    db.close();
    expect(found()).toEqual([[23, 13, 3], [3]]);
    expect(found()).toEqual([[23, 13, 3], [3]]);
  });

  test("holds no control id as it is, and follows by timer alone", async () => {
    const clock = fakeClock();
    await store.close();
    rmSync(join(dir, "index.db"));
    await open({ clock });
    const mark = () => {
      const db = new DatabaseSync(join(dir, "index.db"), { readOnly: true });
      const row = db.prepare("SELECT value FROM about WHERE name='mark'").get() as { value: number } | undefined;
      db.close();
      return row?.value ?? 0;
    };
    expect(mark()).toBe(0);
    clock.advance(1000);
    expect(mark()).toBe(30);
    expect(clock.timers).toBe(0);
    await store.settle({ lane: "lab/a", id: 7, state: "delivered", at, attempts: 1 });
    clock.advance(1000);
    const db = new DatabaseSync(join(dir, "index.db"), { readOnly: true });
    expect(db.prepare("SELECT state FROM found WHERE message=7 AND slot=1").get()).toEqual({ state: 2 });
    expect(db.prepare("SELECT count(*) AS n FROM found WHERE CAST(control AS TEXT) LIKE 'C%'").get()).toEqual({ n: 0 });
    db.close();
  });

  test("a reader finds the same without an engine, beside one, and without an index", async () => {
    const beside = () => {
      const reader = openReader(dir);
      const ids = [reader.search({ controlId: "C2", limit: 9 }).map(({ id }) => id), reader.search({ states: ["dead"], limit: 9 }).map(({ id }) => id)];
      reader.close();
      return ids;
    };
    expect(beside()).toEqual([[23, 13, 3], [3]]);
    found();
    await store.settle({ lane: "lab/b", id: 9, state: "dead", at, attempts: 1 });
    expect(beside()).toEqual([[23, 13, 3], [9, 3]]);
    await store.close();
    expect(beside()).toEqual([[23, 13, 3], [9, 3]]);
    rmSync(join(dir, "index.db"));
    expect(beside()).toEqual([[23, 13, 3], [9, 3]]);
    expect(existsSync(join(dir, "index.db"))).toBe(false);
    await open();
  });
});

test("100,000 messages: every search answers from the index", { timeout: 240_000 }, async () => {
  const total = 100_000;
  const clock = fakeClock();
  const { store, remove } = await temporaryStore({ clock, follow: true });
  const pending: Promise<unknown>[] = [];
  for (let n = 1; n <= total; n++) {
    pending.push(store.accept({ channel: `c${n % 20}`, revision: "r", receivedAt: at + n * 100, raw, lanes: [`c${n % 20}/out`], controlId: `MSG${n}`, type: n % 1000 === 0 ? "ORU^R01" : "ADT^A01" }));
    if (pending.length === 2000) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending.splice(0));
  for (let id = 1; id <= total - 50; id++) {
    const dead = id % 5000 === 0;
    pending.push(store.settle({ lane: `c${id % 20}/out`, id, state: dead ? "dead" : "delivered", at: at + id * 100 + 50, attempts: 1, ...(dead && { code: "LAN-101" }) }));
    if (pending.length === 2000) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending.splice(0));
  // The index catches up by timer.
  for (let n = 0; n < 2000 && clock.toNextTimer(); n++);
  expect(clock.timers).toBe(0);
  const noon = at + 50_000 * 100;
  const queries: [Search, number][] = [
    [{ controlId: "MSG77777", limit: 20 }, 1],
    [{ states: ["dead"], limit: 100 }, 19],
    [{ code: "LAN-101", lanes: ["c0/out"], limit: 100 }, 19],
    [{ lanes: ["c7/out"], settled: { from: noon, to: noon + 20_000 }, limit: 100 }, 10],
    [{ settled: { from: noon, to: noon + 20_000 }, limit: 300 }, 200],
    [{ received: { from: noon, to: noon + 100_000 }, limit: 2000 }, 1000],
    [{ type: "ORU^R01", limit: 200 }, 100],
    [{ type: "ORU^R01", states: ["waiting"], limit: 20 }, 1],
    [{ channel: "c3", states: ["delivered"], limit: 50 }, 50],
    [{ states: ["waiting"], limit: 100 }, 50],
    [{ lanes: ["c3/out"], states: ["held"], limit: 20 }, 0],
    [{ channel: "c3", received: { to: at + 5000 }, limit: 20 }, 3],
    [{ parent: 5, limit: 20 }, 0],
    [{ limit: 50 }, 50],
  ];
  const times = queries.map(([query, expected]) => {
    const began = performance.now();
    expect([query, store.search(query).length]).toEqual([query, expected]);
    return performance.now() - began;
  });
  process.stdout.write(`search over ${total} messages: slowest ${Math.max(...times).toFixed(0)} ms, of ${times.map((ms) => ms.toFixed(1)).join(" ")}\n`);
  await remove();
});
