import { appendFileSync, cpSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { eventually, sendMllp } from "../flow/engine-on-disk.ts";
import { oru } from "../flow/small-project.ts";
import { operated, type Operated } from "./operated.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function started(change?: Parameters<typeof operated>[0]): Promise<Operated> {
  const engine = await operated(change);
  open.push(engine);
  return engine;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "sluice-care-"));
  open.push({ close: async () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

const lane = (engine: Operated, name: string) => engine.disk.engine.operations.status().lanes.find((view) => view.lane === name);

test("prune counts, deletes when told, and keeps what waits for a person", async () => {
  const engine = await started((yaml, file) => (file === "sluice.yaml" ? `${yaml}keep: { contents: 1s }\n` : yaml));
  await engine.answer("ehr");
  await engine.answer("ward");
  await sendMllp(engine.ports.source, oru("C1"));
  await eventually(() => lane(engine, "results/ward")?.ends.delivered === 1 && lane(engine, "results/ehr")?.ends.delivered === 1);
  await engine.silence("ward");
  await sendMllp(engine.ports.source, oru("C2"));
  await eventually(() => lane(engine, "results/ward")?.ends.dead === 1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await engine.cli("prune", "--json")).toMatchObject({ code: 0, out: expect.stringMatching(/"contents":1,.*"keptBack":1,"applied":false/) });
  expect((await engine.cli("message", "show", "m1", "--contents")).out).toContain("--- raw (masked)");
  expect((await engine.cli("prune", "--apply")).out).toMatch(/deleted the contents of 1 messages[\s\S]*1 are old enough and kept/);
  expect((await engine.cli("message", "show", "m1", "--contents")).out).not.toContain("--- raw");
  expect((await engine.cli("message", "show", "m2", "--contents")).out).toContain("--- raw (masked)");
  expect(engine.disk.log.some((line) => line.includes('"event":"pruned"') && line.includes('"contents":1'))).toBe(true);
  expect(engine.disk.engine.operations.status().conservationGap).toBe(0);
});

test("keys rotate while the engine runs, and what was sealed before is still read", async () => {
  const engine = await started();
  await engine.answer("ward");
  await sendMllp(engine.ports.source, oru("C1"));
  expect((await engine.cli("keys", "list")).out).toMatch(/master\.key .*seals new contents/);
  expect(await engine.cli("keys", "rotate")).toMatchObject({ code: 0, out: expect.stringContaining("sealed under master-2.key") });
  // As a kill between the file of a new key and the record leaves it.
  const left = join(engine.disk.root, ".sluice/master-3.key");
  writeFileSync(left, `${"cd".repeat(32)}\n`, { mode: 0o600 });
  expect((await engine.cli("keys", "list")).out).toMatch(/master-3\.key .*the record does not name it\s+master-2\.key .*seals new contents\s+master\.key .*opens older contents/);
  rmSync(left);
  await sendMllp(engine.ports.source, oru("C2"));
  await engine.restart();
  for (const id of ["m1", "m2"]) expect((await engine.cli("message", "show", id, "--unmask", "--purpose", "TREAT")).out).toContain("EXEMPLAR");
  expect((await engine.cli("keys", "list", "--json")).out.split("\n").length).toBe(2);
  expect(await engine.cli("keys", "burn")).toMatchObject({ code: 2 });
});

test("a backup of a running engine is verified, restored elsewhere and reads the same; one that was altered is refused", async () => {
  const engine = await started();
  await engine.answer("ward");
  await sendMllp(engine.ports.source, oru("C1"));
  await eventually(() => lane(engine, "results/ward")?.ends.delivered === 1);
  const copies = folder();
  expect(await engine.cli("backup", join(copies, "one"))).toMatchObject({ code: 0, out: expect.stringMatching(/to m1; manifest sha256 [0-9a-f]{64}\nwithout its keys: keep disclosures\.key, identity\.key, master\.key/) });
  expect(await engine.cli("backup", join(copies, "one"))).toMatchObject({ code: 1, err: expect.stringContaining("STO-401") });
  expect(await engine.cli("restore", join(copies, "one"), "--verify")).toMatchObject({ code: 0, out: expect.stringContaining("whole") });
  expect(await engine.cli("restore", join(copies, "one"))).toMatchObject({ code: 1, err: expect.stringContaining("STO-403") });
  await sendMllp(engine.ports.source, oru("C2"));
  await engine.halt();
  const data = join(engine.disk.root, ".sluice");
  renameSync(data, join(copies, "lost"));
  expect(await engine.cli("restore", join(copies, "one"), "--keys", join(copies, "lost"))).toMatchObject({ code: 0, out: expect.stringContaining("to m1") });
  expect((await engine.cli("message", "show", "m1", "--unmask", "--purpose", "TREAT")).out).toContain("EXEMPLAR");
  expect(await engine.cli("message", "show", "m2")).toMatchObject({ code: 1 });
  cpSync(join(copies, "one"), join(copies, "two"), { recursive: true });
  const file = readdirSync(join(copies, "two")).find((name) => name.endsWith(".db")) ?? "";
  appendFileSync(join(copies, "two", file), "x");
  expect(await engine.cli("restore", join(copies, "two"), "--verify")).toMatchObject({ code: 1, err: expect.stringContaining("STO-402") });
});

test("without an engine, the same commands own the record for as long as they take", async () => {
  const engine = await started();
  await sendMllp(engine.ports.source, oru("C1"));
  await engine.halt();
  const copies = folder();
  expect(await engine.cli("prune")).toMatchObject({ code: 0, out: expect.stringContaining("would delete the contents of 0 messages") });
  expect(await engine.cli("keys", "rotate")).toMatchObject({ code: 0 });
  expect(await engine.cli("backup", join(copies, "cold"), "--with-keys")).toMatchObject({ code: 0, out: expect.stringContaining("its keys are in it") });
  expect(await engine.cli("restore", join(copies, "cold"), "--verify")).toMatchObject({ code: 0 });
});
