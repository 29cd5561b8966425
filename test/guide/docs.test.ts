import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { loadProject, ProjectError } from "../../engine/cli/compose.ts";
import { commands } from "../../engine/cli/commands.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { kindOf, projectWith } from "./fragments.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "sluice-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pages = globSync(["README.md", "CONTRIBUTING.md", "bench/README.md", "docs/**/*.md", "connectors/*/README.md"], { cwd: root }).toSorted();
const blocks = pages.flatMap((page) => blocksOf(readFileSync(join(root, page), "utf8")).map((block) => [`${page}:${block.line}`, block] as const));
const known = new Set(["sh", "text", "ends", "yaml", "ts", "js", "json", "hl7", "ics", "csv", "xml", "mermaid"]);

test("there are blocks, and each says its language", () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.filter(([, { language }]) => !known.has(language)).map(([place]) => place)).toEqual([]);
});

describe("YAML in a page lints", () => {
  const pieces = blocks.filter(([, { language }]) => language === "yaml");
  test.each(pieces)("%s", async (_, block) => {
    // A block with a path is a file of a guide, which the guide itself lints when it is followed.
    if (block.words[0]?.endsWith(".yaml")) return;
    const kind = kindOf(block);
    expect(kind, "say after `yaml` what the piece is: channel, source, destination, partners, partner or sluice").toBeDefined();
    if (kind) expect(await problemsOf(projectWith(kind, block.text))).toEqual([]);
  });
});

describe("a command in a page exists, with its flags", () => {
  const calls = blocks.filter(([, { language }]) => language === "sh").flatMap(([place, block]) => callsOf(block).map((call) => [`${place} ${call}`, call] as const));
  test.each(calls)("%s", async (_, call) => {
    const [, name = "", ...rest] = words(call);
    if (name.startsWith("-")) return;
    const command = await commands[name]?.();
    expect(command, `there is no command ${name}`).toBeDefined();
    if (!command) return;
    const common = { help: { type: "boolean", short: "h" }, json: { type: "boolean" }, debug: { type: "boolean" } } as const;
    const { positionals } = parseArgs({ args: rest, options: { ...common, ...command.options }, allowPositionals: true, strict: true });
    expect(positionals.length).toBeGreaterThanOrEqual(command.positionals.min);
    expect(positionals.length).toBeLessThanOrEqual(command.positionals.max);
  });
  test("some are found", () => {
    expect(calls.length).toBeGreaterThan(10);
  });
});

describe("the checks can fail", () => {
  test("a piece with a key that does not exist", async () => {
    expect(await problemsOf(projectWith("destination", "retyr: { attempts: 8 }"))).not.toEqual([]);
    expect(await problemsOf(projectWith("destination", "retry: { attempts: 8 }"))).toEqual([]);
  });
  test("calls are found behind npx and after a comment is taken off", () => {
    expect(callsOf({ language: "sh", words: [], line: 1, text: "npx sluice lint a  # all\nls | sluice send \\\n  x.hl7\n" })).toEqual(["sluice lint a", "sluice send x.hl7"]);
  });
});

/** A piece may leave a partner of the skeleton without a use. */
const unused = "CFG-158";

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const own = mkdtempSync(join(folder, "piece-"));
  for (const [name, text] of Object.entries(files)) if (text !== "") writeFileSync(join(own, name), text);
  try {
    return (await loadProject(own, { assumeSecrets: true })).warnings.filter(({ code }) => code !== unused).map(({ code, message }) => `${code} ${message}`);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code} ${message}`);
  }
}

/** Calls of sluice in a block, each as one line from the word `sluice` on. */
function callsOf(block: Block): string[] {
  const lines = block.text.replace(/\\\n\s*/g, "").split("\n").map((line) => line.replace(/\s+#.*$/, ""));
  return lines.flatMap((line) => line.split(/&&|\||;/)).flatMap((part) => /(?:^|\s)(sluice\s.+)$/.exec(part.trim())?.[1] ?? []).map((call) => call.replace(/\s*(?:\d?>>?|<|&)\s*\S*\s*$/, "").trim());
}

/** Words of a call as a shell sees them, quotes taken off. */
function words(call: string): string[] {
  return [...call.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
}
