import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { storeConformance } from "./conformance.ts";
import { ledgerConformance } from "./conformance-ledger.ts";
import { recordsOf } from "./ledger/testing.ts";
import { openReader, openStore, type Store, type StoreOptions } from "./index.ts";
import { fakeClock, seededRandom } from "./testing.ts";

const directory = () => mkdtempSync(join(tmpdir(), "sluice-store-"));
const base = { allowVolatile: true, minFreeBytes: 0 };

for (const writer of ["inline", "thread"] as const) {
  const make = async () => {
    const dir = directory();
    const clock = fakeClock();
    const random = seededRandom();
    return {
      dir,
      open: () => openStore({ ...base, dir, clock, random, writer }),
      remove: async () => rmSync(dir, { recursive: true, force: true }),
    };
  };
  storeConformance(`sqlite, ${writer}`, make, writer === "thread" ? { runs: 3 } : {});
  describe(`sqlite, ${writer}`, () => ledgerConformance(make, (harness) => recordsOf((harness as Awaited<ReturnType<typeof make>>).dir)));
}

describe("sqlite", () => {
  let dir: string;
  let stores: Store[];
  const open = async (options: Partial<StoreOptions> = {}) => {
    const store = await openStore({ ...base, dir, clock: fakeClock(), random: seededRandom(stores.length + 1), ...options });
    stores.push(store);
    return store;
  };
  const accept = (store: Store, text: string, lanes = ["lab/ehr"]) =>
    store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.from(text) }, lanes });
  const code = (value: string) => expect.objectContaining({ code: value });

  beforeEach(() => {
    dir = directory();
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    chmodSync(dir, 0o700);
    rmSync(dir, { recursive: true, force: true });
  });

  test("a second engine is refused, a reader is not", async () => {
    const store = await open();
    await accept(store, "m");
    await expect(open()).rejects.toThrow(code("STO-101"));
    const reader = openReader(dir);
    expect(reader.counts()).toMatchObject([{ lane: "lab/ehr", received: 1 }]);
    await accept(store, "n");
    expect(reader.list({ limit: 5 })).toHaveLength(2);
    expect(Buffer.from(reader.message(1)?.raw?.bytes ?? []).toString()).toBe("m");
    reader.close();
    await store.close();
    await expect(open()).resolves.toBeDefined();
  });

  test("no content, identity, value or reason stands in the files as it is", async () => {
    const store = await open();
    const secret = "RIVERA^JANE";
    const raw = { format: "hl7v2" as const, bytes: Buffer.from(secret) };
    await store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw, lanes: ["lab/ehr"], identity: { key: secret } });
    await store.fill("lab/ehr", 1, raw, [secret]);
    store.surrogate("stripe", "customer", secret);
    await store.settle({ lane: "lab/ehr", id: 1, state: "rejected", at: 2, attempts: 1, reason: secret, response: raw });
    await store.cancel("lab/ehr", 1, 3, secret);
    const wal = readFileSync(join(dir, "record.db-wal"));
    await store.close();
    for (const bytes of [wal, readFileSync(join(dir, "record.db"))]) {
      expect(bytes.includes("RIVERA")).toBe(false);
      expect(bytes.includes("lab/ehr")).toBe(true);
    }
  });

  test("a flipped bit in a content is found, held and named; the others are readable", async () => {
    const faults: string[] = [];
    const store = await open({ onFault: (fault) => faults.push(fault) });
    for (const text of ["a", "b", "c"]) await accept(store, text);
    const db = new DatabaseSync(join(dir, "record.db"));
    const place = 2 * 256;
    const { body } = db.prepare("SELECT body FROM raw WHERE place=?").get(place) as { body: Uint8Array };
    body[0] = (body[0] ?? 0) ^ 1;
    db.prepare("UPDATE raw SET body=? WHERE place=?").run(body, place);
    db.close();
    expect(store.claim("lab/ehr", 0, { entries: 1, bytes: 1000 }).map((entry) => entry.id)).toEqual([1]);
    expect(store.claim("lab/ehr", 1, { entries: 1, bytes: 1000 }).map((entry) => entry.id)).toEqual([3]);
    expect(faults).toEqual(["STO-303"]);
    const { raw, unreadable, entries } = store.message(2) ?? {};
    expect([raw, unreadable]).toEqual([undefined, [{ where: "lab", stage: "raw", code: "STO-303" }]]);
    expect(entries).toMatchObject([{ lane: "lab/ehr", id: 2 }]);
    expect(await store.writable()).toBe(true);
    expect(store.counts()[0]).toMatchObject({ waiting: 2, held: 1 });
  });

  test("contents that changed places do not open", async () => {
    const store = await open();
    for (const text of ["a", "b"]) await accept(store, text);
    const db = new DatabaseSync(join(dir, "record.db"));
    db.exec("UPDATE raw SET place=0 WHERE place=256; UPDATE raw SET place=256 WHERE place=512; UPDATE raw SET place=512 WHERE place=0");
    db.close();
    for (const id of [1, 2]) expect(store.message(id)).toMatchObject({ unreadable: [{ stage: "raw", code: "STO-303" }] });
  });

  test("a message shows what can still be read of it, whatever else was altered or lost", async () => {
    const store = await open();
    const lanes = ["lab/ehr", "lab/ward", "lab/x"];
    await accept(store, "m", lanes);
    for (const lane of lanes) {
      await store.fill(lane, 1, { format: "text", bytes: Buffer.from(`to ${lane}`) }, ["seen"]);
      await store.settle({ lane, id: 1, state: "refused", at: 2, attempts: 1, code: "PHI-201", reason: "rule" });
    }
    const db = new DatabaseSync(join(dir, "record.db"));
    db.exec("UPDATE sent SET body=zeroblob(40) WHERE place=258; UPDATE log SET body=zeroblob(9) WHERE place=257; UPDATE history SET reason=zeroblob(40) WHERE slot=3");
    db.exec("DELETE FROM entries WHERE lane=1");
    db.close();
    const { sent, log, unreadable, history, entries, raw } = store.message(1) ?? {};
    expect([Object.keys(sent ?? {}), log, Buffer.from(raw?.bytes ?? []).toString()]).toEqual([["lab/ehr", "lab/x"], ["seen", "seen"], "m"]);
    expect(unreadable).toEqual([
      { where: "lab/ehr", stage: "log", code: "STO-303" },
      { where: "lab/ward", stage: "sent", code: "STO-303" },
      { where: "lab/x", stage: "reason", code: "STO-303" },
    ]);
    expect(history?.map(({ lane, reason }) => [lane, reason])).toEqual([["lab/ehr", "rule"], ["lab/ward", "rule"], ["lab/x", undefined]]);
    expect(entries?.map(({ lane }) => lane)).toEqual(["lab/ward", "lab/x"]);
    expect(store.list({ limit: 5 })).toHaveLength(1);
  });

  test("a key is used by one writer on one day, and each nonce once", async () => {
    const clock = fakeClock();
    let store = await open({ clock });
    for (let i = 0; i < 5; i++) await accept(store, "m");
    clock.advance(86_400_000);
    for (let i = 0; i < 5; i++) await accept(store, "m");
    await store.close();
    store = await open({ clock });
    await accept(store, "m");
    const db = new DatabaseSync(join(dir, "record.db"));
    const { used, distinct, keys } = db.prepare("SELECT count(*) AS used, count(DISTINCT key || ' ' || nonce) AS 'distinct', count(DISTINCT key) AS keys FROM raw").get() as Record<string, number>;
    expect([used, distinct, keys]).toEqual([11, 11, 3]);
    expect(db.prepare("SELECT count(DISTINCT salt) AS salts FROM keys").get()).toEqual({ salts: 3 });
    db.close();
  });

  describe("does not open, and changes nothing", () => {
    beforeEach(async () => {
      const store = await open();
      await accept(store, "m");
      await store.close();
    });

    test("garbage in place of the record", async () => {
      const garbage = Buffer.from("no database at all ".repeat(1000));
      writeFileSync(join(dir, "record.db"), garbage);
      await expect(open()).rejects.toThrow(code("STO-104"));
      expect(readFileSync(join(dir, "record.db")).equals(garbage)).toBe(true);
    });

    test("an emptied record", async () => {
      writeFileSync(join(dir, "record.db"), "");
      await expect(open()).rejects.toThrow(code("STO-104"));
      expect(statSync(join(dir, "record.db")).size).toBe(0);
    });

    test("a damaged page", async () => {
      const bytes = readFileSync(join(dir, "record.db"));
      bytes.fill(0xa5, 4096, 3 * 4096);
      writeFileSync(join(dir, "record.db"), bytes);
      await expect(open()).rejects.toThrow(code("STO-104"));
    });

    test("another program's database, another version of ours", async () => {
      const db = new DatabaseSync(join(dir, "record.db"));
      db.exec("PRAGMA user_version=99");
      await expect(open()).rejects.toThrow(code("STO-105"));
      db.exec("PRAGMA user_version=1; PRAGMA application_id=7");
      db.close();
      await expect(open()).rejects.toThrow(code("STO-104"));
    });

    test.each([
      ["without a table", "DROP TABLE history"],
      ["without the table that names the key", "DROP TABLE about"],
      ["with another column", "ALTER TABLE entries ADD COLUMN owner TEXT"],
      ["with a renamed column", "ALTER TABLE entries RENAME COLUMN code TO cause"],
      ["with a table more", "CREATE TABLE notes(id INTEGER PRIMARY KEY)"],
    ])("a record of a version in development, %s", async (_, change) => {
      const db = new DatabaseSync(join(dir, "record.db"));
      db.exec(change);
      db.close();
      await expect(open()).rejects.toThrow(code("STO-105"));
      expect(() => openReader(dir)).toThrow(code("STO-105"));
    });

    test("the lock is no database, or cannot be made", async () => {
      rmSync(join(dir, "lock.db"), { force: true });
      mkdirSync(join(dir, "lock.db"));
      await expect(open()).rejects.toThrow(code("STO-103"));
    });

    test("another key, no key, a key that others can read", async () => {
      const key = join(dir, "master.key");
      copyFileSync(key, join(dir, "kept"));
      writeFileSync(key, `${"ab".repeat(32)}\n`);
      await expect(open()).rejects.toThrow(code("STO-107"));
      expect(() => openReader(dir)).toThrow(code("STO-107"));
      writeFileSync(key, "ab\n");
      await expect(open()).rejects.toThrow(code("STO-106"));
      rmSync(key);
      await expect(open()).rejects.toThrow(code("STO-106"));
      copyFileSync(join(dir, "kept"), key);
      chmodSync(key, 0o640);
      await expect(open()).rejects.toThrow(code("STO-108"));
      chmodSync(key, 0o600);
      await expect(open()).resolves.toBeDefined();
    });

    test("a record that cannot be read", async () => {
      rmSync(join(dir, "record.db"));
      mkdirSync(join(dir, "record.db"));
      await expect(open()).rejects.toThrow(code("STO-103"));
    });

    test("a lock that cannot be taken for another reason than an engine", async () => {
      rmSync(join(dir, "lock.db"));
      mkdirSync(join(dir, "lock.db"));
      await expect(open()).rejects.toThrow(code("STO-103"));
    });

    test.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
      chmodSync(dir, 0o500);
      await expect(open()).rejects.toThrow(code("STO-103"));
    });

    test.skipIf(process.getuid?.() === 0)("a record that may not be read", async () => {
      chmodSync(join(dir, "record.db"), 0);
      await expect(open()).rejects.toThrow(code("STO-103"));
    });

    test("a path that is no directory", async () => {
      await expect(open({ dir: join(dir, "master.key", "below") })).rejects.toThrow(code("STO-103"));
    });
  });

  test("a reader that comes before the record is told so, at every step of its making", async () => {
    const tooEarly = () => expect(() => openReader(dir)).toThrow(code("STO-103"));
    tooEarly();
    mkdirSync(join(dir, "made"));
    const store = await open({ dir: join(dir, "made") });
    await store.close();
    copyFileSync(join(dir, "made", "master.key"), join(dir, "master.key"));
    tooEarly();
    copyFileSync(join(dir, "made", "record.db"), join(dir, "record.db.new"));
    tooEarly();
    renameSync(join(dir, "record.db.new"), join(dir, "record.db"));
    openReader(dir).close();
  });

  test("the key is made for its owner alone, or not at all", async () => {
    await expect(open({ createKey: false })).rejects.toThrow(code("STO-106"));
    await open();
    expect(statSync(join(dir, "master.key")).mode & 0o777).toBe(0o600);
  });

  test("a file system in memory is refused", async (context) => {
    if (process.platform !== "linux") return context.skip("only Linux names its file systems");
    const memory = mkdtempSync("/dev/shm/sluice-");
    try {
      await expect(open({ dir: memory, allowVolatile: false })).rejects.toThrow(code("STO-102"));
    } finally {
      rmSync(memory, { recursive: true });
    }
  });

  test("below the reserve nothing is accepted; what was accepted is still settled", async () => {
    let store = await open();
    await accept(store, "m");
    await store.close();
    const faults: string[] = [];
    store = await open({ minFreeBytes: Number.MAX_SAFE_INTEGER, onFault: (fault) => faults.push(fault) });
    await expect(accept(store, "n")).rejects.toThrow(code("STO-202"));
    expect(await store.writable()).toBe(false);
    await store.settle({ lane: "lab/ehr", id: 1, state: "delivered", at: 1, attempts: 1 });
    expect(faults).toEqual(["STO-202"]);
  });

  for (const writer of ["inline", "thread"] as const) {
    test(`killed while writing (${writer}): what was promised is there`, { timeout: 240_000 }, async () => {
      const promised: string[] = [];
      for (let run = 0; run < 2; run++) {
        const child = spawn(process.execPath, [join(import.meta.dirname, "testing-crash.ts"), dir, writer, String(run)], { stdio: ["ignore", "pipe", "inherit"] });
        const exited = once(child, "exit");
        const lines = createInterface({ input: child.stdout });
        let seen = 0;
        for await (const line of lines) {
          promised.push(line);
          if (++seen === 120 + run * 77) child.kill("SIGKILL");
        }
        await exited;
        expect(seen).toBeGreaterThan(100);
        const store = await open();
        for (const line of promised) {
          const [what, id = "", rest = ""] = line.split(" ");
          const message = store.message(Number(id));
          if (what === "accepted") expect(Buffer.from(message?.raw?.bytes ?? []).toString()).toBe(rest);
          else if (what === "settled") expect(message?.history[0]).toMatchObject({ lane: rest, state: "delivered" });
          else expect(message?.entries.map(({ lane, state }) => `${lane} ${state}`)).toEqual([`${rest} waiting`, `${rest.replace("/", "/again")} waiting`]);
        }
        expect(store.census()).toMatchObject({ gap: 0, whole: true });
        for (const { received, waiting, held, ends } of store.counts()) {
          expect(Object.values(ends).reduce((sum, count) => sum + count, waiting + held)).toBe(received);
        }
        await store.close();
      }
    });
  }
});
