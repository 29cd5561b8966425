import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EngineError } from "../sdk/index.ts";
import { lastWords } from "./last-words.ts";

test("a text is never printed, not even one that looks like a stack", () => {
  expect(lastWords(new EngineError("STO-203", { lane: "a" }))).toMatch(/^STO-203\n {4}at .*last-words\.test/);
  const words = lastWords(new Error("JANE\n    at JANE (file:///x:1:1)"));
  expect(words).toMatch(/^unexpected\n {4}at /);
  expect(words).not.toContain("JANE");
  const changed = Object.assign(new Error("other"), { stack: "Error: JANE\n    at JANE" });
  expect(lastWords(changed)).toBe("unexpected");
  expect(lastWords("JANE")).toBe("unexpected");
});

test.each([
  ["throw new Error('JANE')", "unexpected"],
  ["Promise.reject(new TypeError('JANE'))", "unexpected"],
])("the command ends with 1 and its last words after %s", (fault, words) => {
  // As soon as the command listens for faults, however long this machine takes to start it.
  const code = Buffer.from(`const look = setInterval(() => { if (process.listenerCount("uncaughtException") === 0) return; clearInterval(look); ${fault} }, 10)`).toString("base64");
  const late = `data:text/javascript;base64,${code}`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", late, fileURLToPath(new URL("sluice.mjs", import.meta.url)), "--version"], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${words}\\n {4}at `));
  expect(stderr).not.toContain("JANE");
});
