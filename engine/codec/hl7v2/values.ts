import { getValue } from "./access.ts";
import { type Body, isNamed, type Line } from "./lines.ts";
import { locate } from "./locate.ts";
import type { MessagePath } from "./path.ts";

/** Decoded values over all segments and repetitions that the path does not single out. */
export function valuesOf(body: Body, path: MessagePath): string[] {
  const out: string[] = [];
  let n = 0;
  for (const line of body.lines) {
    if (!isNamed(line, path.segment)) continue;
    n++;
    if (path.index !== 0 && n !== path.index) continue;
    if (path.repetition !== 0) push(out, line, path);
    else for (let r = 1; locate(line, { ...path, repetition: r }, 1).missing === 0; r++) push(out, line, { ...path, repetition: r });
  }
  return out;
}

function push(out: string[], line: Line, path: MessagePath): void {
  const value = getValue(line, path);
  if (value !== null && value !== "") out.push(value);
}
