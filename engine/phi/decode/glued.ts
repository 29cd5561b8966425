import { valuesOf } from "./values.ts";

/** A longer piece is no part of a value that somebody cut. */
const longest = 64;
const longestName = 200;

/**
 * Pieces of neighbouring fields without anything between them, so that a value which was cut is whole: those of names and of values of JSON, of forms,
 * attributes, cells and lines. Numbers of JSON are amounts, and stay apart; so do a word and a number.
 */
export function glued(text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) return gluedJson(text);
  if (/^\s*</.test(text)) return glue(Array.from(text.matchAll(/=\s{0,4}"([^"<]{0,64})"/g), ([, value = ""]) => value));
  const form = valuesOf(text);
  const all = [form === undefined ? (/[|,;=\r\n]/.test(text) ? gluedCells(text) : undefined) : glue(form.split("\n"))];
  // The parts of a name, which is short.
  if (text.length <= longestName) for (const sign of ["_", "-", ".", " "]) if (text.includes(sign)) all.push(glue(text.split(sign)));
  const read = all.filter((each) => each !== undefined);
  return read.length === 0 ? undefined : read.join("\n");
}

const partsCells = new Uint8Array(128);
for (const sign of '|,;&=\r\n"') partsCells[sign.charCodeAt(0)] = 1;

function gluedCells(text: string): string | undefined {
  const cells = new Glue();
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : lineFeed;
    if (unit > 127 || partsCells[unit] === 0) continue;
    cells.add(text, from, at);
    from = at + 1;
  }
  return cells.read;
}

/** The strings of a JSON text, from quote to quote. What a colon follows is a key, whose underscores before are those of its program. */
function gluedJson(text: string): string | undefined {
  const keys = new Glue();
  const values = new Glue();
  for (let open = text.indexOf('"'); open >= 0; ) {
    const close = closing(text, open + 1);
    if (close < 0) break;
    if (isFollowedByColon(text, close + 1)) {
      let from = open + 1;
      while (text.charCodeAt(from) === underscore) from++;
      keys.add(text, from, close);
    } else values.add(text, open + 1, close);
    open = text.indexOf('"', close + 1);
  }
  const both = [keys.read, values.read].filter((each) => each !== undefined);
  return both.length === 0 ? undefined : both.join("\n");
}

/** The quote that ends a string, not one with a backslash before it. */
function closing(text: string, from: number): number {
  let close = text.indexOf('"', from);
  while (close > from && isEscaped(text, from, close)) close = text.indexOf('"', close + 1);
  return close;
}

function isEscaped(text: string, from: number, at: number): boolean {
  let before = at;
  while (before > from && text.charCodeAt(before - 1) === backslash) before--;
  return (at - before) % 2 === 1;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (at - from < 4 && text.charCodeAt(at) <= space) at++;
  return text.charCodeAt(at) === colon;
}

/** Nothing when there are fewer than two. */
export function glue(pieces: readonly string[]): string | undefined {
  const glued = new Glue();
  for (const piece of pieces) glued.add(piece, 0, piece.length);
  return glued.read;
}

/** Pieces in a row, with a space only where a word and a number, or two words, would become one. */
class Glue {
  #read = "";
  #count = 0;
  /** The last sign of the piece before. */
  #last = 0;

  /** The piece of `text` from `start` to `end`. */
  add(text: string, start: number, end: number): void {
    if (end <= start || end - start > longest) return;
    const first = text.charCodeAt(start);
    const parts =
      (isDigit(first) && isLetter(this.#last)) || (isCapital(first) && isSmall(this.#last)) || (isDigit(this.#last) && end - start > 2 && isLetter(first) && isLetter(text.charCodeAt(start + 1)) && isLetter(text.charCodeAt(start + 2)));
    this.#read += parts ? ` ${text.slice(start, end)}` : text.slice(start, end);
    this.#last = text.charCodeAt(end - 1);
    this.#count++;
  }

  get read(): string | undefined {
    return this.#count < 2 ? undefined : this.#read;
  }
}

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
