import { getElement } from "./element.ts";
import type { Outline, Place } from "./outline.ts";
import type { ScopePath, SegmentPath } from "./path.ts";
import { hasId, type X12Line } from "./segments.ts";

/** Indexes of the segments at a path, in order of the text. The outline is asked for only where the path has a step above the segment. */
export function* segmentsAt(lines: readonly X12Line[], path: SegmentPath, outline: () => Outline): Generator<number> {
  const { segment, index, qualifier } = path;
  const isIt = (line: X12Line) => hasId(line, segment) && (qualifier === "" || getElement(line, first) === qualifier);
  if (path.scopes.length === 0) {
    let n = 0;
    for (let at = 0; at < lines.length; at++) {
      if (!isIt(lines[at] as X12Line)) continue;
      n++;
      if (index === 0 || n === index) yield at;
      if (n === index) return;
    }
    return;
  }
  for (const place of placesAt(outline(), path.scopes)) {
    let n = 0;
    for (const at of place.loop === undefined ? within(place) : place.own) {
      if (!isIt(lines[at] as X12Line)) continue;
      n++;
      if (index === 0 || n === index) yield at;
      if (n === index) break;
    }
  }
}

/** The envelopes and loops that the steps name, in order of the text. */
export function placesAt(outline: Outline, scopes: readonly ScopePath[]): readonly Place[] {
  let chosen: readonly Place[] | undefined;
  for (const { id, index } of scopes) {
    const all = outline.places.get(id) ?? [];
    if (chosen === undefined) chosen = index === 0 ? all : all.slice(index - 1, index);
    else {
      chosen = chosen.flatMap((outer): readonly Place[] => {
        const inner = all.filter((place) => place.start >= outer.start && place.end <= outer.end && place !== outer);
        return index === 0 ? inner : inner.slice(index - 1, index);
      });
    }
  }
  return chosen ?? [];
}

function* within({ start, end }: Place): Generator<number> {
  for (let at = start; at < end; at++) yield at;
}

const first = { element: 1, repetition: 0, component: 0 };
