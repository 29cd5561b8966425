import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let clone: string;
let kept: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "sluice-clone-"));
  kept = join(clone, "node_modules/.sluice");
  mkdirSync(join(clone, "engine/cli"), { recursive: true });
  copyFileSync(join(import.meta.dirname, "sluice.mjs"), join(clone, "engine/cli/sluice.mjs"));
  writeFileSync(join(clone, "engine/cli/main.ts"), 'export const watchFaults = (): void => {};\nexport const main = async (argv: string[]): Promise<number> => (console.log(argv.join()), 0);\n');
});
afterEach(() => rmSync(clone, { recursive: true }));

const call = () => execFileSync(process.execPath, [join(clone, "engine/cli/sluice.mjs"), "lint"], { encoding: "utf8", env: {} });

test("a clone keeps its compiled sources among its modules, for its owner alone", () => {
  mkdirSync(join(clone, "node_modules"));
  expect(call()).toBe("lint\n");
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  expect(readdirSync(kept)).not.toEqual([]);
  expect(call()).toBe("lint\n");
});

test("nothing is read or kept where others may write, and nothing is made where no modules are", () => {
  expect(call()).toBe("lint\n");
  expect(readdirSync(clone)).toEqual(["engine"]);
  mkdirSync(kept, { recursive: true });
  chmodSync(kept, 0o770);
  expect(call()).toBe("lint\n");
  expect(readdirSync(kept)).toEqual([]);
});
