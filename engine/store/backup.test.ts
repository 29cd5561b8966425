import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "./backup-manifest.ts";
import { openStore, restoreBackup, type Store, type StoreCare, verifyBackup } from "./index.ts";
import { fakeClock, seededRandom } from "./testing.ts";

const lane = "lab/ehr";
let root: string;
let data: string;
let to: string;
let opened: (Store & StoreCare)[];
const open = async (dir = data, seed = 1) => {
  const store = await openStore({ dir, clock: fakeClock(), random: seededRandom(seed), allowVolatile: true, minFreeBytes: 0, follow: false });
  opened.push(store);
  return store;
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-backup-"));
  data = join(root, "data");
  to = join(root, "backup");
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(root, { recursive: true });
});

const accept = (store: Store, text: string, more: object = {}) =>
  store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.from(text) }, lanes: [lane], identity: { key: text }, ...more });
const raw = (store: Store, id: number) => Buffer.from(store.message(id)?.raw?.bytes ?? []).toString();
/** A store with something of everything, and what stands beside it. */
const filled = async () => {
  const store = await open();
  for (let n = 1; n <= 20; n++) await accept(store, `m${n}`, { checkpoint: { of: "a", value: `${n}` } });
  await store.fill(lane, 1, { format: "text", bytes: Buffer.from("sent") }, ["line"]);
  await store.settle({ lane, id: 1, state: "delivered", at: 2, attempts: 1, reason: "why" });
  await store.settle({ lane, id: 2, state: "dead", at: 2, attempts: 1 });
  await store.setPaused(lane, { at: 3, reason: "asked" });
  mkdirSync(join(data, "revisions"));
  writeFileSync(join(data, "revisions", "lab@r.json"), "{}");
  writeFileSync(join(data, "access.jsonl"), "{}\n");
  writeFileSync(join(data, "identity.key"), `${"ef".repeat(32)}\n`, { mode: 0o600 });
  return store;
};
const names = (dir: string): string[] => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1)).toSorted();

test("a backup under load holds every message up to its last one, whole, and the record goes on meanwhile", { timeout: 240_000 }, async () => {
  const store = await filled();
  for (let n = 0; n < 40; n++) await Promise.all(Array.from({ length: 50 }, (_, m) => accept(store, `x${n}.${m} ${"y".repeat(2000)}`)));
  let over = false;
  const texts = new Map<number, string>();
  const before = store.list({ limit: 1 })[0]?.id ?? 0;
  const load = (async () => {
    for (let n = 0; !over; n++) {
      const { id } = await accept(store, `load ${n}`);
      texts.set(id, `load ${n}`);
      await store.settle({ lane, id, state: "delivered", at: 5, attempts: 1 });
    }
  })();
  const report = await store.backup(to, { withKeys: true });
  over = true;
  await load;
  // Held up until the backup is over, the first of them would be the only one.
  expect(texts.size).toBeGreaterThan(1);
  expect(report.last).toBeGreaterThanOrEqual(before);
  expect(await verifyBackup(to)).toEqual(report);
  expect((await restoreBackup(to, join(root, "there"))).missingKeys).toEqual([]);
  const restored = await open(join(root, "there"), 2);
  expect(restored.list({ limit: 1 })[0]?.id).toBe(report.last);
  for (let id = 1; id <= report.last; id++) expect(raw(restored, id)).toBe(raw(store, id));
  let census = restored.census();
  while (!census.whole) census = restored.census();
  expect(census).toMatchObject({ gap: 0, received: census.expected });
  expect([restored.checkpoint("a"), restored.counts()[0]?.paused?.reason]).toEqual(["20", "asked"]);
  expect((await accept(restored, "m7")).kind).toBe("duplicate");
  expect(restored.search({ states: ["dead"], limit: 5 }).map(({ id }) => id)).toEqual([2]);
});

test("what is in it: the record, what stands beside it, for its owner alone; keys only when asked", async () => {
  const store = await filled();
  await store.rotateKey();
  await accept(store, "under the new key");
  const keys = ["disclosures.key", "hash.key", "identity.key", "master-2.key", "master.key"];
  const { keys: without } = await store.backup(to);
  expect(without).toEqual({ included: false, needed: keys });
  expect(names(to)).toEqual(["access.jsonl", "manifest.json", "record.db", "revisions/lab@r.json"]);
  const other = join(root, "other");
  expect(await store.backup(other, { withKeys: true })).toMatchObject({ keys: { included: true, needed: keys }, files: 8, last: 21 });
  expect(names(other)).toEqual([...names(to), ...keys].toSorted());
  for (const name of names(other)) expect(statSync(join(other, name)).mode & 0o077).toBe(0);
  const text = names(to).map((name) => readFileSync(join(to, name), "latin1")).join("");
  expect(text).not.toContain(readFileSync(join(data, "master.key"), "latin1").trim());
});

