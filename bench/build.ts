import { execFile } from "node:child_process";
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const here = import.meta.dirname;

/** Path of the compiled `bench/NAME.c`; compiles it when it is missing or older than its sources. */
export async function compiled(name: "gen" | "sink"): Promise<string> {
  const binary = join(here, "bin", name);
  const source = join(here, `${name}.c`);
  const newest = Math.max(await modified(source), await modified(join(here, "mllp.h")));
  if ((await modified(binary)) > newest) return binary;
  await mkdir(join(here, "bin"), { recursive: true });
  const fresh = `${binary}.${process.pid}`;
  await promisify(execFile)("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", fresh, source]);
  await rename(fresh, binary);
  return binary;
}

async function modified(path: string): Promise<number> {
  return stat(path).then((s) => s.mtimeMs, () => 0);
}
