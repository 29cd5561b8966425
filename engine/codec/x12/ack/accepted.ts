import type { X12Fault } from "../check/index.ts";
import type { X12Message } from "../message.ts";
import { idOf, joinBody, type X12Line } from "../segments.ts";
import { verdictsOf } from "./verdicts.ts";

/**
 * What is left of a message when the transaction sets are gone that its answer rejects, each by its own faults: the segments as they came, with GE01
 * and IEA01 counting what stays. A group or interchange without any left goes too. `undefined` where nothing is rejected; the empty text where all is.
 */
export function acceptedText(message: X12Message, faults: readonly X12Fault[]): string | undefined {
  const { head, lines } = message.body;
  const gone = new Set<number>();
  const counts = new Map<number, number>();
  const drop = ({ start, end }: { readonly start: number; readonly end: number }) => {
    for (let at = start; at < end; at++) gone.add(at);
  };
  let left = 0;
  for (const { place, notes, groups } of verdictsOf(message, faults)) {
    const kept = notes.length > 0 ? [] : groups.filter(({ accepted }) => accepted > 0);
    left += kept.length;
    if (kept.length === 0) drop(place);
    else if (kept.length < groups.length) counts.set(place.end - 1, kept.length);
    for (const group of groups) {
      if (notes.length > 0 || group.accepted === 0) drop(group.place);
      else if (group.accepted < group.sets.length) {
        counts.set(group.place.end - 1, group.accepted);
        for (const set of group.sets) if (set.code === "R") drop(set.place);
      }
    }
  }
  if (gone.size === 0) return undefined;
  return left === 0 ? "" : joinBody({ head, lines: lines.flatMap((line, at) => (gone.has(at) ? [] : [counts.has(at) ? counted(line, counts.get(at) as number) : line])) });
}

/** `GE*3*7` → `GE*2*7` */
function counted(line: X12Line, count: number): X12Line {
  const id = idOf(line);
  const rest = line.text.slice(id.length + 1);
  const mark = line.marks.element;
  const at = rest.indexOf(mark);
  return { ...line, text: `${id}${mark}${count}${at < 0 ? "" : rest.slice(at)}` };
}
