import { EngineError } from "../../sdk/error.ts";
import type { Line } from "./lines.ts";
import type { FieldPath } from "./path.ts";

/** The levels below a segment, outermost first. */
export const levels = ["field", "repetition", "component", "subcomponent"] as const;
export type Level = 0 | 1 | 2 | 3;

/** Narrows a span of a segment step by step. When a piece is not there, `missing` says how many separators it lacks. */
export class Cursor {
  start = 0;
  end: number;
  missing = 0;
  /** The level at which the piece was missing, or the one reached. */
  level: Level = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.end = text.length;
  }

  take(separator: string, n: number): boolean {
    let from = this.start;
    for (let i = 1; i < n; i++) {
      const at = separator === "" ? -1 : this.#text.indexOf(separator, from);
      if (at < 0 || at >= this.end) {
        this.missing = n - i;
        this.start = this.end;
        return false;
      }
      from = at + 1;
    }
    this.start = from;
    const stop = separator === "" ? -1 : this.#text.indexOf(separator, from);
    if (stop >= 0 && stop < this.end) this.end = stop;
    return true;
  }
}

/** How deep a path goes by itself. */
export function depthOf(path: FieldPath): Level {
  return path.subcomponent > 0 ? 3 : path.component > 0 ? 2 : path.repetition > 0 ? 1 : 0;
}

/** Finds a place in a segment, down to `depth`; a level the path does not name is its first piece. */
export function locate(line: Line, path: FieldPath, depth: Level): Cursor {
  const cursor = new Cursor(line.text);
  const { marks } = line;
  if (isOpaque(line, path)) {
    if (path.field === 1) {
      cursor.start = 3;
      cursor.end = 4;
    } else cursor.take(marks.field, path.field === 0 ? 1 : 2);
    const whole = path.repetition < 2 && path.component < 2 && path.subcomponent < 2;
    if (!whole) {
      cursor.missing = 1;
      cursor.start = cursor.end;
    }
    return cursor;
  }
  if (!cursor.take(marks.field, line.header ? path.field : path.field + 1)) return cursor;
  for (let level = 1; level <= depth; level++) {
    cursor.level = level as Level;
    if (!cursor.take(marks[levels[level] as (typeof levels)[number]], pieceOf(path, level))) return cursor;
  }
  return cursor;
}

/** MSH-1, MSH-2 and the begin of a line without a segment name are single pieces of text, whatever they contain. */
export function isOpaque(line: Line, path: FieldPath): boolean {
  return path.field === 0 || (line.header && path.field <= 2);
}

/** Puts raw text at a place, adding the separators that lead there. Changes nothing else of the segment. */
export function splice(line: Line, path: FieldPath, depth: Level, raw: string): boolean {
  if (isOpaque(line, path)) throw new EngineError("HL7-106", { field: path.field });
  const cursor = locate(line, path, depth);
  if (cursor.missing === 0 && line.text.slice(cursor.start, cursor.end) === raw) return false;
  if (cursor.missing > 0 && raw === "") return false;
  let lead = "";
  if (cursor.missing > 0) {
    lead = separatorOf(line, cursor.level).repeat(cursor.missing);
    for (let level = cursor.level + 1; level <= depth; level++) {
      const n = pieceOf(path, level) - 1;
      if (n > 0) lead += separatorOf(line, level as Level).repeat(n);
    }
  }
  line.text = line.text.slice(0, cursor.start) + lead + raw + line.text.slice(cursor.end);
  return true;
}

function pieceOf(path: FieldPath, level: number): number {
  const n = level === 1 ? path.repetition : level === 2 ? path.component : path.subcomponent;
  return n === 0 ? 1 : n;
}

function separatorOf(line: Line, level: Level): string {
  const separator = line.marks[levels[level]];
  if (separator === "") throw new EngineError("HL7-105", { needs: levels[level] });
  return separator;
}
