import { formatDiagnostics } from "../config/index.ts";
import type { Terminal } from "./command.ts";
import { ProjectError } from "./compose.ts";

/** Prints what is wrong with a project, all at once; true when `error` was such a list. `folder`: the way to the project. */
export function reportProjectError(error: unknown, terminal: Terminal, folder = ""): boolean {
  if (!(error instanceof ProjectError)) return false;
  terminal.err(formatDiagnostics(error.diagnostics, error.sources, { colour: terminal.tty, ...(folder === "" ? {} : { under: folder }) }));
  return true;
}
