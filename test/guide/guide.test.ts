import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { follow } from "./follow.ts";

const root = join(import.meta.dirname, "../..");
const pages = globSync("docs/guide/*.md", { cwd: root }).toSorted();

let folder = "";
let bin = "";

/** In a clone `npx sluice` runs the sources; the same pages are followed with the packed tarball by `packaging/newcomer.ts`. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-guide-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  const launcher = join(root, "engine/cli/sluice.mjs");
  script("sluice", `exec "${process.execPath}" "${launcher}" "$@"`);
  script("npx", 'shift_name=$1; shift; [ "$shift_name" = sluice ] || exit 2; exec sluice "$@"');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("there are pages", () => {
  expect(pages.length).toBeGreaterThan(0);
});

test.each(pages)("%s can be followed word for word", { timeout: 300_000 }, async (page) => {
  const own = mkdtempSync(join(folder, "page-"));
  const path = [bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const astray = await follow(readFileSync(join(root, page), "utf8"), own, { PATH: path });
  expect(astray).toBeUndefined();
});

function script(name: string, text: string): void {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
