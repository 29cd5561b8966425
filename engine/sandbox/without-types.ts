import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { dirname, join, relative } from "node:path";
import { stripQuietly } from "./strip.ts";

const root = join(import.meta.dirname, "..");

/** A source of the engine's own as JavaScript. */
export function withoutTypes(file: string): string {
  const kept = keptWithoutTypes(file);
  return kept === undefined ? stripQuietly(readFileSync(file, "utf8")) : readFileSync(kept, "utf8");
}

/**
 * The file in which a source of the engine's own stands as JavaScript, beside what Node keeps compiled for this process (decision 0046), or nothing
 * where Node keeps nothing. It begins with the hash of the source, and is written anew when that has changed.
 */
export function keptWithoutTypes(file: string, rewrite: (text: string) => string = (text) => text): string | undefined {
  const folder = getCompileCacheDir();
  if (folder === undefined) return undefined;
  const path = join(folder, "without-types", relative(root, file).replace(/\.ts$/, ".mjs"));
  try {
    const source = readFileSync(file, "utf8");
    const head = `// ${createHash("sha256").update(source).digest("hex")}\n`;
    if (!existsSync(path) || !readFileSync(path, "utf8").startsWith(head)) put(path, head + rewrite(stripQuietly(source)));
    // A worker may read files and follow no link: `node_modules` may be one.
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another process may read it at this moment. */
function put(path: string, text: string): void {
  const part = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(part, text);
  renameSync(part, path);
}
