import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, renameSync, symlinkSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { engineOnDisk, eventually, type OnDisk } from "../flow/engine-on-disk.ts";
import { fileSource, partnersYaml, place, sluiceYaml } from "./folder-project.ts";

let disk: OnDisk | undefined;
afterEach(async () => {
  await disk?.close();
  disk = undefined;
});

const channel = `channel: results
classification: phi
${fileSource()}
  format: csv
  csv: { header: true }
  split: records
destinations:
  box:
    partner: receiver
    purpose: TREAT
    file: { name: "{sequence}-{id}.csv" }
`;

async function folders() {
  const started = (disk = await engineOnDisk({
    "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(), "in/.keep": "", "taken/.keep": "", "failed/.keep": "", "out/.keep": "", "results.yaml": channel,
  }));
  const at = (path: string) => join(started.root, path);
  const names = (folder: string) => readdirSync(at(folder)).filter((name) => !name.startsWith("."));
  const out = () => names("out").map((name) => readFileSync(at(`out/${name}`), "utf8").trim().split("\n").at(-1)).toSorted();
  return { at, names, out, put: (name: string, text: string) => place(started.root, name, text) };
}

/** As an editor that keeps the file does. */
function mend(path: string, text: string): void {
  const file = openSync(path, "r+");
  ftruncateSync(file, 0);
  writeSync(file, text, 0);
  closeSync(file);
}

test.each([false, true])("as FIL-106 advises, the file of the refused records is mended in its place and put back (the engine started anew: %s)", async (isAnew) => {
  const { at, names, out, put } = await folders();
  put("c.csv", "id,name\n20,one\n21,two\n22,three,EXTRA\n");
  await eventually(() => names("failed").includes("c.csv") && out().length === 2);
  if (isAnew) await disk?.restart();
  mend(at("failed/c.csv"), "id,name\n22,three\n");
  renameSync(at("failed/c.csv"), at("in/c.csv"));
  await eventually(() => out().length === 3);
  expect(out()).toEqual(["20,one", "21,two", "22,three"]);
  await eventually(() => names("taken").includes("c.csv"));
  expect(names("failed")).toEqual([]);
  expect(disk?.log.join("")).not.toContain("FIL-105");
});

test.each([false, true])("the file taken last, put back on purpose, is taken again (the engine started anew: %s)", async (isAnew) => {
  const { at, names, out, put } = await folders();
  put("d.csv", "id,name\n30,x\n");
  await eventually(() => names("taken").includes("d.csv") && out().length === 1);
  if (isAnew) {
    // It is recovery for as long as the first look lasts: that it is over is known by what each engine says once, at its first look, of a link.
    const looks = () => disk?.log.filter((line) => line.includes("FIL-107")).length;
    symlinkSync("nowhere", at("in/link.csv"));
    await eventually(() => looks() === 1);
    await disk?.restart();
    await eventually(() => looks() === 2);
    unlinkSync(at("in/link.csv"));
  }
  renameSync(at("taken/d.csv"), at("in/d.csv"));
  await eventually(() => out().length === 2);
  expect(out()).toEqual(["30,x", "30,x"]);
  await eventually(() => names("taken").includes("d.csv") && names("in").length === 0);
});
