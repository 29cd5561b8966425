import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { keptWithoutTypes, withoutTypes } from "./without-types.ts";

const source = join(import.meta.dirname, "worker/wire.ts");
const folder = mkdtempSync(join(tmpdir(), "sluice-kept-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a source is kept without its types where compiled code is kept, and anew when it is another", () => {
  const plain = withoutTypes(source);
  expect(plain).not.toMatch(/: (?:string|number)\b/);
  // The tests may be run where Node keeps compiled code already.
  if (keptWithoutTypes(source) === undefined) enableCompileCache(folder);

  const kept = keptWithoutTypes(source) ?? "";
  const text = readFileSync(kept, "utf8");
  expect(text).toMatch(/^\/\/ [0-9a-f]{64}\n/);
  expect(text.endsWith(plain)).toBe(true);
  expect(withoutTypes(source)).toBe(text);

  writeFileSync(kept, text.replace(/^\/\/ ./, "// -"));
  expect(withoutTypes(source)).toBe(text);
});

test("it is told where it stands and not by which link, for a worker may follow none", () => {
  const link = join(folder, "link");
  symlinkSync(mkdtempSync(join(folder, "kept-")), link);
  const ask = `import { keptWithoutTypes } from ${JSON.stringify(new URL("without-types.ts", import.meta.url).href)}; process.stdout.write(keptWithoutTypes(${JSON.stringify(source)}));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", ask], { encoding: "utf8", env: { NODE_COMPILE_CACHE: link } });
  expect(existsSync(stdout)).toBe(true);
  expect(stdout).toBe(realpathSync(stdout));
});
