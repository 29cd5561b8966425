import { Units } from "./decode/units.ts";
import { codeOfUnit, isAscii, isDigitCode, meetAll } from "./fold.ts";
import { continues, type Pattern } from "./patterns.ts";
import { mirrored } from "./trigrams.ts";

export interface Hit {
  readonly pattern: Pattern;
  /** UTF-16 units of the folded text. */
  readonly start: number;
  readonly end: number;
  /** Of a short number whose digits stand in different fields: chance alone may have put them there. */
  readonly isScattered: boolean;
}

/** First pattern of each trigram, filled for one scan and emptied after it: no allocation in the size of the alphabet. */
const heads = new Uint16Array(1 << 18);
/**
 * A bit for each trigram that a pattern begins with, and for its mirror image. Eight that differ in their first code share a bit, so that all of it stays at
 * hand while a text is read.
 */
const begun = new Uint32Array(1 << 10);
/** Codes looked at together. A text is read window by window, so that its length costs no memory. */
const window = 64 * 1024;
const unitsHere = new Units();
const codes = new Uint8Array(window);
const places = new Int32Array(window);
/** Codes with which such a trigram may end. */
const ends = new Int32Array(window);

/** Patterns of one message, ready to be looked for in texts. */
export class Matcher {
  readonly #patterns: readonly Pattern[];
  readonly #trigrams: Int32Array;
  readonly #next: Uint16Array;
  readonly #longest: number;

  constructor(patterns: readonly Pattern[]) {
    // Two bytes hold an index; a message with more names than that is scanned in slices by its owner.
    if (patterns.length > maxPatterns) throw new RangeError("too many patterns for one matcher");
    this.#patterns = patterns;
    this.#trigrams = new Int32Array(patterns.length);
    this.#next = new Uint16Array(patterns.length);
    this.#longest = patterns.reduce((most, each) => Math.max(most, each.codes.length), 3);
    patterns.forEach(({ codes: c }, i) => {
      this.#trigrams[i] = ((c[0] ?? 0) << 12) | ((c[1] ?? 0) << 6) | (c[2] ?? 0);
    });
  }

  /** Calls `found` for each occurrence in folded text (`folded`), in its order, until it returns true. `loose`: also inside longer words. */
  scan(text: string, loose: boolean, found: (hit: Hit) => boolean): boolean {
    const trigrams = this.#trigrams;
    for (let i = trigrams.length - 1; i >= 0; i--) {
      const t = trigrams[i] as number;
      this.#next[i] = heads[t] as number;
      heads[t] = i + 1;
      mark(t);
      mark(mirrored(t));
    }
    try {
      return this.#windows(text, loose, found);
    } finally {
      for (const t of trigrams) heads[t] = begun[wordOf(t)] = begun[wordOf(mirrored(t))] = 0;
    }
  }

