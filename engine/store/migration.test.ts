import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReader, openStore } from "./index.ts";
import { migrate } from "./migration.ts";
import { schemaVersion } from "./schema.ts";
import { fakeClock, seededRandom } from "./testing.ts";
import { writeVersion2 } from "./version-2.fixture.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
  writeVersion2(dir);
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = () => openStore({ dir, clock: fakeClock(), random: seededRandom(), allowVolatile: true, minFreeBytes: 0 });
const version = () => {
  const db = new DatabaseSync(join(dir, "record.db"), { readOnly: true });
  const { user_version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  const entries = db.prepare("SELECT count(*) AS n FROM entries").get() as { n: number };
  db.close();
  return [user_version, entries.n];
};

test("a record of version 2 is what it was, and can do what is new", async () => {
  let store = await open();
  const state = () => ({
    counts: store.counts().map(({ received, waiting, held, ends }) => [received, waiting, held, ends.delivered]),
    waiting: store.claim("lab/ehr", 0, { entries: 9, bytes: 1e6 }).map((entry) => [entry.id, Buffer.from(entry.raw.bytes).toString(), entry.requeuedAt]),
    sent: Buffer.from(store.message(1)?.sent["lab/ehr"]?.bytes ?? []).toString(),
    history: store.message(2)?.history.map((change) => change.state),
    held: store.list({ state: "held", limit: 5 }).map((one) => one.id),
    census: store.census(),
  });
  const before = state();
  expect(before).toEqual({
    counts: [[4, 2, 1, 1]],
    waiting: [[3, "m3", undefined], [2, "m2", 3000]],
    sent: "sent 1",
    history: ["dead", "waiting"],
    held: [4],
    census: { expected: 4, found: 4, gap: 0, received: 4, whole: true },
  });
  await store.replay(1, ["lab/ehr"], 4000, "again");
  await store.accept({ channel: "lab", revision: "r1", receivedAt: 5000, raw: { format: "text", bytes: Buffer.from("m") }, lanes: ["lab/ehr"], checkpoint: { of: "a", value: "1" } });
  await store.close();
  store = await open();
  expect(state()).toMatchObject({ counts: [[6, 4, 1, 1]], census: { gap: 0, expected: 6, received: 6 } });
  await store.close();
});

test("a command that only reads does not convert, and says that the engine must be started", async () => {
  expect(() => openReader(dir)).toThrow(expect.objectContaining({ code: "STO-105" }));
  expect(version()).toEqual([2, 5]);
});

test("another key, or tables that version 2 never had: nothing is changed", async () => {
  const before = readFileSync(join(dir, "record.db"));
  const key = readFileSync(join(dir, "master.key"));
  writeFileSync(join(dir, "master.key"), `${"ab".repeat(32)}\n`);
  await expect(open()).rejects.toMatchObject({ code: "STO-107" });
  expect(readFileSync(join(dir, "record.db")).equals(before)).toBe(true);
  writeFileSync(join(dir, "master.key"), key);
  const db = new DatabaseSync(join(dir, "record.db"));
  db.exec("ALTER TABLE entries ADD COLUMN owner TEXT");
  db.close();
  await expect(open()).rejects.toMatchObject({ code: "STO-105" });
  expect(version()).toEqual([2, 5]);
});

test("stopped at any statement, the record is of the old version, whole, and opens the next time", async () => {
  const path = join(dir, "record.db");
  const calls = (stopAt: number) => {
    const db = new DatabaseSync(path);
    let count = 0;
    const exec = db.exec.bind(db);
    const broken = Object.assign(db, {
      exec: (text: string) => {
        // A kill: what is under way is never rolled back by us, only by whoever opens the file next.
        if (count++ >= stopAt) throw new Error("killed");
        exec(text);
      },
    });
    try {
      migrate(broken, 2, () => {});
    } catch {
      expect(stopAt).toBeLessThan(count);
    }
    db.close();
    return count;
  };
  for (let stopAt = 0; stopAt < 6; stopAt++) {
    calls(stopAt);
    expect(version()).toEqual([2, 5]);
  }
  expect(calls(99)).toBe(7);
  expect(version()).toEqual([schemaVersion, 5]);
  await (await open()).close();
});
