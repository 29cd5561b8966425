import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { EngineError } from "../sdk/index.ts";
import type { Terminal } from "./command.ts";

/** The project a command means: the folder named, else the one we stand in, else the example beside it. */
export function projectFolder(terminal: Terminal, named?: string): string {
  const found = named === undefined ? [".", "channels"] : [named];
  const folder = found.map((name) => resolve(terminal.cwd, name)).find((path) => existsSync(join(path, "sluice.yaml")));
  if (folder === undefined) throw new EngineError("CLI-102", { folder: named ?? "." });
  return folder;
}

/** The folder of the record. Reads only `data:`, so that a mistake elsewhere in the project hides no message. */
export function dataFolder(root: string): string {
  const data = dataOf(join(root, "sluice.yaml"));
  return isAbsolute(data) ? data : join(root, data);
}

function dataOf(file: string): string {
  try {
    const settings: unknown = parse(readFileSync(file, "utf8"), { maxAliasCount: 0 });
    const data = (settings as { data?: unknown } | null)?.data;
    return typeof data === "string" && data !== "" ? data : ".sluice";
  } catch {
    return ".sluice";
  }
}

/** The flag by which commands that look at a project take another folder. */
export const projectFlag = { project: { type: "string", short: "p" } } as const;

export function projectOf(terminal: Terminal, flags: Readonly<Record<string, unknown>>): string {
  return projectFolder(terminal, typeof flags["project"] === "string" ? flags["project"] : undefined);
}
