import { readFileSync } from "node:fs";
import { formatDiagnostics } from "../config/index.ts";
import type { Diagnostic } from "../sdk/index.ts";
import type { Terminal } from "./command.ts";
import { ProjectError } from "./compose.ts";

/** Prints what is wrong with a project, all at once; true when `error` was such a list. */
export function reportProjectError(error: unknown, terminal: Terminal): boolean {
  if (!(error instanceof ProjectError)) return false;
  reportDiagnostics(error.diagnostics, terminal);
  return true;
}

export function reportDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  terminal.err(formatDiagnostics(diagnostics, sourcesOf(diagnostics)));
}

function sourcesOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, string> {
  return new Map([...new Set(diagnostics.map((d) => d.at.file))].flatMap((file) => readable(file)));
}

function readable(file: string): [string, string][] {
  try {
    return [[file, readFileSync(file, "utf8")]];
  } catch {
    return [];
  }
}
