import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function example(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-map-"));
  folders.push(folder);
  cpSync(join(import.meta.dirname, "../../channels"), folder, { recursive: true, filter: (path) => !path.includes(".sluice") });
  return folder;
}

async function map(cwd: string, ...words: string[]) {
  const terminal = sampleTerminal({ cwd });
  const exit = await main(["map", ...words], terminal);
  return { exit, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
}

test("the example's map as a table, SVG and Mermaid", async () => {
  const folder = example();
  const table = await map(folder);
  expect(table).toMatchObject({ exit: 0, err: "" });
  expect(table.out).toMatch(/-> stripe +appointment-payment\/payment +JSON over Stripe's API +no PHI/);
  expect(await map(folder, "--out", "boundary.svg")).toMatchObject({ exit: 0 });
  expect(readFileSync(join(folder, "boundary.svg"), "utf8")).toContain("TREAT-RIVERSIDE (treatment)");
  expect((await map(folder, "--format", "mermaid")).out).toContain("flowchart LR");
  expect(await map(folder, "--format", "pdf")).toMatchObject({ exit: 2 });
});

test("--diff marks what newly crosses since a revision, and says so by its exit code", async () => {
  const folder = example();
  const git = (...args: string[]) => execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args], { stdio: "ignore" });
  expect(await map(folder, "--diff", "HEAD")).toMatchObject({ exit: 1, err: expect.stringContaining("CLI-133") });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "before");
  expect(await map(folder, "--diff", "HEAD")).toMatchObject({ exit: 0 });
  const file = join(folder, "lab-results.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("    partner: northside-ward\n", "    partner: clinic-ehr\n").replace("mllp: { endpoint: results }", "http: { endpoint: fhir, method: POST }"));
  const found = await map(folder, "--diff", "HEAD");
  expect(found.exit).toBe(1);
  expect(found.out).toMatch(/newly crosses +-> clinic-ehr +lab-results\/ward.*went to northside-ward/);
  expect(await map(folder, "--diff", "--output=x")).toMatchObject({ exit: 2 });
});
