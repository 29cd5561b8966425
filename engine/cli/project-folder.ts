import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { EngineError } from "../sdk/error.ts";
import type { Terminal } from "./command.ts";

/** The project a command means: the folder named, else the one we stand in, else the example beside it. */
export function projectFolder(terminal: Terminal, named?: string): string {
  const found = named === undefined ? [".", "channels"] : [named];
  const folder = found.map((name) => resolve(terminal.cwd, name)).find((path) => existsSync(join(path, "sluice.yaml")));
  if (folder === undefined) throw new EngineError("CLI-102", { folder: named ?? "." });
  return folder;
}

/** The flag by which commands that look at a project take another folder. */
export const projectFlag = { project: { type: "string", short: "p" } } as const;

export function projectOf(terminal: Terminal, flags: Readonly<Record<string, unknown>>): string {
  return projectFolder(terminal, typeof flags["project"] === "string" ? flags["project"] : undefined);
}