test("without its keys it is restored and does not open; with them, from another folder, it does", async () => {
  const store = await filled();
  await store.backup(to);
  const [one, two] = [join(root, "one"), join(root, "two")];
  expect((await restoreBackup(to, one)).missingKeys).toEqual(["disclosures.key", "identity.key", "master.key"]);
  await expect(open(one)).rejects.toMatchObject({ code: "STO-106" });
  copyFileSync(join(data, "master.key"), join(one, "master.key"));
  expect(raw(await open(one, 3), 1)).toBe("m1");
  expect((await restoreBackup(to, two, { keys: data })).missingKeys).toEqual([]);
  expect(raw(await open(two, 4), 1)).toBe("m1");
  expect(names(two)).toEqual(expect.arrayContaining(["identity.key", "revisions/lab@r.json", "access.jsonl"]));
});

test("keys of another store are refused, and nothing is left", async () => {
  const store = await filled();
  await store.backup(to);
  const keys = join(root, "keys");
  mkdirSync(keys);
  for (const name of ["master.key", "identity.key"]) writeFileSync(join(keys, name), `${"ab".repeat(32)}\n`, { mode: 0o600 });
  await expect(restoreBackup(to, join(root, "there"), { keys })).rejects.toMatchObject({ code: "STO-107" });
  expect(readdirSync(root).toSorted()).toEqual(["backup", "data", "keys"]);
});

test("a restored store and the one it came from never use a nonce twice under one key", async () => {
  const store = await filled();
  await store.backup(to, { withKeys: true });
  await restoreBackup(to, join(root, "there"));
  const restored = await open(join(root, "there"), 2);
  for (const one of [store, restored]) for (let n = 0; n < 5; n++) await accept(one, `after ${n}`);
  const sealed = (dir: string, after: number) => {
    const db = new DatabaseSync(join(dir, "record.db"), { readOnly: true });
    const rows = db.prepare("SELECT hex(k.salt) || ' ' || r.nonce AS at FROM raw r JOIN keys k ON k.id=r.key WHERE r.place>?").all(after * 256 + 255) as unknown as { at: string }[];
    db.close();
    return rows.map(({ at }) => at);
  };
  const both = [...sealed(data, 20), ...sealed(join(root, "there"), 20)];
  expect([both.length, new Set(both).size]).toEqual([10, 10]);
});

test("numbers given out after the backup are not given to others, however often it is restored; what was in flight keeps its own", async () => {
  const store = await filled();
  await store.requeue(lane, 2, 3);
  await store.backup(to, { withKeys: true });
  await store.replay(1, [lane], 9, "again");
  const { at } = JSON.parse(readFileSync(join(to, "manifest.json"), "utf8")) as Manifest;
  const numbers: number[] = [(await accept(store, "after")).id];
  const century = 100 * 366 * 86_400_000;
  for (const [n, now] of [undefined, at + 3_600_000, at + 7_200_000, at + century].entries()) {
    const there = join(root, `there${n}`);
    await restoreBackup(to, there, now === undefined ? {} : { now });
    const restored = await open(there, n + 2);
    const waiting = restored.claim(lane, 0, { entries: 99, bytes: 1e9 });
    expect(waiting.map(({ id }) => id)).toEqual([...Array.from({ length: 18 }, (_, i) => i + 3), 2]);
    await restored.replay(1, [lane], 9, "again");
    for (let m = 0; m < 3; m++) numbers.push((await accept(restored, `there ${n} ${m}`)).id);
    expect(raw(restored, numbers.at(-1) ?? 0)).toBe(`there ${n} 2`);
    expect(restored.search({ channel: "lab", limit: 1 })[0]?.id).toBe(numbers.at(-1));
    expect(conserved(restored)).toMatchObject({ whole: true, gap: 0, expected: 24, received: 24 });
    // Those that the engine before it gave out until now, at more than any record takes.
    const since = Math.max(0, (now ?? at) - at);
    if (since < century) expect(numbers.at(-3)).toBeGreaterThan((numbers[0] ?? 0) + since * 5);
  }
  expect(new Set(numbers).size).toBe(13);
  expect(Math.max(...numbers) * 256 * 10).toBeLessThan(Number.MAX_SAFE_INTEGER);

  function conserved(restored: Store) {
    for (let n = 0; n < 3; n++) restored.census();
    return restored.census();
  }
});

test("a restored record that is restored again goes on still farther, and its loss of an old entry is seen", async () => {
  const store = await filled();
  await store.backup(to, { withKeys: true });
  const [there, second] = [join(root, "there"), join(root, "second")];
  await restoreBackup(to, there);
  const restored = await open(there, 2);
  const { id } = await accept(restored, "x");
  await restored.backup(second, { withKeys: true });
  await restoreBackup(second, join(root, "farther"));
  const farther = await open(join(root, "farther"), 3);
  const next = await accept(farther, "y");
  expect(next.id).toBeGreaterThan(id + 1_000_000);
  const db = new DatabaseSync(join(root, "farther", "record.db"));
  db.exec("DELETE FROM entries WHERE position=5");
  db.close();
  for (let n = 0; n < 5; n++) farther.census();
  expect(farther.census()).toMatchObject({ whole: true, gap: 1 });
});

