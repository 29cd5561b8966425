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
      if (question.startsWith("Port")) return "2999";
      return question.includes("receives") ? "west-ward" : standard;
    };
    const flags = ["--name", "riverside", "--receiver", "basis=baa"];
    expect(await main(["init", ...flags], sampleTerminal({ cwd: folder, ask }))).toBe(0);
    expect(asked.map((question) => question.split("?")[0])).toEqual([
      "Who sends results", "What is lab", "What may messages of lab carry beside the ordinary", "Port on which lab sends (MLLP)", "Who receives them", "What is west-ward",
      "First day of the agreement with west-ward", "Its last day", "Address of west-ward", "Which of those does the agreement with west-ward cover",
    ]);
    const { project } = await loadProject(folder);
    expect(project.settings.name).toBe("riverside");
    expect(project.channels[0]?.source.options["port"]).toBe(2999);
    expect(project.partners.get("west-ward")?.agreements[0]).toMatchObject({ id: "BAA-WEST-WARD", basis: "baa", purposes: ["HOPERAT"] });
  });

  it.each([
    ["compartments that the agreement covers in part", ["--sender", "compartments=part2+hiv", "--receiver", "basis=baa,compartments=hiv,until=2099-01-01"]],
    ["no agreement: a closed list", ["--receiver", "name=insights,kind=analytics,basis=none"]],
    ["an address on the network", ["--receiver", "address=mllps://ward.example:2575"]],
    ["a payer over HTTPS", ["--receiver", "name=plan,kind=health-plan,basis=payment,address=https://plan.example/in"]],
  ])("lints without a word and tests green with %s", async (_, flags) => {
    expect(await main(["init", folder, "--yes", ...flags], sampleTerminal())).toBe(0);
    expect((await loadProject(folder)).warnings).toEqual([]);
    expect((await runTests(folder)).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it("refuses what lint would: an open address, a basis that cannot reach a compartment, an answer that is none", async () => {
    const refused = async (...flags: string[]) => {
      const terminal = sampleTerminal({ cwd: folder });
      expect(await main(["init", "--yes", ...flags], terminal)).toBe(2);
      expect(readdirSync(folder)).toEqual([]);
      return terminal.errs.join();
    };
    expect(await refused("--receiver", "address=mllp://ward.example:2575")).toContain("mllps://");
    expect(await refused("--receiver", "compartments=part2")).toContain("no agreement of the basis treatment");
    expect(await refused("--receiver", "basis=handshake")).toContain("none of");
    expect(await refused("--receiver", "name=lab")).toContain("two names");
    expect(await refused("--receiver", "colour=red")).toContain("--receiver takes name=");
    expect(await refused("--receiver", "from=2026-05-01,until=2026-04-01")).toContain("2026-05-01");
  });

  it("writes what an editor needs: schemas with the connectors' options, types for code, settings", async () => {
    await main(["init", folder, "--yes"], sampleTerminal());
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    expect(read("lab-results.yaml")).toMatch(/^# yaml-language-server: \$schema=schemas\/channel\.schema\.json\n/);
    expect(JSON.parse(read("schemas/channel.schema.json"))).toHaveProperty("properties.source.properties.mllp");
    expect(JSON.parse(read(".vscode/settings.json"))["yaml.schemas"]).toHaveProperty("./schemas/partners.schema.json", "/partners.yaml");
    expect(read("types/sluice.d.ts")).toContain("interface Hl7Message");
    expect(JSON.parse(read("tsconfig.json")).include).toContain("transforms");
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
