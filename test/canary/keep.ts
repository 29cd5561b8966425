/**
 * Loaded before a program (`--import`): a file below CANARY_WATCH that is deleted stays readable in CANARY_KEPT, as another name of the same bytes.
 * Files that the program writes over, and those that native code deletes (the write-ahead log of SQLite), are not kept.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, resolve } from "node:path";

const watched = process.env["CANARY_WATCH"];
const kept = process.env["CANARY_KEPT"];
let count = 0;

if (watched && kept) {
  const { linkSync, lstatSync, readdirSync, mkdirSync } = fs;
  mkdirSync(kept, { recursive: true });

  const keep = (given: unknown): void => {
    try {
      const path = resolve(String(given instanceof URL ? given.pathname : given));
      if (!path.startsWith(watched) || path.startsWith(kept)) return;
      const found = lstatSync(path);
      if (found.isDirectory()) for (const name of readdirSync(path)) keep(join(path, name));
      else if (found.isFile()) linkSync(path, join(kept, `${process.pid}-${count++}-${path.slice(watched.length).replace(/[^A-Za-z0-9.-]+/g, "_").slice(-80)}`));
    } catch {
      // Gone already, or not ours to link.
    }
  };

  type Way = (path: never, ...rest: never[]) => unknown;
  const keeping = (owner: Record<string, unknown>, name: string) => {
    const way = owner[name] as Way;
    owner[name] = (path: never, ...rest: never[]) => {
      keep(path);
      return way.call(owner, path, ...rest);
    };
  };
  for (const name of ["unlink", "unlinkSync", "rm", "rmSync", "truncate", "truncateSync"]) keeping(fs as unknown as Record<string, unknown>, name);
  for (const name of ["unlink", "rm", "truncate"]) keeping(fs.promises as unknown as Record<string, unknown>, name);
  syncBuiltinESMExports();
}
