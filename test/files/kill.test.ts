import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock, systemRandom } from "../../engine/runtime/clock.ts";
import { openStore } from "../../engine/store/index.ts";
import { freePort } from "../flow/engine-on-disk.ts";
import { EngineProcess } from "../ledger/engine-process.ts";
import { idOf, writeBigFile } from "./big-input.ts";
import { writeBigProject } from "./big-project.ts";

let folder: string;
beforeAll(() => {
  const parent = join(import.meta.dirname, "../../.sluice");
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "test-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("50,000 records, the engine killed in the middle again and again: each is on record once, in the file's order", async () => {
  const count = 50_000;
  // The partner is down: what is looked at is what was taken in, and that goes on without it.
  writeBigProject(folder, "csv", await freePort());
  const { records } = writeBigFile(join(folder, "big"), "csv", count * 120, 120);
  expect(records).toBe(count);
  renameSync(join(folder, "big"), join(folder, "in/big"));
  const isTaken = () => !existsSync(join(folder, "in/big"));
  let inTheMiddle = 0;
  for (const ms of [700, 1_400, 400]) {
    const engine = new EngineProcess(folder);
    await engine.ready;
    await pause(ms);
    await engine.kill();
    if (!isTaken()) inTheMiddle++;
  }
  expect(inTheMiddle).toBe(3);
  const engine = new EngineProcess(folder);
  await engine.ready;
  for (let i = 0; i < 9_000 && !isTaken(); i++) await pause(50);
  expect(await engine.stop()).toBe(0);
  expect(readdirSync(join(folder, "taken"))).toEqual(["big"]);

  const store = await openStore({ dir: join(folder, ".sluice"), clock: systemClock, random: systemRandom, minFreeBytes: 0 });
  try {
    const ids: number[] = [];
    for (let before: number | undefined; ; ) {
      const page = store.list({ limit: 500, ...(before === undefined ? {} : { before }) });
      for (const { id } of page) ids.push(idOf(new TextDecoder().decode(store.message(id)?.raw?.bytes)));
      before = page.at(-1)?.id;
      if (before === undefined || page.length < 500) break;
    }
    expect(ids.length).toBe(count);
    expect(ids.reverse().every((id, index) => id === index + 1)).toBe(true);
  } finally {
    await store.close();
  }
}, 600_000);

test("the drill at its smallest: records are counted at the partner, and it can fail", async () => {
  const drill = async (...more: string[]) => {
    const args = [join(import.meta.dirname, "big-file.ts"), "--json", "--size", "150k", "--record", "1k", ...more];
    const { stdout, code } = await promisify(execFile)(process.execPath, args).then(({ stdout }) => ({ stdout, code: 0 }), (error) => error);
    return { code, ...JSON.parse(stdout) };
  };
  expect(await drill("--format", "hl7v2")).toMatchObject({ code: 0, drill: "file", format: "hl7v2", kills: 1, lost: 0, repeated: 0, reordered: 0, records: 150 });
  expect(await drill("--kills", "0", "--sabotage", "drop-record")).toMatchObject({ code: 1, lost: 1 });
  expect(await drill("--kills", "0", "--sabotage", "repeat-record")).toMatchObject({ code: 1, lost: 1, repeated: 1 });
}, 400_000);
