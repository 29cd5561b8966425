import type { Delimiters } from "./delimiters.ts";
import { unescapeText } from "./escape.ts";
import { type Body, type Line, nameOf } from "./lines.ts";
import { oddName } from "./path.ts";

/** A component that is divided further, and one of its subcomponents. */
export interface Piece {
  /** From 1. */
  readonly component: number;
  readonly value: string;
}

export interface Repetitions<Row extends object> {
  /**
   * What the fields of a segment are, by their number, nothing where one is not to be taken apart; what is behind the last is like the last. Field 0: what
   * stands in place of a segment's name.
   */
  rowsOf(segment: string): readonly (Row | undefined)[];
  /** Whether anything of a line with these rows is; without it all lines are looked through. */
  isLineNeeded?(text: string, marks: Delimiters, rows: readonly (Row | undefined)[]): boolean;
  /** Whether one of a row, as it stands in the text, is to be taken apart; without it all are. */
  isNeeded?(row: Row, raw: string, marks: Delimiters): boolean;
  /** So many components are read of one. */
  depthOf(row: Row): number;
  /** Decoded components from 1 at index 0, empty where there is none; a divided one is its subcomponents with a space between, and they stand in `pieces`. */
  take(row: Row, components: readonly string[], pieces: readonly Piece[]): void;
}

/**
 * The repetitions of the fields that a table asks for, in order of the text, one that is like the one before of its row left out: without paths and without a
 * look at the other fields. A line without a segment's name has no components: all its pieces are subcomponents of the first.
 */
export function eachRepetition<Row extends object>(body: Body, reader: Repetitions<Row>): void {
  const before = new Map<Row, string>();
  for (const line of body.lines) {
    // Another header may declare other delimiters.
    if (line.header) before.clear();
    const name = nameOf(line);
    const rows = reader.rowsOf(name);
    if (!line.header && reader.isLineNeeded?.(line.text, line.marks, rows) === false) continue;
    eachOf(line, name, rows, reader, (row, raw) => {
      if (before.get(row) === raw) return false;
      before.set(row, raw);
      return reader.isNeeded?.(row, raw, line.marks) !== false;
    });
  }
}

function eachOf<Row extends object>(line: Line, name: string, rows: readonly (Row | undefined)[], reader: Repetitions<Row>, isNew: (row: Row, raw: string) => boolean): void {
  const { text, marks, header } = line;
  const isOdd = name === oddName;
  const last = rows.length - 1;
  const first = text.indexOf(marks.field);
  const opaque = (row: Row | undefined, raw: string) => row !== undefined && raw !== "" && isNew(row, raw) && reader.take(row, [raw], none);
  if (header) opaque(rows[Math.min(1, last)], text.slice(3, 4));
  if (isOdd) opaque(rows[0], first < 0 ? text : text.slice(0, first));
  for (let field = header ? 2 : 1, start = first + 1; start > 0; field++) {
    const stop = text.indexOf(marks.field, start);
    const end = stop < 0 ? text.length : stop;
    const row = end > start ? rows[field < last ? field : last] : undefined;
    if (row !== undefined) {
      const raw = text.slice(start, end);
      if (header && field === 2) opaque(row, raw);
      else for (const each of split(raw, marks.repetition)) if (each !== "" && each !== '""' && isNew(row, each)) takeApart(row, each, line, isOdd, reader);
    }
    start = stop + 1;
  }
}

function takeApart<Row extends object>(row: Row, raw: string, { marks }: Line, isOdd: boolean, reader: Repetitions<Row>): void {
  const depth = reader.depthOf(row);
  const isDivided = isOdd || (marks.subcomponent !== "" && raw.includes(marks.subcomponent));
  if (!isDivided) {
    reader.take(row, componentsOf(raw, marks, depth), none);
    return;
  }
  const pieces: Piece[] = [];
  const components: string[] = [];
  for (const [i, part] of split(raw, marks.component, isOdd ? Number.POSITIVE_INFINITY : depth).entries()) {
    const at = isOdd ? 0 : i;
    const values = split(part, marks.subcomponent).map((piece) => decoded(piece, marks)).filter((value) => value !== "");
    if (values.length > 1 || isOdd) for (const value of values) pieces.push({ component: at + 1, value });
    components[at] = [...(components[at] ? [components[at]] : []), ...values].join(" ");
  }
  reader.take(row, components, pieces);
}

function componentsOf(raw: string, marks: Delimiters, depth: number): string[] {
  const end = marks.component === "" ? -1 : raw.indexOf(marks.component);
  if (end < 0 || depth === 1) return [decoded(end < 0 ? raw : raw.slice(0, end), marks)];
  return split(raw, marks.component, depth).map((part) => decoded(part, marks));
}

function split(raw: string, mark: string, most = Number.POSITIVE_INFINITY): readonly string[] {
  if (mark === "" || !raw.includes(mark)) return [raw];
  return most === Number.POSITIVE_INFINITY ? raw.split(mark) : raw.split(mark, most);
}

function decoded(raw: string, marks: Delimiters): string {
  return raw === '""' ? "" : unescapeText(raw, marks);
}

const none: readonly never[] = [];
