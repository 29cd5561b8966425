import type { Range } from "../../sdk/index.ts";
import type { CodeSpec } from "../project.ts";

/** Where a piece of code stands in the file that it was read from. */
export function placeIn(code: CodeSpec, offset: number, length: number): Range {
  const before = code.text.slice(0, offset).split("\n");
  const line = code.line + before.length - 1;
  const column = code.indent + (before.at(-1)?.length ?? 0) + 1;
  return { file: code.file, line, column, endLine: line, endColumn: column + length };
}
