import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

/** What reading a project asks of the disk. Paths are absolute; errors of the disk come as exceptions. */
export interface FileSystem {
  /** The whole file as UTF-8; throws when it is not. */
  readText(path: string): string;
  /** Bytes of the file, to refuse a huge one before it is read. */
  size(path: string): number;
  /** Names in a folder, sorted. */
  list(dir: string): readonly string[];
  exists(path: string): boolean;
}

/** The disk. */
export const nodeFiles: FileSystem = {
  readText: (path) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path)),
  size: (path) => statSync(path).size,
  list: (dir) => readdirSync(dir).sort(),
  exists: existsSync,
};

/** Files held in memory: path → text. For tests and for channels that are edited before they are saved. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileSystem {
  const text = (path: string) => {
    const found = files[path];
    if (found === undefined) throw new Error("no such file");
    return found;
  };
  return {
    readText: text,
    size: (path) => new TextEncoder().encode(text(path)).length,
    list: (dir) => {
      const below = Object.keys(files).filter((path) => path.startsWith(`${dir}/`));
      return [...new Set(below.map((path) => path.slice(dir.length + 1).split("/")[0] ?? ""))].sort();
    },
    exists: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
  };
}
