import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadProject } from "./compose.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";
import { runTests } from "./test.ts";

describe("init", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-init-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("writes a project that lints without a word and whose tests pass", async () => {
    expect(await main(["init", "clinic", "--yes"], sampleTerminal({ cwd: folder }))).toBe(0);
    const root = join(folder, "clinic");
    expect((await loadProject(root)).warnings).toEqual([]);
    const verdicts = await runTests(root);
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it("a test that fails says what became of the message, and the place in the code", async () => {
    expect(await main(["init", "--yes"], sampleTerminal({ cwd: folder }))).toBe(0);
    const file = join(folder, "lab-results.yaml");
    const text = readFileSync(file, "utf8").replace('msg.set("MSH-5"', 'msg.set("ZZZ-5"');
    writeFileSync(file, text);
    const line = text.split("\n").findIndex((each) => each.includes("ZZZ-5")) + 1;
    const [first, second] = await runTests(folder);
    expect(first?.problems).toEqual([`lab-results/ward: expected it sent, got dead SBX-201 (lab-results.yaml:${line}:11)`]);
    expect(second?.ok).toBe(true);
  });

  it("asks where a person can answer, and takes flags where they stand", async () => {
    const asked: string[] = [];
    const ask = async (question: string, standard: string) => {
      asked.push(question);
      return question.startsWith("Port") ? "2999" : standard;
    };
    expect(await main(["init", "--name", "riverside"], sampleTerminal({ cwd: folder, ask }))).toBe(0);
    expect(asked).toHaveLength(1);
    const { project } = await loadProject(folder);
    expect(project.settings.name).toBe("riverside");
    expect(project.channels[0]?.source.options["port"]).toBe(2999);
  });

  it("touches nothing that is there", async () => {
    writeFileSync(join(folder, "partners.yaml"), "mine");
    const terminal = sampleTerminal({ cwd: folder });
    expect(await main(["init", "--yes"], terminal)).toBe(1);
    expect(terminal.errs.join()).toContain("CLI-105");
    expect(readdirSync(folder)).toEqual(["partners.yaml"]);
  });

  it("refuses a name that could not stand in a log, and a port that is none", async () => {
    expect(await main(["init", "--name", "My Clinic"], sampleTerminal({ cwd: folder }))).toBe(2);
    expect(await main(["init", "--port", "70000"], sampleTerminal({ cwd: folder }))).toBe(2);
  });
});
