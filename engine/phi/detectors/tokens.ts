import { Units } from "../decode/units.ts";

/** Runs of letters and digits of one text, found in one pass. One text at a time: the next one is written over it. */
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

let starts = new Int32Array(4096);
let ends = new Int32Array(4096);
let kinds = new Uint8Array(4096);

const unitsHere = new Units();
const kindOf = new Uint8Array(128);
for (let i = 48; i < 58; i++) kindOf[i] = digit;
for (let i = 97; i < 123; i++) kindOf[i] = kindOf[i - 32] = i > 102 ? letter | beyondHex : letter;

/** Of text that is folded already (`folded`): other letters part words here. */
export function tokensOf(text: string): Tokens {
  const units = unitsHere.of(text);
  const length = text.length;
  let count = 0;
  for (let i = 0; i < length; i++) {
    let here = kindAt(units, i);
    if (here === 0) continue;
    starts[count] = i;
    let kind = 0;
    for (; here !== 0; here = kindAt(units, i)) {
      kind |= here;
      if (++i === length) break;
    }
    ends[count] = i;
    kinds[count++] = kind;
    if (count === starts.length) grow();
  }
  return { text, count, starts, ends, kinds };
}

function kindAt(units: Uint16Array, at: number): number {
  const unit = units[at] as number;
  return unit < 128 ? (kindOf[unit] as number) : 0;
}

/** The same of a text that is read from its end (`reversed`): its runs, the last one first. */
export function mirrored({ count, starts: from, ends: to, kinds: of }: Tokens, reversed: string): Tokens {
  if (other.starts.length < from.length) other = { starts: new Int32Array(from.length), ends: new Int32Array(from.length), kinds: new Uint8Array(from.length) };
  const n = reversed.length;
  for (let i = 0; i < count; i++) {
    const k = count - 1 - i;
    other.starts[i] = n - (to[k] as number);
    other.ends[i] = n - (from[k] as number);
    other.kinds[i] = of[k] as number;
  }
  return { text: reversed, count, ...other };
}

let other = { starts: new Int32Array(4096), ends: new Int32Array(4096), kinds: new Uint8Array(4096) };

function grow(): void {
  const size = starts.length * 2;
  const more = [new Int32Array(size), new Int32Array(size), new Uint8Array(size)] as const;
  more[0].set(starts);
  more[1].set(ends);
  more[2].set(kinds);
  [starts, ends, kinds] = more;
}

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
