import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeClock, seededRandom } from "../store/testing.ts";
import { openStore, restoreBackup, verifyBackup } from "../store/index.ts";
import { openCases } from "./index.ts";

test("a backup beside a running engine holds the cases, and a restored engine judges by them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-cases-backup-"));
  const [data, copy, again] = ["data", "copy", "again"].map((name) => join(folder, name)) as [string, string, string];
  const [clock, random] = [fakeClock(), seededRandom()];
  const open = async (dir: string) => {
    const store = await openStore({ dir, clock, random, allowVolatile: true, minFreeBytes: 0, follow: false });
    return { store, cases: openCases({ dir, random, defer: (run) => void setImmediate(run), keyedId: (purpose, ...parts) => store.keyedId(purpose, ...parts) }) };
  };
  const spec = { kind: "result", list: "review", owner: "desk", key: ["k"], stamp: "s", state: { const: "final", codes: {} }, opens: true, stale: "hold" as const, same: [], booked: [], known: [] };
  const ask = (cases: Awaited<ReturnType<typeof open>>["cases"], message: number, value: number) =>
    cases.ask({ message, channel: "lab", spec, facts: { cases: [{ key: "F1", state: "final", stamp: { kind: "number", value } }], same: [], booked: [], known: [] }, isPutBack: false, at: 1 });
  const first = await open(data);
  expect(await ask(first.cases, 1, 7)).toMatchObject({ kind: "passes" });
  const report = await first.store.backup(copy, { withKeys: true });
  expect(report.files).toBeGreaterThan(1);
  await verifyBackup(copy);
  first.cases.end();
  await first.store.close();
  await restoreBackup(copy, again);
  const second = await open(again);
  expect(await ask(second.cases, 2, 6)).toMatchObject({ kind: "held", code: "CAS-103" });
  expect(await ask(second.cases, 3, 8)).toMatchObject({ kind: "passes", previous: "final" });
  second.cases.end();
  await second.store.close();
  rmSync(folder, { recursive: true });
});
