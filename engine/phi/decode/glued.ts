import { quotesIn } from "./quotes.ts";
import { Rounds } from "./rounds.ts";
import { Units } from "./units.ts";
import { isJson, valuesOf } from "./values.ts";
import { Written } from "./written.ts";

/** A longer piece is no part of a value that somebody cut. */
const longest = 64;
/** The parts of what is no longer than this may be those of one name. */
export const longestName = 200;

/**
 * Pieces of neighbouring fields without anything between them, so that a value which was cut is whole: those of names and of values of JSON, of forms,
 * attributes, cells and lines. Numbers of JSON are amounts, and stay apart; so do a word and a number.
 */
export function glued(text: string): string | undefined {
  if (isJson(text)) return gluedJson(text);
  if (/^\s*</.test(text)) return glue(Array.from(text.matchAll(/=\s{0,4}"([^"<]{0,64})"/g), ([, value = ""]) => value));
  const form = valuesOf(text);
  const all = [form === undefined ? (/[|,;=\r\n]/.test(text) ? gluedCells(text) : undefined) : glue(form.split("\n"))];
  if (text.length <= longestName) for (const sign of ["_", "-", ".", " "]) if (text.includes(sign)) all.push(glue(text.split(sign)));
  const read = all.filter((each) => each !== undefined);
  return read.length === 0 ? undefined : read.join("\n");
}

const partsCells = new Uint8Array(128);
for (const sign of '|,;&=\r\n"') partsCells[sign.charCodeAt(0)] = 1;

function gluedCells(text: string): string | undefined {
  const units = unitsHere.of(text);
  const cells = values.begin();
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? (units[at] as number) : lineFeed;
    if (unit > 127 || partsCells[unit] === 0) continue;
    cells.add(units, from, at);
    from = at + 1;
  }
  return cells.end();
}

/** The strings of a JSON text, from quote to quote. What a colon follows is a key, whose underscores before are those of its program. */
function gluedJson(text: string): string | undefined {
  const units = unitsHere.of(text);
  const { places, count } = quotesIn(text, units);
  const row = values.begin();
  names.clear();
  for (let i = 0; i < count; i++) {
    const open = places[i++] as number;
    while (i < count && isEscaped(units, open, places[i] as number)) i++;
    if (i >= count) break;
    const close = places[i] as number;
    if (isFollowedByColon(units, close + 1, text.length)) {
      let from = open + 1;
      while (units[from] === underscore) from++;
      names.add(from, close);
    } else row.add(units, open + 1, close);
  }
  const inKeys = keys.begin();
  names.each(units, (start, end) => inKeys.add(units, start, end));
  const both = [inKeys.end(), row.end()].filter((each) => each !== undefined);
  return both.length === 0 ? undefined : both.join(apart);
}

/** Neither goes on with the other, as lines of a block do. */
const apart = "\n\n";

/** A quote with a backslash before it ends no string, unless that is one of a pair. */
function isEscaped(units: Uint16Array, open: number, at: number): boolean {
  let from = at;
  while (from - 1 > open && units[from - 1] === backslash) from--;
  return (at - from) % 2 === 1;
}

function isFollowedByColon(units: Uint16Array, from: number, length: number): boolean {
  let at = from;
  while (at < length && at - from < 4 && (units[at] as number) <= space) at++;
  return at < length && units[at] === colon;
}

/** Nothing when there are fewer than two. */
export function glue(pieces: readonly string[]): string | undefined {
  const glued = values.begin();
  for (const piece of pieces) glued.add(unitsOfPiece.of(piece), 0, piece.length);
  return glued.end();
}

/** Pieces in a row, with a space only where a word and a number, two words, or letters of two alphabets would become one. One row at a time. */
class Glue {
  readonly #written = new Written();
  #count = 0;
  /** The last sign of the piece before. */
  #last = 0;

  begin(): this {
    this.#written.clear();
    this.#count = this.#last = 0;
    return this;
  }

  /** The piece of a text from `start` to `end`. */
  add(units: Uint16Array, start: number, end: number): void {
    if (end <= start || end - start > longest) return;
    const first = units[start] as number;
    if (this.#parts(first, end - start > 2 ? (units[start + 1] as number) : 0, end - start > 2 ? (units[start + 2] as number) : 0)) this.#written.sign(space);
    this.#written.add(units, start, end);
    this.#last = units[end - 1] as number;
    this.#count++;
  }

  /** `second`, `third`: 0 where there are not both. */
  #parts(first: number, second: number, third: number): boolean {
    const last = this.#last;
    if (isDigit(first)) return isLetter(last);
    if (first > 127) return isLetter(last);
    if (!isLetter(first)) return false;
    return (isCapital(first) && isSmall(last)) || last > 127 || (isDigit(last) && isLetter(second) && isLetter(third));
  }

  end(): string | undefined {
    return this.#count < 2 ? undefined : this.#written.take();
  }
}

const unitsHere = new Units();
const unitsOfPiece = new Units();
const keys = new Glue();
const names = new Rounds();
const values = new Glue();

const lineFeed = 10;
const space = 32;
const colon = 58;
const backslash = 92;
const underscore = 95;

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isCapital(unit: number): boolean {
  return unit >= 65 && unit <= 90;
}

function isSmall(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

function isLetter(unit: number): boolean {
  return isSmall(unit | 32);
}
