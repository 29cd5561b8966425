import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./index.ts";
import type { Store, StoreCare } from "./store.ts";
import { type FakeClock, fakeClock, seededRandom } from "./testing.ts";
import { writeVersion2 } from "./version-2.fixture.ts";

const day = 86_400_000;
const lane = "lab/ehr";
let dir: string;
let clock: FakeClock;
let store: Store & StoreCare;
const open = async (seed = 1) => {
  store = await openStore({ dir, clock, random: seededRandom(seed), allowVolatile: true, minFreeBytes: 0, follow: false });
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

const accept = async (text: string, more: object = {}) =>
  (await store.accept({ channel: "lab", revision: "r", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [lane], ...more })).id;
const deliver = async (id: number, reason?: string) => {
  await store.fill(lane, id, { format: "text", bytes: Buffer.from(`sent ${id}`) }, []);
  await store.settle({ lane, id, state: "delivered", at: clock.now(), attempts: 1, ...(reason !== undefined && { reason }) });
};
const prune = (contents: number, metadata?: number) => store.prune([{ channel: "lab", contentsMs: contents * day, ...(metadata !== undefined && { metadataMs: metadata * day }) }], clock.now(), false);
function read<T>(text: string): T[] {
  const db = new DatabaseSync(join(dir, "record.db"), { readOnly: true });
  const rows = db.prepare(text).all() as unknown as T[];
  db.close();
  return rows;
}
const keys = () => read<{ id: number }>("SELECT id FROM keys ORDER BY id").map(({ id }) => id);

test("with the last content of a day its key goes, and nothing of either is left in the files", async () => {
  for (let n = 0; n < 3; n++) {
    await deliver(await accept(`m${n}`, { checkpoint: { of: `a${n}`, value: `${n}` } }), "a reason");
    await store.setPaused(`lab/${n}`, { at: 1, reason: `pause ${n}` });
    clock.advance(day);
  }
  const [first] = read<{ salt: Uint8Array; body: Uint8Array }>("SELECT salt, body FROM keys k JOIN raw r ON r.key=k.id WHERE r.place=256");
  const files = () => ["record.db", "record.db-wal"].map((name) => readFileSync(join(dir, name)));
  const stands = (bytes: Uint8Array | undefined) => files().some((file) => file.includes(bytes ?? "none"));
  await store.writable();
  expect([stands(first?.salt), stands(first?.body), keys()]).toEqual([true, true, [1, 2, 3]]);
  await prune(2.5);
  expect(keys()).toEqual([2, 3, 4]);
  expect([stands(first?.salt), stands(first?.body)]).toEqual([false, false]);
  // What is small and still holds moved to the newest key.
  expect([store.checkpoint("a0"), store.counts().find((one) => one.lane === "lab/0")?.paused?.reason]).toEqual(["0", "pause 0"]);
  expect([store.message(2)?.raw?.bytes.length, store.message(2)?.history[0]?.reason]).toEqual([2, "a reason"]);
  clock.advance(10 * day);
  await prune(1);
  // What moved to a new key frees the one before it for the next time.
  await prune(1);
  expect(keys()).toEqual([5]);
  expect(["a0", "a1", "a2"].map((name) => store.checkpoint(name))).toEqual(["0", "1", "2"]);
});

test("a key stays while anything is sealed by it: a late delivery, one that waits, a channel that keeps, a reason", async () => {
  const late = await accept("late");
  const other = await accept("kept", { channel: "own", lanes: [] });
  clock.advance(day);
  await deliver(late);
  const waits = await accept("waits");
  clock.advance(day);
  await deliver(await accept("young"));
  await prune(1.5);
  expect(keys()).toEqual([1, 2, 3]);
  expect([store.message(late)?.raw, Buffer.from(store.message(other)?.raw?.bytes ?? []).toString()]).toEqual([undefined, "kept"]);
  await store.cancel(lane, waits, clock.now(), "reason of day 3");
  clock.advance(day);
  await store.prune([{ channel: "lab", contentsMs: 1.5 * day }, { channel: "own", contentsMs: day }], clock.now(), false);
  expect(keys()).toEqual([3]);
  expect(store.message(waits)?.history[0]).toEqual({ lane, at: clock.now() - day, state: "cancelled", attempts: 0 });
});

test("keys of a record of version 2, of which less is known, go when all of its messages have gone", async () => {
  await store.close();
  rmSync(dir, { recursive: true });
  dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
  writeVersion2(dir);
  await open(5);
  await deliver(await accept("new"));
  await store.cancel(lane, 4, clock.now(), "r");
  for (const id of [2, 3]) await deliver(id);
  await prune(0.5);
  expect(keys()).toEqual([1, 2]);
  clock.advance(day);
  await accept("newer");
  await prune(0.5, 0.75);
  expect(keys().includes(1)).toBe(false);
  expect(store.list({ limit: 9 }).map(({ id }) => id)).toEqual([7]);
});

test("the file is used again and does not grow for ever", async () => {
  const sizes: number[] = [];
  for (let round = 0; round < 6; round++) {
    const ids = await Promise.all(Array.from({ length: 300 }, () => accept("x".repeat(3000))));
    await Promise.all(ids.map((id) => deliver(id)));
    clock.advance(day);
    await prune(0.5, 0.5);
    sizes.push(statSync(join(dir, "record.db")).size);
  }
  expect(sizes[5]).toBeLessThan((sizes[1] ?? 0) * 1.1);
});

test("many blocks: the census is whole again after some looks, and never wrong in between", async () => {
  const ids = await Promise.all(Array.from({ length: 12_000 }, (_, n) => accept("m", n % 2 === 0 ? {} : { channel: "own", lanes: ["own/out"] })));
  await Promise.all(ids.map((id, n) => store.settle({ lane: n % 2 === 0 ? lane : "own/out", id, state: "delivered", at: 1, attempts: 1 })));
  while (!store.census().whole);
  clock.advance(day);
  const pruned = prune(0.5, 0.5);
  let looks = 0;
  let over = false;
  void pruned.then(() => {
    over = true;
  });
  while (!over || !store.census().whole) {
    const { gap, whole, expected, received, found } = store.census();
    expect([gap, found]).toEqual([0, expected]);
    if (whole) expect(received).toBe(expected);
    looks++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(looks).toBeGreaterThan(5);
  expect(store.census()).toEqual({ expected: 6000, found: 6000, gap: 0, received: 6000, whole: true });
});

test("killed while pruning: counters, rows and the next pruning are right", { timeout: 240_000 }, async () => {
  await store.close();
  for (let run = 0; run < 3; run++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "testing-prune.ts"), dir, `${run}`], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    let lines = 0;
    for await (const _ of createInterface({ input: child.stdout })) if (++lines === 3 + run * 2) child.kill("SIGKILL");
    await exited;
    expect(lines).toBeGreaterThanOrEqual(3);
    await open(100 + run);
    let census = store.census();
    while (!census.whole) census = store.census();
    expect(census).toMatchObject({ gap: 0, found: census.expected, received: census.expected });
    for (const { received, waiting, held, ends } of store.counts()) expect(Object.values(ends).reduce((sum, count) => sum + count, waiting + held)).toBe(received);
    const late = clock.now() + 400 * day;
    await store.prune([{ channel: "lab", contentsMs: day, metadataMs: day }], late, false);
    expect(store.census()).toMatchObject({ gap: 0 });
    expect(store.list({ limit: 9 })).toEqual([]);
    await store.close();
  }
  await open(200);
});
