import type { Diagnostic } from "../../sdk/index.ts";

export interface FormatOptions {
  /** Put before every file name: the way from where the reader stands to the project. */
  readonly under?: string;
  readonly colour?: boolean;
}

/** Diagnostics for people: place, code, message, the line with a caret, a way out. `sources` by file name. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: FormatOptions = {},
): string {
  return diagnostics.map((diagnostic) => formatOne(diagnostic, sources.get(diagnostic.at.file), options)).join("\n");
}

function formatOne(diagnostic: Diagnostic, source: string | undefined, options: FormatOptions): string {
  const { code, level, at, message, help } = diagnostic;
  const paint = (style: number, text: string) => (options.colour ? `\u001b[${style}m${text}\u001b[0m` : text);
  const bad = level === "error" ? 31 : 33;
  const place = `${options.under ? `${options.under.replace(/\/$/, "")}/` : ""}${at.file}:${at.line}:${at.column}`;
  const lines = [`${paint(1, place)} ${paint(bad, `${level} ${code}`)} ${message}`];
  const text = source?.split("\n")[at.line - 1]?.replace(/\r$/, "");
  if (text !== undefined && text !== "") {
    const width = Math.max(4, String(at.line).length);
    // Tabs are kept in front of the caret, so that it stands under its place whatever their width.
    const before = text.slice(0, at.column - 1).replace(/[^\t]/g, " ");
    const end = at.endLine === at.line ? Math.min(at.endColumn - 1, text.trimEnd().length) : text.trimEnd().length;
    const caret = "^".repeat(Math.max(1, end - (at.column - 1)));
    lines.push(`${" ".repeat(width)} |`, `${String(at.line).padStart(width)} | ${text}`, `${" ".repeat(width)} | ${before}${paint(bad, caret)}`);
  }
  if (help !== undefined) lines.push(...help.split("\n").map((line, i) => `${i === 0 ? "  help: " : "        "}${line}`));
  return `${lines.join("\n")}\n`;
}
