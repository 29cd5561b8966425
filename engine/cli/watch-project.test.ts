import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../../test/flow/engine-on-disk.ts";
import { watchProject } from "./watch-project.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

function watched(quietMs?: number) {
  const root = mkdtempSync(join(tmpdir(), "sluice-watch-"));
  ends.push(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "transforms"));
  mkdirSync(join(root, ".sluice"));
  mkdirSync(join(root, "store"));
  const told: string[][] = [];
  const watcher = watchProject(root, { data: join(root, "store"), ...(quietMs === undefined ? {} : { quietMs }), onChange: (files) => told.push([...files].toSorted()) });
  ends.push(() => watcher.close());
  return { root, told, write: (name: string, text = "x") => writeFileSync(join(root, name), text) };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("what an editor does in one save is one change: written in pieces, renamed into place", async () => {
  const { root, told, write } = watched(400);
  write("a.yaml", "");
  await pause(5);
  write("a.yaml", "half");
  await pause(5);
  write(".a.yaml.swp", "whole");
  renameSync(join(root, ".a.yaml.swp"), join(root, "a.yaml"));
  write("transforms/t.ts");
  await eventually(() => told.length > 0);
  await pause(500);
  expect(told).toEqual([["a.yaml", "transforms/t.ts"]]);
});

test("the store, hidden files and packages are not looked at; a new folder is", async () => {
  const { root, told, write } = watched();
  write(".sluice/record.db");
  write("store/record.db");
  mkdirSync(join(root, "node_modules"));
  await pause(60);
  write("node_modules/x.js");
  await pause(150);
  expect(told).toEqual([]);
  mkdirSync(join(root, "lookups"));
  // It is looked into before it is told of.
  await eventually(() => told.flat().includes("lookups"));
  told.length = 0;
  write("lookups/units.yaml");
  await eventually(() => told.length > 0);
  expect(new Set(told.flat())).toEqual(new Set(["lookups/units.yaml"]));
});

test("a folder that never rests is told of all the same", async () => {
  const { told, write } = watched();
  for (let i = 0; i < 45; i++) {
    write("a.yaml", String(i));
    await pause(15);
  }
  expect(told.length).toBeGreaterThan(0);
});
