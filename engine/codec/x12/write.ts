import { EngineError } from "../../sdk/error.ts";
import { checkValue, type ElementPath, levels, splice } from "./element.ts";
import type { X12Line } from "./segments.ts";

/** Writes a value to a segment; says whether it changed. */
export function writeElement(line: X12Line, path: ElementPath, value: string | number | null): boolean {
  const text = value === null ? "" : asText(value);
  checkValue(text, line);
  return splice(line, path, 2, text);
}

/** Writes text with separators of the levels below the one named. */
export function writeRawElement(line: X12Line, path: ElementPath, raw: string): boolean {
  if (typeof raw !== "string") throw new EngineError("X12-102");
  const depth = path.component > 0 ? 2 : path.repetition > 0 ? 1 : 0;
  checkValue(raw, line, levels.slice(depth + 1).map((level) => line.marks[level]));
  return splice(line, path, depth, raw);
}

function asText(value: string | number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new EngineError("X12-102");
}
