import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../engine/runtime/clock.ts";
import type { Clock } from "../../engine/sdk/index.ts";
import { engineOnDisk, eventually, type OnDisk } from "../flow/engine-on-disk.ts";
import { fileSource, partnersYaml, place, result, sluiceYaml } from "./folder-project.ts";

let disk: OnDisk | undefined;
afterEach(async () => {
  await disk?.close();
  disk = undefined;
});

const folders = { "in/.keep": "", "taken/.keep": "", "failed/.keep": "", "out/.keep": "" };
const channel = (rest: string, source = fileSource()) => `channel: results\nclassification: phi\n${source}\n  format: hl7v2\n${rest}`;
const toFolder = `destinations:
  box:
    partner: receiver
    purpose: TREAT
    file: { name: "{sequence}-{id}.hl7" }
`;

async function running(files: Readonly<Record<string, string>>, clock: Clock = systemClock) {
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(), ...folders, ...files }, { clock });
  const here = disk;
  const at = (...parts: string[]) => join(here.root, ...parts);
  const names = (folder: string) => readdirSync(at(folder)).filter((name) => !name.startsWith(".")).sort();
  return { disk: here, at, names, put: (name: string, text: string) => place(here.root, name, text) };
}

test("files in, files out: in order, whole, under names that say nothing of a patient", async () => {
  const { at, names, disk, put } = await running({ "results.yaml": channel(toFolder) });
  put("a-first.hl7", result("C1"));
  put("b-ZZCANARY.hl7", result("C2", "ZZCANARY"));
  put("c-broken.hl7", "no message");
  put("d-empty.hl7", "");
  symlinkSync("/etc/passwd", at("in/e.hl7"));
  const said = () => ["FIL-101", "FIL-103", "FIL-107"].every((code) => disk.log.join("\n").includes(code));
  await eventually(() => names("out").length === 2 && names("in").length === 1 && names("taken").length === 3 && names("failed").length === 1 && said());
  const out = names("out");
  expect(out.map((name) => readFileSync(at("out", name), "utf8"))).toEqual([result("C1"), result("C2", "ZZCANARY")]);
  expect(out[0]).toMatch(/^\d{12}-[0-9a-f]{32}\.hl7$/);
  expect(statSync(at("out", out[0] ?? "")).mode & 0o777).toBe(0o600);
  expect(names("in")).toEqual(["e.hl7"]);
  expect(names("taken")).toEqual(["a-first.hl7", "b-ZZCANARY.hl7", "d-empty.hl7"]);
  expect(names("failed")).toEqual(["c-broken.hl7"]);
  const log = disk.log.join("\n");
  expect(log).not.toMatch(/ZZCANARY|c-broken|d-empty|passwd/);
});

test("names of today beside a message of today: the engine's date is no patient's", async () => {
  const noon = Date.UTC(2026, 10, 20, 12) - systemClock.now();
  const { names, put } = await running({ "results.yaml": channel(toFolder.replace("{sequence}-{id}", "{date}-{time}-{sequence}-{id}")) }, { ...systemClock, now: () => systemClock.now() + noon });
  const today = "20261120";
  put("a.hl7", result("C1").replace("|EXEMPLAR^ADA", `|EXEMPLAR^ADA||${today}`).replace("20260301120000", `${today}120000`));
  await eventually(() => names("out").length === 1);
  expect(names("out")[0]).toMatch(new RegExp(`^${today}-\\d{9}-000000000001-`));
});

