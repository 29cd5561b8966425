import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configRules, formatDiagnostics, lintProject, memoryFiles, readProject } from "../../engine/config/index.ts";
import { proofRules } from "../../engine/phi/proof/index.ts";
import { builtInConnectors } from "../../engine/runtime/registry.ts";

/** One mistake gives one diagnostic: every key of the example project and a third of its values, broken one at a time. */
const root = fileURLToPath(new URL("../../channels/", import.meta.url));
const connectors = await builtInConnectors();
const files = Object.fromEntries(
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith(".") && /\.(ya?ml|json|ts|hl7)$/.test(name) && statSync(root + name).isFile())
    .map((name) => [`/p/${name}`, readFileSync(root + name, "utf8")]),
);
const written = Object.keys(files).filter((file) => /^\/p\/[^/]+\.yaml$/.test(file));

describe("one mistake gives one diagnostic", () => {
  it("finds none in the example project", () => expect(lint(files).report).toBe(""));

  it.each(written)("misspelt keys of %s", (file) => {
    for (const { start, end, text } of places(file, /[A-Za-z_-]{3,}(?=:(?: |\n))/g)) {
      expectAtMostOne(file, start, end, `${text.slice(0, -1)}q`);
    }
  });

  it.each(written)("broken values of %s (every third)", (file) => {
    const wrong = ["zzz", "7", "[]", "{}", "null"];
    for (const [i, { start, end }] of places(file, /(?<=: |[[,] )(?:"[^"\n]*"|[A-Za-z0-9][^,{}[\]\n:#]*?)(?=\n|,| ?[}\]])/g).entries()) {
      if (i % 3 === 0) expectAtMostOne(file, start, end, wrong[i % wrong.length] ?? "");
    }
  });
});

function expectAtMostOne(file: string, start: number, end: number, word: string): void {
  const text = files[file] ?? "";
  const { count, report } = lint({ ...files, [file]: text.slice(0, start) + word + text.slice(end) });
  expect(count, `${text.slice(start, end)} -> ${word}\n${report}`).toBeLessThanOrEqual(1);
}

function places(file: string, pattern: RegExp): { start: number; end: number; text: string }[] {
  const text = files[file] ?? "";
  const isComment = (at: number) => text.slice(text.lastIndexOf("\n", at) + 1, at).includes("#");
  return [...text.matchAll(pattern)].filter((m) => !isComment(m.index)).map((m) => ({ start: m.index, end: m.index + m[0].length, text: m[0] }));
}

function lint(changed: Readonly<Record<string, string>>): { count: number; report: string } {
  const { project, diagnostics, sources } = readProject("/p", { connectors, files: memoryFiles(changed) });
  const context = { connectors, now: Date.parse("2026-11-22T12:00:00Z"), secretExists: () => true };
  const found = [...diagnostics, ...(project ? lintProject(project, [...configRules, ...proofRules], context) : [])];
  return { count: found.length, report: formatDiagnostics(found, sources) };
}
