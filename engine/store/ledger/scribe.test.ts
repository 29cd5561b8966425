import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { disclosing } from "./sample.fixture.ts";
import { openStore, type Store, type StoreCare, type StoreOptions } from "../index.ts";
import { fakeClock, seededRandom } from "../testing.ts";
import { linesOf, recordsOf } from "./testing.ts";
import { verifyLedger } from "./verify.ts";
import { ledgerFiles } from "./files.ts";

const lane = "lab/ehr";
let root: string;
let dir: string;
let clock: ReturnType<typeof fakeClock>;
let faults: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-ledger-"));
  dir = join(root, "data");
  clock = fakeClock();
  faults = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

let opened = 0;
const open = (options: Partial<StoreOptions> = {}) =>
  openStore({ allowVolatile: true, minFreeBytes: 0, follow: false, dir, clock, random: seededRandom(++opened), onFault: (code) => faults.push(code), ...options });
const file = (number = 1) => join(dir, "disclosures", `${String(number).padStart(6, "0")}.jsonl`);

async function disclosed(store: Store & StoreCare, count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { id } = await store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.from("m") }, lanes: [lane] });
    await store.fill(lane, id, { format: "text", bytes: Buffer.from("s") }, [], disclosing);
    await store.settle({ lane, id, state: "delivered", at: clock.now(), attempts: 1 });
  }
}
/** Numbers without a gap, every intent with its outcome, and a chain that holds. */
async function isWhole(count: number, at = dir): Promise<void> {
  const lines = linesOf(at).map((line) => JSON.parse(line) as { n: number; record: { kind?: string; of?: number } });
  expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1));
  expect(lines.filter(({ record }) => record.kind === "intent").map(({ n }) => n)).toEqual(lines.flatMap(({ record }) => record.of ?? []));
  expect(lines.filter(({ record }) => record.kind === "intent")).toHaveLength(count);
  expect((await verifyLedger(ledgerFiles(join(at, "disclosures")), { keys: [] })).problems.filter(({ code }) => code !== "STO-513")).toEqual([]);
}
/** The folder as a kill or a power cut leaves it at this moment. */
function copied(name: string): string {
  const to = join(root, name);
  mkdirSync(to);
  for (const each of readdirSync(dir)) if (!each.startsWith("lock.db")) cpSync(join(dir, each), join(to, each), { recursive: true });
  return to;
}

test("what was committed and not yet in its file is there after the next start, once", async () => {
  const store = await open();
  await disclosed(store, 3);
  const killed = copied("killed");
  expect(linesOf(killed)).toEqual([]);
  await store.close();
  const again = await open({ dir: killed });
  await disclosed(again);
  await again.close();
  await isWhole(4, killed);
});

test.each([
  ["part of a line had reached the file", (path: string, lines: string) => appendFileSync(path, lines.slice(0, 90))],
  ["some lines and part of one had", (path: string, lines: string) => appendFileSync(path, lines.slice(0, lines.indexOf("\n") + 20))],
  ["all lines had", (path: string, lines: string) => appendFileSync(path, lines.slice(0, lines.lastIndexOf("\n", lines.length - 2) + 1))],
])("killed while it filed: %s", async (_, reached) => {
  const store = await open();
  await disclosed(store, 2);
  await store.close();
  const filed = readFileSync(file(), "utf8");
  const next = await open();
  await disclosed(next, 2);
  const killed = copied("killed");
  await next.close();
  reached(join(killed, "disclosures", "000001.jsonl"), readFileSync(file(), "utf8").slice(filed.length));
  await (await open({ dir: killed })).close();
  await isWhole(4, killed);
});

test("killed between a new file and its first line, or before its lines were crossed out", async () => {
  const store = await open();
  await disclosed(store, 2);
  await store.close();
  const filed = readFileSync(file(), "utf8");
  const next = await open();
  await disclosed(next, 1);
  for (const [name, text] of [["empty", ""], ["full", undefined]] as const) {
    const killed = copied(name);
    if (text !== undefined) writeFileSync(join(killed, "disclosures", "000002.jsonl"), text);
    await (await open({ dir: killed })).close();
    await isWhole(3, killed);
  }
  await next.close();
  expect(readFileSync(file(), "utf8").startsWith(filed)).toBe(true);
});

test("a month has a file of its own", async () => {
  const store = await open();
  await disclosed(store);
  await store.backup(join(root, "b1"));
  clock.advance(40 * 86_400_000);
  await disclosed(store);
  await store.close();
  expect(readdirSync(join(dir, "disclosures"))).toEqual(["000001.jsonl", "000002.jsonl"]);
  await isWhole(2);
  await (await open()).close();
});

