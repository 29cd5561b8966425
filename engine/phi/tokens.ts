import { longestKept, Units } from "./decode/units.ts";

/** Runs of letters and digits of one text, found in one pass. Those of a text are written over by those of later ones (`tokensOf`). */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Bits of `digit`, `letter` and `beyondHex`. */
  readonly kinds: Uint8Array;
}

export const digit = 1;
export const letter = 2;
/** A letter after f. */
export const beyondHex = 4;
/** Letter or digit. */
const ofToken = 8;

/** Of every unit, so that nobody asks which there are. */
const kindOf = new Uint8Array(1 << 16);
for (let i = 48; i < 58; i++) kindOf[i] = ofToken | digit;
for (let i = 97; i < 123; i++) kindOf[i] = kindOf[i - 32] = ofToken | (i > 102 ? letter | beyondHex : letter);

/** The tokens of one text, written over by those of another. */
class Found implements Tokens {
  text = "";
  count = 0;
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  kinds = new Uint8Array(1024);

  /** Takes in the first `count` that were found in a window. */
  take(found: number): void {
    this.reserve(this.count + found);
    const { starts, ends, kinds } = this;
    let into = this.count;
    for (let at = 0; at < found; at++, into++) {
      starts[into] = bounds[at * 2] as number;
      ends[into] = bounds[at * 2 + 1] as number;
      kinds[into] = (said[at * 2 + 1] as number) & ~ofToken;
    }
    this.count = into;
  }

  reserve(size: number): void {
    if (size <= this.starts.length) return;
    const more = Math.max(this.starts.length * 2, size);
    const [starts, ends, kinds] = [new Int32Array(more), new Int32Array(more), new Uint8Array(more)];
    starts.set(this.starts);
    ends.set(this.ends);
    kinds.set(this.kinds);
    Object.assign(this, { starts, ends, kinds });
  }
}

/** A text is looked at by its decoders too, when those that it was made of, or that were made of it, have been looked at: a few are kept. */
const kept = Array.from({ length: 4 }, () => new Found());
let next = 0;
/** A shorter one is looked at again as fast as it is found, and of a longer one nothing is kept. */
const shortestKept = 128;
const ofShort = new Found();

/** Of text that is folded already (`folded`): other letters part words here. Good until four other texts were asked for. */
export function tokensOf(text: string): Tokens {
  if (text.length < shortestKept) return find(text, ofShort);
  if (text.length > longestKept) return find(text, new Found());
  for (const found of kept) if (found.text === text) return found;
  next = (next + 1) % kept.length;
  return find(text, kept[next] as Found);
}

const unitsHere = new Units();
/** Units looked at together. */
const window = 8192;
/** Where tokens begin and end in turn, and at each end what its token is made of. */
const bounds = new Int32Array(window + 2);
const said = new Uint8Array(window + 2);

function find(text: string, into: Found): Found {
  const units = unitsHere.of(text);
  into.text = text;
  into.count = 0;
  // A token that goes on in the next window begins it.
  let open = 0;
  for (let from = 0; from < text.length; from += window) {
    const to = Math.min(text.length, from + window);
    let n = boundsIn(units, from, to, open);
    if (to === text.length && n % 2 === 1) bounds[n++] = to;
    into.take(n >> 1);
    open = n % 2;
    bounds[0] = bounds[n - open] as number;
    said[1] = said[n] as number;
  }
  return into;
}

/** How many bounds there are, `open` of them from the window before. Without a branch: where a word ends is what a processor guesses worst. */
function boundsIn(units: Uint16Array, from: number, to: number, open: number): number {
  let n = open;
  let was = open;
  let kind = open === 0 ? 0 : (said[1] as number);
  for (let at = from; at < to; at++) {
    const here = kindOf[units[at] as number] as number;
    const is = here >> 3;
    const changed = is ^ was;
    was = is;
    bounds[n] = at;
    n += changed;
    kind = (kind & (changed - 1)) | here;
    said[n] = kind;
  }
  return n;
}

/** The same of a text that is read from its end (`reversed`): its runs, the last one first. */
export function mirrored({ count, starts: from, ends: to, kinds: of }: Tokens, reversed: string): Tokens {
  mirror.reserve(count);
  const n = reversed.length;
  for (let i = 0; i < count; i++) {
    const k = count - 1 - i;
    mirror.starts[i] = n - (to[k] as number);
    mirror.ends[i] = n - (from[k] as number);
    mirror.kinds[i] = of[k] as number;
  }
  mirror.text = reversed;
  mirror.count = count;
  return mirror;
}

const mirror = new Found();

export function wordAt({ text, starts: from, ends: to }: Tokens, i: number): string {
  return text.slice(from[i], to[i]);
}

/** 0 beyond the last. */
export function lengthAt({ count, starts: from, ends: to }: Tokens, i: number): number {
  return i < count ? (to[i] as number) - (from[i] as number) : 0;
}

/** What stands between a token and the one before it; nothing when that is more than four signs, or there is none before. */
export function gapBefore({ text, count, starts: from, ends: to }: Tokens, i: number): string | undefined {
  if (i <= 0 || i >= count) return undefined;
  const start = to[i - 1] as number;
  const end = from[i] as number;
  return end - start > 4 ? undefined : text.slice(start, end);
}

/** The digits of a token that holds nothing else, or nothing. */
export function digitsAt(tokens: Tokens, i: number): string | undefined {
  return i >= 0 && i < tokens.count && tokens.kinds[i] === digit ? wordAt(tokens, i) : undefined;
}

/** The one sign between a token and the one before it, as its code; 0 when there is none or more than one. */
export function signBefore({ text, count, starts: from, ends: to }: Tokens, i: number): number {
  if (i <= 0 || i >= count) return 0;
  const end = to[i - 1] as number;
  return (from[i] as number) - end === 1 ? text.charCodeAt(end) : 0;
}
