import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock, systemRandom } from "../../engine/runtime/clock.ts";
import { openStore } from "../../engine/store/index.ts";
import { ledgerFiles } from "../../engine/store/ledger/files.ts";
import { linesOf } from "../../engine/store/ledger/testing.ts";
import { verifyLedger } from "../../engine/store/ledger/verify.ts";

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-ledger-"));
  dir = join(root, "data");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("killed by the system while it works: every fill that was told of has one intent, and nothing is missing or double", { timeout: 180_000 }, async () => {
  const told = new Set<string>();
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "disclosing-process.ts"), dir], { stdio: ["ignore", "pipe", "inherit"] });
    const until = 40 + kill * 25;
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      told.add(line);
      if (++seen === until) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await (await openStore({ dir, clock: systemClock, random: systemRandom, allowVolatile: true, minFreeBytes: 0 })).close();
  const lines = linesOf(dir).map((line) => JSON.parse(line) as { n: number; record: { kind?: string; message?: number } });
  expect(lines.map(({ n }) => n)).toEqual(lines.map((_, i) => i + 1));
  const intents = lines.flatMap(({ record }) => (record.kind === "intent" ? [`${record.message}`] : []));
  expect(new Set(intents).size).toBe(intents.length);
  expect([...told].filter((id) => !intents.includes(id))).toEqual([]);
  expect((await verifyLedger(ledgerFiles(join(dir, "disclosures")), { keys: [] })).problems.filter(({ code }) => code !== "STO-513")).toEqual([]);
});
