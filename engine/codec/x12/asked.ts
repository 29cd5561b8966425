import { elementOf } from "./element.ts";
import type { Asked } from "./grammar/source.ts";
import { hasId, type X12Line } from "./segments.ts";

/** What the transaction set whose ST is the segment `at` says of itself; `version`: GS08 of its group. */
export function askedAt(lines: readonly X12Line[], at: number, version: string): Asked {
  const st = lines[at] as X12Line;
  // What chooses between two structures stands in the header, right behind ST.
  const value = (segment: string, element: number): string | undefined => {
    const found = lines.slice(at + 1, at + 6).find((line) => hasId(line, segment));
    return found && elementOf(found, element);
  };
  return { id: elementOf(st, 1), convention: elementOf(st, 3) || version, value };
}