test("a file that grows is left until it stands still for the age", async () => {
  const { names, at } = await running({ "results.yaml": channel(toFolder, fileSource().replace("age: 0s", "age: 3s")) });
  const text = result("C1");
  for (let i = 1; i <= 8; i++) {
    writeFileSync(at("in/slow.hl7"), text.slice(0, Math.ceil((text.length * i) / 8)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(names("taken")).toEqual([]);
  }
  await eventually(() => names("out").length === 1);
  expect(readFileSync(at("out", names("out")[0] ?? ""), "utf8")).toBe(text);
});

describe("by order", () => {
  test.each([["name", ["C3", "C1", "C2"]], ["age", ["C1", "C2", "C3"]]])("%s", async (order, expected) => {
    const { disk, at, names } = await running({ "results.yaml": channel(toFolder, fileSource(`, order: ${order}`)) });
    await disk.engine.close();
    for (const [name, id, age] of [["b", "C1", 300], ["c", "C2", 200], ["a", "C3", 100]] as const) {
      writeFileSync(at("in", `${name}.hl7`), result(id));
      utimesSync(at("in", `${name}.hl7`), Date.now() / 1000 - age, Date.now() / 1000 - age);
    }
    await disk.restart();
    await eventually(() => names("out").length === 3);
    expect(names("out").map((name) => /ORU\^R01\|(C\d)/.exec(readFileSync(at("out", name), "utf8"))?.[1])).toEqual(expected);
  });
});

test("taken and not moved when the engine went down: it is moved then, and not taken again", async () => {
  const { disk, at, names, put } = await running({ "results.yaml": channel(toFolder) });
  renameSync(at("taken"), at("elsewhere"));
  for (const name of readdirSync(at("elsewhere"))) renameSync(at("elsewhere", name), at(name));
  rmdirSync(at("elsewhere"));
  put("a.hl7", result("C1"));
  await eventually(() => names("out").length === 1 && disk.log.some((line) => line.includes("FIL-108")));
  expect(names("in")).toEqual(["a.hl7"]);
  await disk.engine.close();
  mkdirSync(at("taken"));
  await disk.restart();
  await eventually(() => names("in").length === 0);
  put("b.hl7", result("C2"));
  await eventually(() => names("out").length === 2 && names("taken").length === 2);
  expect(names("taken")).toEqual(["a.hl7", "b.hl7"]);
  expect(disk.engine.operations.messages({ limit: 10 })).toHaveLength(2);
});

test("the same name again, an hour later, is another file", async () => {
  const { names, put } = await running({ "results.yaml": channel(toFolder) });
  for (const id of ["C1", "C2", "C3"]) {
    put("daily.hl7", result(id));
    await eventually(() => names("out").length === Number(id.slice(1)));
    // On its way from one folder to the other it has a name of the engine's.
    await eventually(() => names("in").length === 0 && names("taken").length === Number(id.slice(1)));
  }
});

describe("one file of many messages", () => {
  const split = channel(toFolder.replace("    purpose", "    format: hl7v2\n    purpose"), `${fileSource()}\n  split: batch`);
  const batch = (messages: readonly string[]) => `FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r${messages.join("")}BTS|${messages.length}\rFTS|1\r`;

  test("each is a message; what the channel refuses is counted, and the file set aside", async () => {
    const { disk, names, put, at } = await running({ "results.yaml": split });
    const many = Array.from({ length: 40 }, (_, n) => result(`C${n}`));
    put("a.hl7", batch(many));
    await eventually(() => names("taken").length === 1 && names("out").length === 40);
    expect([names("in"), names("taken")]).toEqual([[], ["a.hl7"]]);
    put("b.hl7", batch([result("D0"), result("D1").replace("|2.5.1", "|2.5.1\x1c"), ...Array.from({ length: 20 }, (_, n) => result(`E${n}`))]));
    await eventually(() => names("failed").length === 1 && names("out").length === 61);
    expect([names("in"), names("failed")]).toEqual([[], ["b.hl7"]]);
    const sent = names("out").map((name) => /ORU\^R01\|(\w+)/.exec(readFileSync(at("out", name), "utf8"))?.[1]);
    expect(sent).toEqual([...many.map((_, n) => `C${n}`), "D0", ...Array.from({ length: 20 }, (_, n) => `E${n}`)]);
    await eventually(() => disk.log.some((line) => line.includes("FIL-106") && line.includes('"refused":1')));
  });

  test("a batch whose count is wrong is told, and its messages are taken", async () => {
    const { disk, names, put } = await running({ "results.yaml": split });
    put("a.hl7", batch([result("C1"), result("C2")]).replace("BTS|2", "BTS|3"));
    await eventually(() => names("taken").length === 1 && names("out").length === 2);
    await eventually(() => disk.log.some((line) => line.includes("HL7-301")));
  });

  test("a file without a message is moved", async () => {
    const { names, put } = await running({ "results.yaml": split });
    put("a.hl7", batch([]));
    await eventually(() => names("taken").length === 1);
    expect(names("failed")).toEqual([]);
  });
});
