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
export function leavesOf(body: Body): Hl7Leaf[] {
  const out: Hl7Leaf[] = [];
  const seen = new Map<string, number>();
  let offset = body.head.length;
  let message = 0;
  for (const line of body.lines) {
    const name = nameOf(line);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    if (line.header && isNamed(line, "MSH")) message++;
    new Walk(line, n === 1 ? name : `${name}[${n}]`, offset, message, out).segment();
    offset += line.text.length + line.eol.length;
  }
  return out;
}

/** One pass over a segment. */
class Walk {
  readonly #line: Line;
  readonly #name: string;
  readonly #offset: number;
  readonly #message: number;
  readonly #out: Hl7Leaf[];

  constructor(line: Line, name: string, offset: number, message: number, out: Hl7Leaf[]) {
    this.#line = line;
    this.#name = name;
    this.#offset = offset;
    this.#message = message;
    this.#out = out;
  }

  segment(): void {
    const { text, marks, header } = this.#line;
    // The name itself is no leaf, unless the line has none.
    const odd = this.#name.startsWith(oddName);
    if (header) this.#opaque("1", 3, 4);
    let field = header ? 1 : 0;
    for (let start = 0; start <= text.length; ) {
      const end = stopOf(text, marks.field, start, text.length);
      if (start === 0) {
        if (odd) this.#opaque("0", 0, end);
      } else if (header && field === 2) this.#opaque("2", start, end);
      else if (end > start) this.#field(field, start, end);
      field++;
      start = end + 1;
    }
  }

  #field(field: number, start: number, end: number): void {
    const { text, marks } = this.#line;
    let n = 1;
    for (let from = start; from <= end; n++) {
      const stop = stopOf(text, marks.repetition, from, end);
      if (stop > from) this.#repetition(n === 1 ? `-${field}` : `-${field}[${n}]`, from, stop);
      from = stop + 1;
    }
  }

  #repetition(at: string, start: number, end: number): void {
    const { text, marks } = this.#line;
    let n = 1;
    for (let from = start; from <= end; n++) {
      const stop = stopOf(text, marks.component, from, end);
      if (stop > from) this.#component(at, stop - from < end - start ? n : 0, from, stop);
      from = stop + 1;
    }
  }

  /** `n` 0: the only component, which paths leave out. */
  #component(at: string, n: number, start: number, end: number): void {
    const { text, marks } = this.#line;
    if (stopOf(text, marks.subcomponent, start, end) === end) {
      this.#value(n === 0 ? at : `${at}.${n}`, start, end);
      return;
    }
    let m = 1;
    for (let from = start; from <= end; m++) {
      const stop = stopOf(text, marks.subcomponent, from, end);
      if (stop > from) this.#value(`${at}.${n === 0 ? 1 : n}.${m}`, from, stop);
      from = stop + 1;
    }
  }

  #value(at: string, start: number, end: number): void {
    const raw = this.#line.text.slice(start, end);
    const isNull = raw === '""';
    this.#push(this.#name + at, isNull ? "" : unescapeText(raw, this.#line.marks), start, end, isNull);
  }

  #opaque(field: string, start: number, end: number): void {
    if (end > start) this.#push(`${this.#name}-${field}`, this.#line.text.slice(start, end), start, end, false);
  }

  #push(path: string, value: string, start: number, end: number, isNull: boolean): void {
    this.#out.push({ path, value, start: this.#offset + start, end: this.#offset + end, message: this.#message, isNull });
  }
}

/** Where a piece ends: at the next separator before `end`, else there. Looks no further than the piece. */
function stopOf(text: string, separator: string, from: number, end: number): number {
  if (separator === "") return end;
  // In a slice, so that a long piece is searched fast and no search goes on behind its end.
  if (end - from > 256) {
    const found = text.slice(from, end).indexOf(separator);
    return found < 0 ? end : from + found;
  }
  const code = separator.charCodeAt(0);
  let at = from;
  while (at < end && text.charCodeAt(at) !== code) at++;
  return at;
}
