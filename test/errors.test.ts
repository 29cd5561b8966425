import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mask } from "./architecture/mask.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const catalogues = globSync(["engine/**/codes.ts", "connectors/*/codes.ts"], { cwd: root }).toSorted();
const pages = globSync("docs/errors/*.md", { cwd: root }).filter((path) => /\/[A-Z0-9]+-\d+\.md$/.test(path)).toSorted();

const declared: [string, string, string][] = [];
for (const file of catalogues) {
  const { codes } = (await import(join(root, file))) as { codes: Record<string, { title: string }> };
  for (const [code, { title }] of Object.entries(codes)) declared.push([code, title, file]);
}
const known = new Set(declared.map(([code]) => code));

test("catalogues are found", () => {
  expect(catalogues.length).toBeGreaterThan(5);
  expect(known.size).toBeGreaterThan(20);
});

test("no code is declared twice", () => {
  const twice = declared.filter(([code], i) => declared.findIndex(([other]) => other === code) !== i);
  expect(twice).toEqual([]);
});

test("every code has a page, and every page has a code", () => {
  const described = pages.map((path) => path.slice("docs/errors/".length, -".md".length));
  expect({ withoutPage: [...known].filter((c) => !described.includes(c)).toSorted(), withoutCode: described.filter((c) => !known.has(c)) }).toEqual({ withoutPage: [], withoutCode: [] });
});

test("a title is one short sentence without a value", () => {
  expect(declared.filter(([, title]) => title.length < 8 || title.length > 120 || /\$\{|[.\n]$/.test(title))).toEqual([]);
});

describe.each(pages)("%s", (path) => {
  const text = read(path);
  test("says what happened, what the engine did and what to do", () => {
    const code = path.slice("docs/errors/".length, -".md".length);
    const headings = text.split("\n").filter((line) => line.startsWith("#"));
    expect(headings[0]).toBe(`# ${code}: ${declared.find(([each]) => each === code)?.[1]}`);
    expect(headings.slice(1, 4)).toEqual(["## What happened", "## What the engine did", "## What to do"]);
    for (const part of text.split(/^## .*$/m).slice(1)) expect(part.trim().length).toBeGreaterThan(15);
  });
});

test("every code in the sources stands in a catalogue", () => {
  expect(strayCodes("engine/flow/x.ts", 'throw new EngineError("FLW-999"); // "NOT-1"')).toEqual(["engine/flow/x.ts: FLW-999"]);
  const sources = globSync(["engine/**/*.{ts,tsx}", "connectors/**/*.ts"], { cwd: root }).filter((path) => !path.endsWith(".test.ts") && !path.endsWith(".test.tsx"));
  expect(sources.flatMap((path) => strayCodes(path, read(path)))).toEqual([]);
});

/** Whole string literals that look like a code of a known room and are in no catalogue. */
function strayCodes(path: string, source: string): string[] {
  const rooms = new Set([...known].map((code) => code.split("-")[0]));
  return [...mask(source, "strings").matchAll(/(["'`])([A-Z][A-Z0-9]{1,5})-(\d{3})\1/g)]
    .filter(([, , room, number]) => rooms.has(room) && !known.has(`${room}-${number}`))
    .map(([, , room, number]) => `${path}: ${room}-${number}`);
}
