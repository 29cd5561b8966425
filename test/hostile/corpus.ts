import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../../shared/corpora/hostile");

/** A folder of data that others wrote to break readers. Not in this repository: its tests skip with one line without it, and must run in CI. */
export function corpus(name: string): { readonly absent: boolean; readonly files: readonly string[]; read(file: string): Buffer } {
  const folder = join(root, name);
  const present = existsSync(folder);
  const absent = !present && process.env["CI"] === undefined;
  if (absent) process.stdout.write(`skipped: ../shared/corpora/hostile/${name} is absent\n`);
  const files = present ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => !/(?:^|\/)(?:LICENSE|SOURCE)\b/.test(file) && /\.\w+$/.test(file)).sort() : [];
  return { absent, files, read: (file) => readFileSync(join(folder, file)) };
}
