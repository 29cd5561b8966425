import { execFileSync } from "node:child_process";
import { relative } from "node:path";
import type { FileSystem } from "../config/files.ts";
import { EngineError } from "../sdk/error.ts";

/** The files of a folder as they stood at a revision of its git repository. CLI-133: no repository, or no such revision. */
export function gitFiles(root: string, revision: string): FileSystem {
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8", maxBuffer: 64 * 1024 ** 2, stdio: ["ignore", "pipe", "ignore"] });
  let listed: readonly string[];
  let commit: string;
  try {
    // Resolved first: a name that begins with a dash would be an option.
    commit = git("rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`).trim();
    listed = git("ls-tree", "-r", "--name-only", "-z", commit, ".").split("\0").filter((name) => name !== "");
  } catch {
    throw new EngineError("CLI-133", { revision: /^[\w./~^@-]{1,80}$/.test(revision) ? revision : "as written" });
  }
  const names = new Set(listed);
  const nameOf = (path: string) => relative(root, path);
  const text = (path: string) => git("show", `${commit}:./${nameOf(path)}`);
  return {
    readText: text,
    size: (path) => Buffer.byteLength(text(path)),
    list: (dir) => {
      const below = nameOf(dir) === "" ? "" : `${nameOf(dir)}/`;
      return [...new Set(listed.filter((name) => name.startsWith(below)).map((name) => name.slice(below.length).split("/")[0] ?? ""))].sort();
    },
    exists: (path) => names.has(nameOf(path)) || nameOf(path) === "" || listed.some((name) => name.startsWith(`${nameOf(path)}/`)),
  };
}