describe("refused at the start:", () => {
  const cut = (by: (text: string) => string) => writeFileSync(file(), by(readFileSync(file(), "utf8")));
  const lines = (text: string) => text.trimEnd().split("\n");
  test.each([
    ["the last line removed", () => cut((text) => `${lines(text).slice(0, -1).join("\n")}\n`)],
    ["cut within a line", () => truncateSync(file(), 700)],
    ["emptied", () => truncateSync(file(), 0)],
    ["the last line changed", () => cut((text) => text.replace(/"hash":"."(?=[^\n]*\n$)/, '"hash":"0"').replace(/"hash":"[0-9a-f]{4}(?=[^\n]*\n$)/, '"hash":"dead'))],
    ["the file removed", () => rmSync(file())],
    ["the folder removed", () => rmSync(join(dir, "disclosures"), { recursive: true })],
    ["a line behind the end", () => appendFileSync(file(), `{"hash":"${"ab".repeat(32)}","n":99,"prev":"${"ab".repeat(32)}","record":{"kind":"x"}}\n`)],
  ])("%s", async (_, change) => {
    const store = await open();
    await disclosed(store, 2);
    await store.close();
    change();
    await expect(open()).rejects.toMatchObject({ code: "STO-501" });
  });

  test("an older record beside a newer ledger, and a new record beside an old ledger", async () => {
    const store = await open();
    await disclosed(store, 2);
    await store.close();
    const older = copied("older");
    await disclosed(await open().then(async (next) => { await disclosed(next); await next.close(); return open(); }), 0);
    rmSync(join(older, "disclosures"), { recursive: true });
    cpSync(join(dir, "disclosures"), join(older, "disclosures"), { recursive: true });
    await expect(open({ dir: older })).rejects.toMatchObject({ code: "STO-501" });
    const fresh = join(root, "fresh");
    mkdirSync(fresh);
    cpSync(join(dir, "disclosures"), join(fresh, "disclosures"), { recursive: true });
    await expect(open({ dir: fresh })).rejects.toMatchObject({ code: "STO-501" });
  });
});

test("a backup of a running engine has the ledger to its record's last line, and one that was changed is no backup", async () => {
  const { restoreBackup, verifyBackup } = await import("../index.ts");
  const store = await open();
  await disclosed(store, 2);
  await Promise.all([store.backup(join(root, "backup"), { withKeys: true }), disclosed(store, 3)]);
  await store.close();
  await verifyBackup(join(root, "backup"));
  await restoreBackup(join(root, "backup"), join(root, "restored"));
  const before = recordsOf(join(root, "restored")).filter(({ kind }) => kind === "intent").length;
  const again = await open({ dir: join(root, "restored") });
  await disclosed(again);
  await again.close();
  expect(before).toBeGreaterThanOrEqual(2);
  const lines = linesOf(join(root, "restored"));
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(lines.map((_, i) => i + 1));
});

test("a file that cannot be written holds nothing up, and is caught up with when it can", async () => {
  const store = await open({ follow: true });
  await disclosed(store, 1);
  rmSync(join(dir, "disclosures"), { recursive: true });
  writeFileSync(join(dir, "disclosures"), "");
  clock.advance(300);
  await disclosed(store, 2);
  await expect.poll(() => faults, { timeout: 30_000 }).toContain("STO-503");
  rmSync(join(dir, "disclosures"));
  clock.advance(6_000);
  await store.close();
  await isWhole(3);
});

test("a new key says so in the ledger; both keys together verify it", async () => {
  const { createPublicKey } = await import("node:crypto");
  const { signerOf } = await import("./key.ts");
  const keyNow = () => createPublicKey(signerOf(Buffer.from(readFileSync(join(dir, "disclosures.key"), "latin1").trim(), "hex")).privateKey);
  const store = await open();
  await disclosed(store);
  await store.close();
  const first = keyNow();
  const renewed = await open({ renewLedgerKey: true });
  await disclosed(renewed);
  await renewed.close();
  const verified = async (...keys: (typeof first)[]) => (await verifyLedger([file()], { keys })).problems.map(({ code }) => code);
  expect(await verified(first, keyNow())).toEqual([]);
  expect(await verified(first)).toContain("STO-513");
  expect(recordsOf(dir).filter(({ kind }) => kind === "key")).toHaveLength(1);
});

test("checkpoints go to the anchor; an anchor that cannot be written is told and holds nothing up", async () => {
  const store = await open({ anchor: join(root, "anchor") });
  await disclosed(store);
  await store.close();
  const [name = ""] = readdirSync(join(root, "anchor"));
  expect(readFileSync(join(root, "anchor", name), "utf8").trimEnd()).toBe(linesOf(dir).at(-1));
  writeFileSync(join(root, "blocked"), "");
  const other = await open({ anchor: join(root, "blocked") });
  await disclosed(other);
  await other.close();
  expect(faults).toEqual(["STO-504"]);
  await isWhole(2);
});
