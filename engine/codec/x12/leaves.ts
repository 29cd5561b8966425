import type { Leaf } from "../tree.ts";
import { isOpaque, unpadded } from "./element.ts";
import type { Outline } from "./outline.ts";
import { idOf, oddId, type X12Body, type X12Line } from "./segments.ts";

export interface X12Leaf extends Leaf {
  /** Which transaction set of the text it belongs to, counted from 1; 0 in the envelope. */
  readonly transaction: number;
}

/** Every piece that holds text, with the shortest path that names it. */
export function leavesOf(body: X12Body, outline: Outline): X12Leaf[] {
  const out: X12Leaf[] = [];
  const names = segmentNames(body.lines, outline);
  let offset = body.head.length;
  let sets = 0;
  body.lines.forEach((line, at) => {
    const id = idOf(line);
    if (id === "ST") sets++;
    const envelope = id === "ISA" || id === "GS" || id === "GE" || id === "IEA" || id === "TA1";
    segmentLeaves(line, names[at] as string, offset, envelope ? 0 : sets, out);
    offset += line.text.length + line.end.length;
  });
  return out;
}

/** By segment: `NM1`, `NM1[4]`, `2010BA[3]/NM1`, `2300[2]/REF[2]`; without the loop where none is known. */
export function segmentNames(lines: readonly X12Line[], outline: Outline): readonly string[] {
  const seen = new Map<string, number>();
  const count = (key: string) => {
    const n = (seen.get(key) ?? 0) + 1;
    seen.set(key, n);
    return n;
  };
  return lines.map((line, at) => {
    const id = idOf(line);
    const all = count(id);
    const place = outline.at[at];
    if (place?.loop === undefined) return indexed(id, all);
    const loop = indexed(place.id, place.index);
    return `${loop}/${indexed(id, count(`${loop}/${id}`))}`;
  });
}

function indexed(id: string, n: number): string {
  return n === 1 ? id : `${id}[${n}]`;
}

function segmentLeaves(line: X12Line, name: string, offset: number, transaction: number, out: X12Leaf[]): void {
  const { text, marks } = line;
  const push = (path: string, start: number, end: number, value = text.slice(start, end)) => {
    if (value !== "") out.push({ path, value, start: offset + start, end: offset + end, transaction });
  };
  const isa = isOpaque(line);
  let element = 0;
  for (let start = 0; start <= text.length; element++) {
    const end = stopOf(text, marks.element, start, text.length);
    const path = element < 100 ? `${name}${String(element).padStart(2, "0")}` : `${name}${name.endsWith("]") ? "" : "[1]"}${element}`;
    if (element === 0) {
      if (idOf(line) === oddId) push(path, start, end);
    } else if (isa) push(path, start, end, unpadded(text.slice(start, end)));
    else if (end > start) repetitions(path, start, end);
    start = end + 1;
  }

  function repetitions(path: string, start: number, end: number): void {
    let n = 1;
    for (let from = start; from <= end; n++) {
      const stop = stopOf(text, marks.repetition, from, end);
      if (stop > from) components(n === 1 ? path : `${path}[${n}]`, from, stop);
      from = stop + 1;
    }
  }

  function components(path: string, start: number, end: number): void {
    let n = 1;
    for (let from = start; from <= end; n++) {
      const stop = stopOf(text, marks.component, from, end);
      // The only component of an element is the element.
      if (stop > from) push(stop - from < end - start ? `${path}-${n}` : path, from, stop);
      from = stop + 1;
    }
  }
}

function stopOf(text: string, separator: string, from: number, end: number): number {
  if (separator === "") return end;
  const code = separator.charCodeAt(0);
  let at = from;
  while (at < end && text.charCodeAt(at) !== code) at++;
  return at;
}
