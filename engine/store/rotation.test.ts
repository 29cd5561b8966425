import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReader, openStore, type StoreOptions } from "./index.ts";
import type { Store, StoreCare } from "./store.ts";
import { type FakeClock, fakeClock, seededRandom } from "./testing.ts";

const day = 86_400_000;
const lane = "lab/ehr";
let dir: string;
let clock: FakeClock;
let store: Store & StoreCare;
let opened = 0;
const open = async (options: Partial<StoreOptions> = {}) => {
  store = await openStore({ dir, clock, random: seededRandom(++opened), allowVolatile: true, minFreeBytes: 0, follow: false, ...options });
};
const reopen = async (options: Partial<StoreOptions> = {}) => {
  await store.close();
  await open(options);
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
  clock = fakeClock();
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const accept = (text: string, more: object = {}) =>
  store.accept({ channel: "lab", revision: "r", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [lane], ...more });
const raw = (id: number) => Buffer.from(store.message(id)?.raw?.bytes ?? []).toString();
const keyFiles = () => readdirSync(dir).filter((name) => name.endsWith(".key") && name !== "disclosures.key").toSorted();

test("what was recognised before a rotation is recognised after it: duplicates, control ids, order keys, surrogates, checkpoints", async () => {
  const first = await accept("m1", { identity: { key: "A|1" }, controlId: "MSG-1", orderKey: "MRN-1", checkpoint: { of: "a", value: "7" } });
  const token = store.surrogate("stripe", "customer", "MRN-1");
  for (let round = 0; round < 3; round++) {
    if (round < 2) await store.rotateKey();
    expect(await accept("m1", { identity: { key: "A|1" } })).toEqual({ kind: "duplicate", id: first.id });
    expect(store.search({ controlId: "MSG-1", limit: 5 }).map(({ id }) => id)).toEqual([first.id]);
    expect(store.surrogate("stripe", "customer", "MRN-1")).toBe(token);
    expect(store.checkpoint("a")).toBe("7");
    const again = await accept(`round ${round}`, { orderKey: "MRN-1" });
    expect(again.kind === "accepted" && again.entries?.[0]?.orderKey).toBe(first.kind === "accepted" && first.entries?.[0]?.orderKey);
    await reopen();
  }
  expect(raw(1)).toBe("m1");
});

for (const writer of ["inline", "thread"] as const) {
  test(`new contents are sealed under the new key alone, old ones stay readable, also beside the engine (${writer})`, async () => {
    await reopen({ writer });
    await accept("old");
    const reader = openReader(dir);
    await store.rotateKey();
    await accept("new");
    expect([raw(1), raw(2)]).toEqual(["old", "new"]);
    expect(Buffer.from(reader.message(2)?.raw?.bytes ?? []).toString()).toBe("new");
    reader.close();
    expect(keyFiles()).toEqual(["hash.key", "master-2.key", "master.key"]);
    for (const name of keyFiles()) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    const db = new DatabaseSync(join(dir, "record.db"), { readOnly: true });
    expect(db.prepare("SELECT k.master FROM raw r JOIN keys k ON k.id=r.key ORDER BY r.place").all()).toEqual([{ master: 1 }, { master: 2 }]);
    db.close();
    await reopen({ writer });
    await accept("later");
    expect([raw(1), raw(2), raw(3)]).toEqual(["old", "new", "later"]);
  });
}

test("an old master key is deleted with the last content sealed under it, and the store opens and recognises without it", async () => {
  const { id } = await accept("old", { identity: { key: "A|1" } });
  await store.settle({ lane, id, state: "delivered", at: 1, attempts: 1 });
  await store.rotateKey();
  clock.advance(2 * day);
  await accept("new");
  await store.prune([], clock.now(), false);
  expect(keyFiles()).toContain("master.key");
  await store.prune([{ channel: "lab", contentsMs: day }], clock.now(), false);
  expect(keyFiles()).toEqual(["hash.key", "master-2.key"]);
  await reopen();
  expect(await accept("old", { identity: { key: "A|1" } })).toEqual({ kind: "duplicate", id });
  expect([raw(1), raw(2)]).toEqual(["", "new"]);
  await store.rotateKey();
  expect(keyFiles()).toEqual(["hash.key", "master-2.key", "master-3.key"]);
});

test("killed between the key's file and the record: the old key goes on, and the file that nothing is sealed under goes with the next pruning", async () => {
  await accept("m");
  await store.close();
  writeFileSync(join(dir, "master-2.key"), `${"cd".repeat(32)}\n`, { mode: 0o600 });
  await open();
  await accept("n");
  await store.rotateKey();
  expect(keyFiles()).toEqual(["hash.key", "master-2.key", "master-3.key", "master.key"]);
  await accept("o");
  await store.prune([], clock.now(), false);
  expect(keyFiles()).toEqual(["hash.key", "master-3.key", "master.key"]);
  await reopen();
  expect([raw(1), raw(2), raw(3)]).toEqual(["m", "n", "o"]);
});

test("a rotation that the record refused changes nothing that is sealed", async () => {
  await accept("m");
  const db = new DatabaseSync(join(dir, "record.db"));
  db.exec("CREATE TRIGGER no BEFORE INSERT ON about WHEN NEW.name='master' BEGIN SELECT RAISE(ABORT, 'no'); END");
  await expect(store.rotateKey()).rejects.toMatchObject({ code: "STO-204" });
  db.exec("DROP TRIGGER no");
  db.close();
  await accept("n");
  await store.prune([], clock.now(), false);
  expect(keyFiles()).toEqual(["hash.key", "master.key"]);
  await reopen();
  expect([raw(1), raw(2)]).toEqual(["m", "n"]);
});

test("each key that the record names must be there, be the right one, and be its owner's alone", async () => {
  await accept("m");
  await store.rotateKey();
  await accept("n");
  await store.disclose({ kind: "access", message: 1, as: "show", purpose: "TREAT", parts: [], actor: { account: 1 } });
  await store.close();
  const broken = async (name: string, change: () => void, code: string) => {
    copyFileSync(join(dir, name), join(dir, "kept"));
    change();
    await expect(open()).rejects.toMatchObject({ code });
    copyFileSync(join(dir, "kept"), join(dir, name));
  };
  for (const name of ["master.key", "master-2.key"]) await broken(name, () => rmSync(join(dir, name)), "STO-106");
  for (const name of keyFiles()) await broken(name, () => writeFileSync(join(dir, name), `${"ab".repeat(32)}\n`), "STO-107");
  await broken("disclosures.key", () => rmSync(join(dir, "disclosures.key")), "STO-502");
  await broken("disclosures.key", () => writeFileSync(join(dir, "disclosures.key"), `${"ab".repeat(32)}\n`), "STO-107");
  await broken("hash.key", () => writeFileSync(join(dir, "hash.key"), "ab\n"), "STO-106");
  await open();
  expect(readFileSync(join(dir, "hash.key"), "latin1")).toMatch(/^[0-9a-f]{64}\n$/);
  expect(existsSync(join(dir, "hash.key.new"))).toBe(false);
});
