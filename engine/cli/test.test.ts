import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";
import type { Step } from "./steps.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-cli-test-"));
beforeAll(async () => {
  await main(["init", folder, "--yes"], sampleTerminal());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const terminal = sampleTerminal();
  const code = await main(["test", folder, ...argv], terminal);
  return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
}

test("a trace shows each step's value of the tests that are named", async () => {
  const { code, out } = await run("--name", "final result", "--trace");
  expect(code).toBe(0);
  expect(out).toContain("ok   lab-results: a final result");
  expect(out).toMatch(/filter\s+passes\s+lab-results\.yaml:\d+:\d+/);
  expect(out).toMatch(/ward transform\s+hl7v2\s+lab-results\.yaml:\d+:\d+\n\s+~ MSH-5: SLUICE → WARD/);
  expect(out).toMatch(/ward sent\s+delivered\s+to results/);
  expect(out).toContain("1 passed, 0 failed");
});

test("as JSON the steps come with their values", async () => {
  const { out } = await run("--name", "preliminary", "--trace", "--json");
  const { steps } = JSON.parse(out) as { steps: Step[] };
  expect(steps.map(({ destination = "", step, result }) => [destination, step, result])).toEqual([
    ["", "received", "value"],
    ["", "filter", "filtered"],
    ["ward", "sent", "filtered"],
  ]);
  expect(steps[0]?.text).toContain("OBX|1|NM|");
});

test("a failed transform is traced to its place, and the test fails", async () => {
  const file = join(folder, "lab-results.yaml");
  const before = readFileSync(file, "utf8");
  writeFileSync(file, before.replace('msg.set("MSH-5", "WARD");', 'msg.set("MSH-5", nothing);'));
  const { code, out } = await run("--name", "final", "--trace");
  writeFileSync(file, before);
  expect(code).toBe(1);
  expect(out).toMatch(/ward transform\s+failed\s+SBX-201\s+lab-results\.yaml:\d+:\d+/);
});