  /** Windows overlap by the longest pattern; a hit counts in the one that it begins in before the overlap. */
  #windows(text: string, loose: boolean, found: (hit: Hit) => boolean): boolean {
    const units = unitsHere.of(text);
    if (!isAscii(text)) meetAll(units, text.length);
    let n = 0;
    let count = 0;
    for (let at = 0; at < text.length; ) {
      const to = Math.min(text.length, at + window - n);
      count = fill(units, at, to, n, count);
      n = filled;
      at = to;
      const begins = at >= text.length ? n : Math.max(0, n - this.#longest);
      if (this.#walk(text, n, count, begins, loose, found)) return true;
      codes.copyWithin(0, begins, n);
      places.copyWithin(0, begins, n);
      count = keepFrom(begins, count);
      n -= begins;
    }
    return false;
  }

  /** Forwards, and with the same trigrams backwards: what is written in reverse stands in the same codes. */
  #walk(text: string, n: number, count: number, begins: number, loose: boolean, found: (hit: Hit) => boolean): boolean {
    for (let k = 0; k < count; k++) {
      const i = ends[k] as number;
      if (i < 2) continue;
      const trigram = ((codes[i - 2] as number) << 12) | ((codes[i - 1] as number) << 6) | (codes[i] as number);
      if (i - 2 < begins) {
        for (let at = heads[trigram] as number; at !== 0; at = this.#next[at - 1] as number) {
          const pattern = this.#patterns[at - 1] as Pattern;
          if (standsAt(pattern, i - 2, n) && this.#counts(pattern, text, i - 2, pattern.joint, loose, found)) return true;
        }
      }
      for (let at = heads[mirrored(trigram)] as number; at !== 0; at = this.#next[at - 1] as number) {
        const pattern = this.#patterns[at - 1] as Pattern;
        if (endsAt(pattern, i, loose) && this.#counts(pattern, text, i + 1 - pattern.codes.length, pattern.joint === 0 ? 0 : pattern.codes.length - pattern.joint, loose, found, true)) return true;
      }
    }
    return false;
  }

  #counts(pattern: Pattern, text: string, at: number, joint: number, loose: boolean, found: (hit: Hit) => boolean, isReversed = false): boolean {
    const last = at + pattern.codes.length - 1;
    const start = places[at] as number;
    const end = (places[last] as number) + 1;
    if (!loose && isPartOfMore(text, start, end, codes[at] as number, codes[last] as number, pattern, isReversed)) return false;
    if (!loose && joint > 0 && isOneWord(text, at + joint)) return false;
    return found({ pattern, start, end, isScattered: pattern.codes.length < longNumber && isScattered(text, at, last) });
  }
}

export const maxPatterns = 60_000;

/** Of an import the compiler does not know that it stays what it is. */
const codeOf = codeOfUnit;

/** Codes that stand in the window behind the last `fill`. */
let filled = 0;

/**
 * Reads units from `from` to `to` into the window behind the first `held` of its codes; gives how many ends it has now, `known` of which were there. This loop is
 * what a scan costs: it calls nothing, and its bounds say that nothing is written beyond the window.
 */
function fill(units: Uint16Array, from: number, to: number, held: number, known: number): number {
  let n = held & (window - 1);
  let count = known & (window - 1);
  let row = n < 2 ? 0 : ((codes[n - 2] as number) << 6) | (codes[n - 1] as number);
  for (let at = from | 0; at < to && n < window; at++) {
    const code = codeOf[units[at] as number] as number;
    if (code === 0) continue;
    row = (row << 6) | code;
    if (((begun[(row >> 5) & 0x3ff] as number) & (1 << (row & 31))) !== 0) ends[count++] = n;
    codes[n] = code;
    places[n++] = at;
  }
  filled = n;
  return count;
}

/** Of the bits that are kept of a trigram, the word. */
function wordOf(trigram: number): number {
  return (trigram >> 5) & 0x3ff;
}

function mark(trigram: number): void {
  begun[wordOf(trigram)] = (begun[wordOf(trigram)] as number) | (1 << (trigram & 31));
}

/** Of the ends those in what the next window begins with; gives how many. */
function keepFrom(begins: number, count: number): number {
  let kept = 0;
  for (let k = 0; k < count; k++) {
    const end = (ends[k] as number) - begins;
    if (end >= 2) ends[kept++] = end;
  }
  return kept;
}

function standsAt({ codes: wanted }: Pattern, start: number, n: number): boolean {
  if (start + wanted.length > n) return false;
  for (let i = 3; i < wanted.length; i++) if (codes[start + i] !== wanted[i]) return false;
  return true;
}

/** Reversed words and short numbers are in everything; the mirror image of a number that is its own says nothing new. */
function endsAt({ codes: wanted, strength }: Pattern, end: number, loose: boolean): boolean {
  const n = wanted.length;
  const isNumber = isDigitCode(wanted[0] as number);
  const isLong = loose || strength === "weak" ? n >= (isNumber ? shortestInside.number : shortestInside.word) : n >= (isNumber ? shortestReversedNumber : shortestReversed);
  if (!isLong || end + 1 < n) return false;
  for (let i = 3; i < n; i++) if (codes[end - i] !== wanted[i]) return false;
  return true;
}

/** `rose` in `prosecute` is another word; in `aRose`, `ROSE-2` or `rose7` it is not. */
function isPartOfMore(text: string, start: number, end: number, first: number, last: number, pattern: Pattern, isReversed: boolean): boolean {
  const [left, right] = isReversed ? [pattern.right, pattern.left] : [pattern.left, pattern.right];
  if (left && start > 0 && continues(first, text.charCodeAt(start - 1)) && !isHump(text, start) && !(!isReversed && isPadded(text, start - 1, -1))) return true;
  return right && end < text.length && continues(last, text.charCodeAt(end)) && !isHump(text, end) && !(isReversed && isPadded(text, end, 1));
}

/** Zeros before a number change nothing; where it is written backwards they stand behind it. */
function isPadded(text: string, from: number, step: 1 | -1): boolean {
  let at = from;
  while (text.charCodeAt(at) === 48) at += step;
  return at !== from && !/[0-9]/.test(text.charAt(at));
}

/** Nothing parts the code at `at` from the one before. */
function isOneWord(text: string, at: number): boolean {
  const place = places[at] as number;
  return place - (places[at - 1] as number) === 1 && !isHump(text, place);
}

/** Digits that more than two signs part, or one that parts fields. */
function isScattered(text: string, from: number, to: number): boolean {
  for (let i = from; i <= to; i++) if (!isDigitCode(codes[i] as number)) return false;
  for (let i = from + 1; i <= to; i++) {
    const before = (places[i - 1] as number) + 1;
    const here = places[i] as number;
    if (here - before > 2) return true;
    for (let at = before; at < here; at++) if (partsFields.includes(text.charAt(at))) return true;
  }
  return false;
}

const partsFields = ",;|\"\n\r\t{}[]<>&=^~";
/** From this many digits on chance does not bring them together. */
const longNumber = 8;
const shortestReversed = 4;
/** Of weak ones and inside longer words. */
const shortestInside = { number: 7, word: 5 };
const shortestReversedNumber = 5;

/** Between a small and a capital letter a new word begins. */
function isHump(text: string, at: number): boolean {
  return /[a-z]/.test(text.charAt(at - 1)) && /[A-Z]/.test(text.charAt(at));
}
