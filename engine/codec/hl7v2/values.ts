import { getValue } from "./access.ts";
import { type Body, isNamed, type Line } from "./lines.ts";
import { isOpaque, locate } from "./locate.ts";
import type { MessagePath } from "./path.ts";

/** Decoded values over all segments and repetitions that the path does not single out. */
export function valuesOf(body: Body, path: MessagePath): string[] {
  const out: string[] = [];
  let n = 0;
  for (const line of body.lines) {
    if (!isNamed(line, path.segment)) continue;
    n++;
    if (path.index !== 0 && n !== path.index) continue;
    if (path.repetition !== 0 || isOpaque(line, path)) push(out, line, path);
    else for (const piece of repetitions(line, path)) push(out, piece, { ...path, field: 1 });
  }
  return out;
}

/** Each repetition of a field as a segment of its own: looked for one by one from the begin of the field, thousands would take quadratic time. */
function repetitions(line: Line, path: MessagePath): Line[] {
  const { start, end, missing } = locate(line, path, 0);
  if (missing > 0) return [];
  const { field, repetition } = line.marks;
  const text = line.text.slice(start, end);
  return (repetition === "" ? [text] : text.split(repetition)).map((piece) => ({ ...line, header: false, text: `${field}${piece}` }));
}

function push(out: string[], line: Line, path: MessagePath): void {
  const value = getValue(line, path);
  if (value !== null && value !== "") out.push(value);
}
