import type { Leaf } from "../tree.ts";
import { unescapeText } from "./escape.ts";
import { type Body, isNamed, type Line, nameOf } from "./lines.ts";
import { oddName } from "./path.ts";

export interface Hl7Leaf extends Leaf {
  /** Which message of the text it belongs to, counted from 1; 0 before the first MSH. */
  readonly message: number;
  /** HL7 null; its `value` is the empty string. */
  readonly isNull: boolean;
}

/** Every piece that holds text, with the shortest path that names it. */
export function* leavesOf(body: Body): Generator<Hl7Leaf> {
  const seen = new Map<string, number>();
  let offset = body.head.length;
  let message = 0;
  for (const line of body.lines) {
    const name = nameOf(line);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    if (line.header && isNamed(line, "MSH")) message++;
    yield* leavesOfLine(line, n === 1 ? name : `${name}[${n}]`, offset, message);
    offset += line.text.length + line.eol.length;
  }
}

function* leavesOfLine(line: Line, name: string, offset: number, message: number): Generator<Hl7Leaf> {
  const { text, marks } = line;
  const leaf = (path: string, [start, end]: Piece, opaque: boolean): Hl7Leaf => {
    const raw = text.slice(start, end);
    const isNull = !opaque && raw === '""';
    const value = opaque ? raw : isNull ? "" : unescapeText(raw, marks);
    return { path: `${name}-${path}`, value, start: offset + start, end: offset + end, message, isNull };
  };
  if (line.header) yield leaf("1", [3, 4], true);
  let field = line.header ? 0 : -1;
  for (const inField of pieces(text, [0, text.length], marks.field)) {
    field++;
    if (field <= 0 || (field === 1 && line.header)) {
      // The name itself is no leaf, unless the line has none.
      if (field === 0 && name.startsWith(oddName) && inField[1] > inField[0]) yield leaf("0", inField, true);
      continue;
    }
    if (inField[0] === inField[1]) continue;
    if (line.header && field === 2) {
      yield leaf("2", inField, true);
      continue;
    }
    let repetition = 0;
    for (const inRepetition of pieces(text, inField, marks.repetition)) {
      const at = ++repetition === 1 ? `${field}` : `${field}[${repetition}]`;
      const components = pieces(text, inRepetition, marks.component);
      for (const [c, inComponent] of components.entries()) {
        const subcomponents = pieces(text, inComponent, marks.subcomponent);
        for (const [s, piece] of subcomponents.entries()) {
          if (piece[0] === piece[1]) continue;
          if (subcomponents.length > 1) yield leaf(`${at}.${c + 1}.${s + 1}`, piece, false);
          else yield leaf(components.length > 1 ? `${at}.${c + 1}` : at, piece, false);
        }
      }
    }
  }
}

export type Piece = readonly [start: number, end: number];

/** Splits a span; a separator that the message does not declare splits nothing. */
export function pieces(text: string, [start, end]: Piece, separator: string): Piece[] {
  const out: Piece[] = [];
  let from = start;
  if (separator !== "") {
    for (let at = text.indexOf(separator, from); at >= 0 && at < end; at = text.indexOf(separator, from)) {
      out.push([from, at]);
      from = at + 1;
    }
  }
  out.push([from, end]);
  return out;
}
