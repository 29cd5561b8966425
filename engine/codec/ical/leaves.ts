import type { Leaf } from "../tree.ts";
import type { Line } from "./line.ts";
import { oddLine } from "./path.ts";
import { type Component, type Document, isLine } from "./read.ts";

/** Values and parameters in the order of the text; what is no content line is one leaf. */
export function* leavesOf({ mark, root }: Document): Generator<Leaf> {
  const place = { at: mark.length, top: new Map<string, number>() };
  yield* leavesIn(root, "", place, true);
}

interface Place {
  at: number;
  /** How many components of each name the first step of a path has counted. */
  readonly top: Map<string, number>;
}

function* leavesIn(component: Component, prefix: string, place: Place, isTop: boolean): Generator<Leaf> {
  const lines = new Map<string, number>();
  const nested = isTop ? place.top : new Map<string, number>();
  if (component.begin) place.at += component.begin.raw.length + component.begin.eol.length;
  for (const item of component.items) {
    if (isLine(item)) {
      const name = item.parts?.name ?? oddLine;
      if (item.text !== "") yield* leavesOfLine(item, `${prefix}${numbered(name, lines)}`, place.at);
      place.at += item.raw.length + item.eol.length;
    } else {
      const path = `${prefix}${numbered(item.name, nested)}/`;
      // What stands in a calendar of the text is named without it.
      const isCalendar = component.begin === undefined && item.name === "VCALENDAR";
      if (isCalendar) yield* leavesOfCalendar(item, path, place);
      else yield* leavesIn(item, path, place, false);
    }
  }
  if (component.end) place.at += component.end.raw.length + component.end.eol.length;
}

function* leavesOfCalendar(calendar: Component, path: string, place: Place): Generator<Leaf> {
  const lines = new Map<string, number>();
  if (calendar.begin) place.at += calendar.begin.raw.length + calendar.begin.eol.length;
  for (const item of calendar.items) {
    if (isLine(item)) {
      if (item.text !== "") yield* leavesOfLine(item, `${path}${numbered(item.parts?.name ?? oddLine, lines)}`, place.at);
      place.at += item.raw.length + item.eol.length;
    } else yield* leavesIn(item, `${numbered(item.name, place.top)}/`, place, false);
  }
  if (calendar.end) place.at += calendar.end.raw.length + calendar.end.eol.length;
}

function numbered(name: string, counts: Map<string, number>): string {
  const n = (counts.get(name) ?? 0) + 1;
  counts.set(name, n);
  return n === 1 ? name : `${name}[${n}]`;
}

function* leavesOfLine(line: Line, path: string, at: number): Generator<Leaf> {
  const leaf = (path: string, value: string, span: { readonly start: number; readonly end: number }): Leaf => {
    const { start, end } = line.rawSpan(span);
    return { path, value, start: at + start, end: at + end };
  };
  const counts = new Map<string, number>();
  for (const { name, values } of line.parts?.parameters ?? []) {
    for (const { value, span } of values) {
      if (span.end > span.start) yield leaf(`${path};${numbered(name === "" ? oddLine : name, counts)}`, value, span);
      else numbered(name, counts);
    }
  }
  const { elements } = line;
  for (const [i, { value, span }] of elements.entries()) {
    if (span.end > span.start) yield leaf(elements.length === 1 ? path : `${path}.${i + 1}`, value, span);
  }
}
