import { join, posix } from "node:path";
import type { CodeModule } from "../project.ts";
import type { Reading } from "./reading.ts";

/** Statements that bring in another file; types alone bring in nothing. */
const imported = /^[ \t]*import\s+(?!type\b)[^;'"]*?from\s*["'](\.{1,2}\/[^"'\n]+)["']/gm;

/** How many files one code file may bring in, itself and through others. */
const most = 100;

/**
 * The project's files that a code file imports, those first that others need. Only relative paths inside the project are followed; what cannot be
 * read is left out, and the sandbox says so at the import's own place.
 */
export function readImports(reading: Reading, file: string, text: string): CodeModule[] {
  const found = new Map<string, CodeModule>();
  const open = new Set<string>([file]);
  const follow = (from: string, source: string) => {
    for (const [, path = ""] of source.matchAll(imported)) {
      const target = resolveImport(from, path);
      if (target === undefined || open.has(target) || open.size > most) continue;
      open.add(target);
      const read = readModule(reading, target);
      if (!read) continue;
      follow(target, read.text);
      found.set(target, read);
    }
  };
  follow(file, text);
  return [...found.values()];
}

/** The file an import means, from the root of the project; nothing when it is outside, or no code. */
export function resolveImport(from: string, path: string): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(from), path));
  return target.startsWith("..") || !/\.(ts|mts|js|mjs)$/.test(target) ? undefined : target;
}

function readModule(reading: Reading, file: string): CodeModule | undefined {
  try {
    const text = reading.files.readText(join(reading.root, file));
    reading.sources.set(file, text);
    return { file, text, language: /ts$/.test(file) ? "ts" : "js" };
  } catch {
    return undefined;
  }
}
