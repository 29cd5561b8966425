import { relative, sep } from "node:path";
import { type FileSystem, nodeFiles } from "../config/files.ts";

/**
 * The files of a project as it runs, with the lookup tables as they are on disk now: whoever edits a table, or a channel that keeps one, brings nothing else into force that lies
 * half-done beside it. `sources`: texts by file, relative to the project.
 */
export function withTables(root: string, sources: ReadonlyMap<string, string>): FileSystem {
  const nameOf = (path: string) => relative(root, path).split(sep).join("/");
  const isTable = (name: string) => name === "lookups" || name.startsWith("lookups/");
  const held = (path: string) => (isTable(nameOf(path)) ? undefined : sources.get(nameOf(path)));
  return {
    readText: (path) => held(path) ?? nodeFiles.readText(path),
    size: (path) => {
      const text = held(path);
      return text === undefined ? nodeFiles.size(path) : Buffer.byteLength(text);
    },
    list: (dir) => {
      if (isTable(nameOf(dir))) return nodeFiles.list(dir);
      const below = nameOf(dir) === "" ? "" : `${nameOf(dir)}/`;
      const names = [...sources.keys()].filter((name) => name.startsWith(below) && !isTable(name)).map((name) => name.slice(below.length).split("/")[0] ?? "");
      return [...new Set(names)].sort();
    },
    exists: (path) => {
      const name = nameOf(path);
      return sources.has(name) || nodeFiles.exists(path) || [...sources.keys()].some((each) => each.startsWith(`${name}/`));
    },
  };
}
