import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Follower } from "./follower.ts";
import { GroupCommit } from "./group-commit.ts";
import type { Op } from "./op.ts";
import { Scribe } from "./ledger/scribe.ts";
import { Reader } from "./reader.ts";
import { createRecord, openForWriting } from "./record.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { fakeClock, seededRandom } from "./testing.ts";
import { deriveMaster } from "./vault.ts";

test("a surrogate whose commit was refused stays the same and goes again before the next fill", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sluice-store-"));
  const keys = deriveMaster(new Map([[1, Buffer.alloc(32, 7)]]));
  createRecord(dir, keys);
  const db = openForWriting(dir);
  let full = true;
  const written: Op["kind"][] = [];
  const commit = new GroupCommit({
    now: () => 0,
    defer: (run) => void setImmediate(run),
    onFault: () => {},
    choose: () => ({
      kind: "inline",
      write(ops) {
        if (!full) written.push(...ops.map((op) => op.kind));
        return { results: ops.map(() => (full ? { kind: "refused", code: "STO-201" } : { kind: "done" })), commitMs: 0 };
      },
      close: async () => {},
    }),
  });
  const reader = new Reader(db, keys);
  const follower = new Follower({ dir, db, names: reader.names, clock: fakeClock(), timer: false, onIdle: () => false, onIndexed: () => {} });
  const scribe = new Scribe({ dir, db, clock: fakeClock(), submit: (op) => commit.submit(op), stopped: () => commit.stopped !== undefined, onFault: () => {}, timer: false });
  const store = new SqliteStore({
    dir, db, keys, commit, reader, follower, scribe, lock: { release: () => {} }, clock: fakeClock(), random: seededRandom(), minFreeBytes: 0, onFault: () => {}, defer: (run) => void setImmediate(run),
  });
  const fill = () => store.fill("lab/ehr", 1, { format: "text", bytes: Buffer.from("x") }, []);
  const token = store.surrogate("stripe", "customer", "MRN-1");
  await expect(fill()).rejects.toMatchObject({ code: "STO-201" });
  full = false;
  expect(store.surrogate("stripe", "customer", "MRN-1")).toBe(token);
  await fill();
  expect(written).toEqual(["surrogate", "fill"]);
  await store.close();
  rmSync(dir, { recursive: true });
});
