import type { CodeSpec } from "../config/project.ts";
import type { Range } from "../sdk/index.ts";

/** The place in the file of a line and column of a piece of code, both from 1; as long as the word that stands there. */
export function placeIn(code: CodeSpec, line: number, column: number): Range {
  const lines = code.text.split("\n");
  const row = Math.min(Math.max(line, 1), lines.length);
  const text = lines[row - 1] ?? "";
  const at = row < line ? text.length + 1 : Math.min(Math.max(column, 1), text.length + 1);
  const word = /^(?:[\w$]+|\S)/.exec(text.slice(at - 1))?.[0] ?? " ";
  const start = at + code.indent;
  const fileLine = code.line + row - 1;
  return { file: code.file, line: fileLine, column: start, endLine: fileLine, endColumn: start + word.length };
}

/** The place of a character, counted from 0. */
export function placeOfOffset(code: CodeSpec, offset: number): Range {
  const before = code.text.slice(0, offset).split("\n");
  return placeIn(code, before.length, (before.at(-1) ?? "").length + 1);
}

/** Whether a place that guest code could have forged lies inside the code. */
export function liesIn(code: CodeSpec, line: number, column: number): boolean {
  const text = code.text.split("\n")[line - 1];
  return text !== undefined && column >= 1 && column <= text.length + 1;
}
