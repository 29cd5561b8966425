import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configRules, formatDiagnostics, lintProject, memoryFiles, readProject } from "../../engine/config/index.ts";
import { proofRules } from "../../engine/phi/proof/index.ts";
import { builtInConnectors } from "../../engine/runtime/registry.ts";
import { catalogue } from "./catalogue.ts";

/** One mistake gives one diagnostic: keys and values of the example project, and of one that writes every key, broken one at a time. */
const root = fileURLToPath(new URL("../../channels/", import.meta.url));
const builtIn = await builtInConnectors();
const files = Object.fromEntries(
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith(".") && /\.(ya?ml|json|ts|hl7)$/.test(name) && statSync(root + name).isFile())
    .map((name) => [`/p/${name}`, readFileSync(root + name, "utf8")]),
);
const texts = readFileSync(new URL("every-key.txt", import.meta.url), "utf8").split(/^---- (.+)\n/m).slice(1);
const everyKey = Object.fromEntries(texts.flatMap((name, i) => (i % 2 === 0 ? [[`/p/${name}`, texts[i + 1] ?? ""]] : [])));

type Files = Readonly<Record<string, string>>;

describe.each([
  { name: "the example project", project: files, connectors: builtIn, most: 25 },
  { name: "a project with every key", project: everyKey, connectors: catalogue, most: Number.POSITIVE_INFINITY },
])("one mistake gives one diagnostic in $name", ({ project, connectors, most }) => {
  const lint = (changed: Files) => {
    const { project: read, diagnostics, sources } = readProject("/p", { connectors, files: memoryFiles(changed) });
    const context = { connectors, now: Date.parse("2026-11-22T12:00:00Z"), secretExists: () => true };
    const found = [...diagnostics, ...(read ? lintProject(read, [...configRules, ...proofRules], context) : [])];
    return { count: found.length, report: formatDiagnostics(found, sources) };
  };
  const expectAtMostOne = (file: string, start: number, end: number, word: string) => {
    const text = project[file] ?? "";
    const { count, report } = lint({ ...project, [file]: text.slice(0, start) + word + text.slice(end) });
    expect(count, `${text.slice(start, end)} -> ${word}\n${report}`).toBeLessThanOrEqual(1);
  };
  const written = Object.keys(project).filter((file) => /^\/p\/(?:tests\/)?[^/]+\.yaml$/.test(file));

  it("and none in what is right", () => expect(lint(project).report).toBe(""));

  it.each(written)("misspelt keys of %s", { timeout: 240_000 }, (file) => {
    for (const { start, end, text } of spread(places(project, file, /[A-Za-z_-]{2,}(?=:(?: |\n))/g), most)) {
      expectAtMostOne(file, start, end, `${text.slice(0, -1)}q`);
    }
  });

  it.each(written)("broken values of %s", { timeout: 240_000 }, (file) => {
    const wrong = ["zzz", "7", "[]", "{}", "null"];
    for (const [i, { start, end }] of spread(places(project, file, /(?<=: |[[,] )(?:"[^"\n]*"|[A-Za-z0-9][^,{}[\]\n:#]*?)(?=\n|,| ?[}\]])/g), most).entries()) {
      expectAtMostOne(file, start, end, wrong[i % wrong.length] ?? "");
    }
  });
});

/** At most so many of them, from the first to the last: each costs a lint of the whole project, and the example has grown to dozens of files. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % step === 0);
}

function places(project: Files, file: string, pattern: RegExp): { start: number; end: number; text: string }[] {
  const text = project[file] ?? "";
  const isComment = (at: number) => text.slice(text.lastIndexOf("\n", at) + 1, at).includes("#");
  return [...text.matchAll(pattern)].filter((m) => !isComment(m.index)).map((m) => ({ start: m.index, end: m.index + m[0].length, text: m[0] }));
}