test("what retention deleted is in no backup made after it", async () => {
  const store = await filled();
  const db = new DatabaseSync(join(data, "record.db"), { readOnly: true });
  const { body } = db.prepare("SELECT body FROM raw WHERE place=256").get() as { body: Uint8Array };
  db.close();
  await store.prune([{ channel: "lab", contentsMs: 1 }], 1_000_000, false);
  await store.backup(to);
  expect(readFileSync(join(to, "record.db")).includes(body)).toBe(false);
});

describe("an altered backup is refused, and nothing is restored from it:", () => {
  beforeEach(async () => {
    await (await filled()).backup(to, { withKeys: true });
  });
  const refused = async (code = "STO-402") => {
    await expect(verifyBackup(to)).rejects.toMatchObject({ code });
    await expect(restoreBackup(to, join(root, "there"))).rejects.toMatchObject({ code });
    expect(readdirSync(root).toSorted()).toEqual(["backup", "data"]);
  };
  const rewrite = (change: (manifest: Manifest) => object) => {
    const manifest = JSON.parse(readFileSync(join(to, "manifest.json"), "utf8")) as Manifest;
    writeFileSync(join(to, "manifest.json"), JSON.stringify({ ...manifest, ...change(manifest) }));
  };
  const withNewHash = (manifest: Manifest) => ({
    files: manifest.files.map((file) => {
      const bytes = readFileSync(join(to, file.name));
      return { name: file.name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    }),
  });

  test("a flipped byte in any file", async () => {
    for (const name of names(to).filter((one) => one !== "manifest.json")) {
      const bytes = readFileSync(join(to, name));
      const other = Buffer.from(bytes);
      other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1;
      writeFileSync(join(to, name), other);
      await refused();
      writeFileSync(join(to, name), bytes);
    }
    await verifyBackup(to);
  });

  test("a file cut short, gone, or no manifest", async () => {
    truncateSync(join(to, "record.db"), 4096);
    await refused();
    rmSync(join(to, "record.db"));
    await refused();
    rmSync(join(to, "manifest.json"));
    await refused();
  });

  test("a manifest that is none", async () => {
    writeFileSync(join(to, "manifest.json"), "{");
    await refused();
  });

  test("a manifest that leads out of the backup", async () => {
    writeFileSync(join(root, "data", "outside"), "x");
    rewrite((manifest) => ({ files: [...manifest.files, { name: "../data/outside", bytes: 1, sha256: createHash("sha256").update("x").digest("hex") }] }));
    await refused();
  });

  test("a row less, with every hash made to fit", async () => {
    const db = new DatabaseSync(join(to, "record.db"));
    db.exec("DELETE FROM entries WHERE position=5");
    db.close();
    rewrite(withNewHash);
    await refused();
  });

  test("a damaged page, with every hash made to fit", async () => {
    const bytes = readFileSync(join(to, "record.db"));
    bytes.fill(0xa5, 8192, 8192 + 4096);
    writeFileSync(join(to, "record.db"), bytes);
    rewrite(withNewHash);
    await expect(verifyBackup(to)).rejects.toMatchObject({ code: expect.stringMatching(/^STO-(402|104|105)$/) });
  });

  test("of a newer version", async () => {
    const db = new DatabaseSync(join(to, "record.db"));
    db.exec("PRAGMA user_version=99");
    db.close();
    rewrite((manifest) => ({ ...withNewHash(manifest), schema: 99 }));
    await refused("STO-105");
  });
});

test("folders that hold something are left alone, and a backup does not go into the store itself", async () => {
  const store = await filled();
  mkdirSync(to);
  await store.backup(to);
  const before = names(to);
  await expect(store.backup(to)).rejects.toMatchObject({ code: "STO-401" });
  await expect(store.backup(join(data, "inside"))).rejects.toMatchObject({ code: "STO-401" });
  expect([names(to), existsSync(join(data, "inside"))]).toEqual([before, false]);
  await expect(restoreBackup(to, data)).rejects.toMatchObject({ code: "STO-403" });
  mkdirSync(join(root, "empty"));
  await restoreBackup(to, join(root, "empty"));
  await expect(restoreBackup(to, join(root, "empty"))).rejects.toMatchObject({ code: "STO-403" });
});

test("a backup that fails leaves nothing; a restore that was killed is begun anew", async () => {
  const store = await filled();
  rmSync(join(data, "access.jsonl"));
  mkdirSync(join(root, "file-in-the-way"));
  writeFileSync(to, "a file");
  await expect(store.backup(join(to, "below"))).rejects.toMatchObject({ code: "STO-103" });
  rmSync(to);
  await store.backup(to, { withKeys: true });
  mkdirSync(join(root, ".there.restoring"));
  writeFileSync(join(root, ".there.restoring", "record.db"), "half");
  await restoreBackup(to, join(root, "there"));
  expect(existsSync(join(root, ".there.restoring"))).toBe(false);
  expect(raw(await open(join(root, "there"), 2), 20)).toBe("m20");
});
