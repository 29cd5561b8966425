import { EngineError } from "../../sdk/error.ts";
import type { X12Line } from "./segments.ts";

/** A place inside a segment. Levels count from 1; 0 means: not named. */
export interface ElementPath {
  readonly element: number;
  readonly repetition: number;
  readonly component: number;
}

/** A span of a segment; `missing` says how many separators of `level` it lacks where it is not there. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly missing: number;
  readonly level: Level;
}

export const levels = ["element", "repetition", "component"] as const;
export type Level = 0 | 1 | 2;

/** The value at a place; a level that the path does not name is its first piece. Padding of ISA is not part of it. */
export function getElement(line: X12Line, path: ElementPath): string {
  const { start, end, missing } = locate(line, path, 2);
  if (missing > 0) return "";
  const raw = line.text.slice(start, end);
  return isOpaque(line) ? unpadded(raw) : raw;
}

/** The text of the very piece that the path names, with the separators in it. */
export function getRawElement(line: X12Line, path: ElementPath): string {
  const { start, end, missing } = locate(line, path, path.component > 0 ? 2 : path.repetition > 0 ? 1 : 0);
  return missing > 0 ? "" : line.text.slice(start, end);
}

/** Element `n` as a whole, for trusted code that walks many segments; empty when it is not there. */
export function elementOf(line: X12Line, n: number): string {
  const { text, marks } = line;
  let from = 0;
  for (let i = 0; i < n; i++) {
    from = text.indexOf(marks.element, from) + 1;
    if (from === 0) return "";
  }
  const stop = text.indexOf(marks.element, from);
  return stop < 0 ? text.slice(from) : text.slice(from, stop);
}

/** Component `n` of a repetition; 0 is the first. */
export function pieceOf(text: string, n: number, separator: string): string {
  let from = 0;
  for (let i = 1; i < n; i++) {
    from = text.indexOf(separator, from) + 1;
    if (from === 0) return "";
  }
  const stop = text.indexOf(separator, from);
  return stop < 0 ? text.slice(from) : text.slice(from, stop);
}

/** Finds a place in a segment, down to `depth`. */
export function locate(line: X12Line, path: ElementPath, depth: Level): Span {
  const { text, marks } = line;
  // Neither ISA nor what stands in place of an id has pieces.
  const inIsa = isOpaque(line) || path.element === 0;
  if (inIsa && (path.repetition > 1 || path.component > 1)) return { start: text.length, end: text.length, missing: 1, level: 1 };
  let [start, end] = [0, text.length];
  for (let level = 0 as Level; level <= (inIsa ? 0 : depth); level++) {
    const separator = marks[levels[level]];
    for (let left = level === 0 ? path.element : numberAt(path, level) - 1; left > 0; left--) {
      const at = separator === "" ? -1 : text.indexOf(separator, start);
      if (at < 0 || at >= end) return { start: end, end, missing: left, level };
      start = at + 1;
    }
    const stop = separator === "" ? -1 : text.indexOf(separator, start);
    if (stop >= 0 && stop < end) end = stop;
  }
  return { start, end, missing: 0, level: depth };
}

/** Puts text at a place, adding the separators that lead there. Changes nothing else; says whether the segment changed. */
export function splice(line: X12Line, path: ElementPath, depth: Level, value: string): boolean {
  if (path.element === 0) throw new EngineError("X12-106", { element: 0 });
  const { start, end, missing, level } = locate(line, path, depth);
  const raw = isOpaque(line) ? padded(path.element, end - start, value) : value;
  if (missing > 0 && raw === "") return false;
  if (missing === 0 && line.text.slice(start, end) === raw) return false;
  let lead = "";
  // No path asks for a megabyte of separators.
  if (missing > 9999 || path.component > 9999) throw new EngineError("X12-101", { at: 0 });
  if (missing > 0) {
    lead = separatorOf(line, level).repeat(missing);
    for (let below = (level + 1) as Level; below <= depth; below++) {
      const n = numberAt(path, below) - 1;
      if (n > 0) lead += separatorOf(line, below).repeat(n);
    }
  }
  line.text = line.text.slice(0, start) + lead + raw + line.text.slice(end);
  return true;
}

/** ISA is read as it stands: ISA11 and ISA16 are the delimiters themselves. */
export function isOpaque({ text, marks }: X12Line): boolean {
  return text.startsWith("ISA") && text.charAt(3) === marks.element;
}

/**
 * What a value must not hold: a delimiter of the interchange (X12 has no escape for it), or a control character. Throws `X12-103`, which says
 * which delimiter it is.
 */
export function checkValue(value: string, { marks }: X12Line, allowed: readonly string[] = []): void {
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    if (allowed.includes(char)) continue;
    const held = heldBy(char, marks);
    if (held !== undefined) throw new EngineError("X12-103", { holds: held });
  }
}

function heldBy(char: string, marks: X12Line["marks"]): string | undefined {
  if (char === marks.element) return "element";
  if (char === marks.component) return "component";
  if (char === marks.segment) return "segment";
  if (char === marks.repetition) return "repetition";
  return char < " " || char === "\u007f" ? "control character" : undefined;
}

export function unpadded(raw: string): string {
  let end = raw.length;
  while (end > 0 && raw.charCodeAt(end - 1) === 32) end--;
  return raw.slice(0, end);
}

/** Elements of ISA keep their width. */
function padded(element: number, width: number, value: string): string {
  if (element === 11 || element === 12 || element === 16) throw new EngineError("X12-106", { element });
  if (element > 16 || value.length > width) throw new EngineError("X12-107", { element, width });
  return value.padEnd(width);
}

function numberAt(path: ElementPath, level: Level): number {
  const n = level === 1 ? path.repetition : path.component;
  return n === 0 ? 1 : n;
}

function separatorOf(line: X12Line, level: Level): string {
  const separator = line.marks[levels[level]];
  if (separator === "") throw new EngineError("X12-105", { needs: levels[level] });
  return separator;
}
