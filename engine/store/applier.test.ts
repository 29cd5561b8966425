import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Applier } from "./applier.ts";
import { LedgerBook } from "./ledger/book.ts";
import { signerOf } from "./ledger/key.ts";
import type { Op } from "./op.ts";
import { createRecord, openForWriting } from "./record.ts";
import { Reader } from "./reader.ts";
import { deriveMaster } from "./vault.ts";

const keys = deriveMaster(new Map([[1, Buffer.alloc(32, 7)]]));
const lane = "lab/ehr";
let dir: string;
let db: ReturnType<typeof openForWriting>;
let applier: Applier;
let reader: Reader;
const ledger = () => new LedgerBook(db, keys, { signer: signerOf(Buffer.alloc(32, 5)), after: 0 }, "00".repeat(16));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
  createRecord(dir, keys);
  db = openForWriting(dir);
  applier = new Applier(db, keys, Buffer.alloc(16, 1), ledger(), () => 0);
  reader = new Reader(db, keys);
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true });
});

const accept = (bytes = 10): Op => ({ kind: "accept", channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.alloc(bytes, 65) }, lanes: [lane] });
const settle = (id: number, state: "delivered" | "held" = "delivered"): Op => ({ kind: "settle", settlement: { lane, id, state, at: 2, attempts: 1 } });
const claimIds = (after = 0) => reader.claim(lane, after, { entries: 10, bytes: 1e9 }, () => {}).map((entry) => entry.id);

test("a full disk refuses the whole list, leaves nothing of it, and is over when there is room", () => {
  expect(applier.run([accept()], 1).results[0]).toMatchObject({ kind: "accepted", id: 1 });
  const { page_count } = db.prepare("PRAGMA page_count").get() as { page_count: number };
  db.exec(`PRAGMA max_page_count=${page_count + 2}`);
  const written = applier.run([accept(20), accept(100_000), settle(1)], 1);
  expect(written.results).toEqual(Array.from({ length: 3 }, () => ({ kind: "refused", code: "STO-201" })));
  expect(written.failed).toBeUndefined();
  expect(reader.counts()[0]).toMatchObject({ received: 1, waiting: 1 });
  db.exec("PRAGMA max_page_count=1000000");
  expect(applier.run([accept(100_000), settle(1)], 1).results).toMatchObject([{ kind: "accepted", id: 2 }, { kind: "done" }]);
  expect(claimIds()).toEqual([2]);
  expect(reader.message(2)?.raw?.bytes.length).toBe(100_000);
});

test("a record that was closed under the writer stops it for good", () => {
  db.exec("DROP TABLE lanes");
  expect(applier.run([accept()], 1)).toMatchObject({ results: [{ kind: "refused" }], failed: "STO-203" });
});

test("too many destinations are refused, the neighbours accepted", () => {
  const lanes = Array.from({ length: 256 }, (_, i) => `lab/${i}`);
  const results = applier.run([accept(), { ...accept(), lanes } as Op, accept()], 1).results;
  expect(results).toMatchObject([{ kind: "accepted" }, { kind: "refused", code: "STO-304" }, { kind: "accepted" }]);
});

test("a long settled run is skipped, also by a writer that starts afresh", () => {
  const total = 3000;
  applier.run(Array.from({ length: total }, () => accept()), 1);
  applier.run(Array.from({ length: total - 1 }, (_, i) => settle(i + 1)), 1);
  const marks = () => db.prepare("SELECT idle, clear FROM lanes").get() as { idle: number; clear: number };
  expect(marks().idle).toBeGreaterThan(total - 66);
  expect(claimIds()).toEqual([total]);
  applier = new Applier(db, keys, Buffer.alloc(16, 2), ledger(), () => 0);
  applier.run([settle(total, "held"), accept(), accept()], 1);
  expect(claimIds()).toEqual([total + 1, total + 2]);
  applier.run([{ kind: "settle", settlement: { lane, id: total, state: "waiting", at: 3, attempts: 1 } }], 1);
  expect(claimIds()).toEqual([total, total + 1, total + 2]);
  expect(reader.counts()[0]).toMatchObject({ waiting: 3, held: 0, oldestAt: 1 });
});
