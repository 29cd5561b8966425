import { Budget } from "./budget.ts";
import { readable } from "./bytes.ts";
import { looksMixed, looksRandom } from "./entropy.ts";
import { inflated, unmarkedInflated, wide } from "./inflate.ts";
import { blocksOfLines } from "./lines.ts";
import { Repeats } from "./repeats.ts";
import { Wrapped } from "./wrapped.ts";
import { base32, base64, hex, sixBits } from "./radix.ts";
import { tokensOf } from "../tokens.ts";
import { Units } from "./units.ts";

/** Shorter runs hold fewer than four characters. */
const shortest = 6;
const mostTails = 6;
const shortestWide = 16;

let decoded = new Uint8Array(4096);
const unitsHere = new Units();
const unitsOfJoined = new Units();

/**
 * Every run of the text that reads as hex, base64, base64url or base32, decoded, one a line; compressed bytes and UTF-16 inside it too. Of words and random
 * tokens almost none does. Long runs that nothing reads and that look like nobody's words go to `budget.opaque`.
 */
export function unpacked(text: string, budget: Budget = new Budget(text.length)): string | undefined {
  const found: string[] = [];
  const wrapped = new Wrapped();
  const units = unitsHere.of(text);
  const repeats = new Repeats(units, text.length);
  const words = tokensOf(text);
  // A run is words with signs of the alphabet around and between; signs alone say nothing.
  for (let i = 0, end = 0; i < words.count; i++) {
    let start = words.starts[i] as number;
    while (start > end && isSign(units[start - 1] as number)) start--;
    for (end = words.ends[i] as number; end < text.length && isSign(units[end] as number); ) {
      while (end < text.length && isSign(units[end] as number)) end++;
      if (i + 1 < words.count && words.starts[i + 1] === end) end = words.ends[++i] as number;
    }
    const before = found.length;
    if (wrapped.takes(end - start)) for (const joined of wrapped.add(text, start, end)) takeAll(joined, found, budget);
    const isRead = found.length > before;
    if (end - start >= shortest && (isRead || !repeats.has(start, end))) read(text, units, start, end, found, isRead, budget);
  }
  for (const joined of wrapped.end()) takeAll(joined, found, budget);
  // Each line was also read as it stands.
  for (const block of blocksOfLines(text)) {
    const joined = block.replace(/[\s=]+/g, "");
    const before = found.length;
    const line = takeAll(joined, found, budget);
    // Its first line may stand behind a path.
    if (found.length === before) tails(line, 0, joined.length, joined.length, found, budget);
    if (found.length > before) budget.opaque.clear();
  }
  return found.length === 0 ? undefined : found.join("\n");
}

/** Of the alphabet, and neither letter nor digit. */
function isSign(unit: number): boolean {
  return unit === 43 || unit === 45 || unit === 47 || unit === 95;
}

/** One run of the alphabet. Its signs separate words too: both readings are tried. `isRead`: something was made of it already. */
function read(text: string, units: Uint16Array, start: number, end: number, found: string[], isRead: boolean, budget: Budget): void {
  let piece = start;
  for (let i = start; i < end; i++) {
    if ((sixBits[units[i] as number] as number) < 62) continue;
    if (i - piece >= shortest) take(units, piece, i, found, budget);
    piece = i + 1;
  }
  const hasSigns = piece > start;
  // What stands before its last sign may be read in it by chance.
  const before = found.length;
  if (hasSigns && end - piece >= shortest) take(units, piece, end, found, budget);
  const parts = found.length;
  take(units, start, end, found, budget);
  // What a part of it reads as may be chance.
  if (hasSigns && found.length === parts) tails(units, start, end, piece, found, budget);
  if (end - start >= shortestWide) unmarkedWide(text, units, start, end, found);
  if (looksMixed(units, start, end)) budget.mixed.add(text.slice(start, end));
  if (!isRead && found.length === before && looksRandom(units, start, end)) crack(text.slice(start, end), found, budget);
}

/** A text of its own; gives its units. */
function takeAll(text: string, found: string[], budget: Budget): Uint16Array {
  const units = unitsOfJoined.of(text);
  take(units, 0, text.length, found, budget);
  return units;
}

function take(units: Uint16Array, start: number, end: number, found: string[], budget: Budget): void {
  const length = end - start;
  if (decoded.length < length) decoded = new Uint8Array(length * 2);
  if (length >= 8 && length % 2 === 0) push(hex(units, start, end, decoded), found, budget);
  // A run one longer than a multiple of four is no base64.
  if (length % 4 !== 1) push(base64(units, start, end, decoded), found, budget);
  if (length >= 7) push(base32(units, start, end, decoded), found, budget);
}

/** Signs of the alphabet that frame a run, as in a path, are not of it: it is read from after each of the first few. */
function tails(units: Uint16Array, start: number, end: number, last: number, found: string[], budget: Budget): void {
  let left = mostTails;
  for (let i = start; i < end - shortest && left > 0; i++) {
    if ((sixBits[units[i] as number] as number) < 62) continue;
    left--;
    // The last piece was read as it stands.
    if (i + 1 < last) take(units, i + 1, end, found, budget);
  }
}

/** UTF-16 that begins with signs of another script, as those of a Chinese name: of its bytes many are zero all the same. */
function unmarkedWide(text: string, units: Uint16Array, start: number, end: number, found: string[]): void {
  let zeros = 0;
  for (let i = start; i < end; i++) if (units[i] === 65 || units[i] === 48) zeros++;
  if (zeros * 5 < end - start) return;
  const run = text.slice(start, end);
  const bytes = Buffer.from(run, /^(?:[0-9A-Fa-f]{4})+$/.test(run) ? "hex" : "base64");
  const read = wide(bytes, true) ?? wide(bytes, false);
  if (read !== undefined) found.push(read);
}

/** The last that is tried with a block: to inflate it without a mark to go by. */
function crack(run: string, found: string[], budget: Budget): void {
  // `Patient/5a0c…`: a token of hex between words is as long as a digest, and looked at as one.
  const rest = run.replace(/(?<=^|[/_+-])[0-9a-f]{8,64}(?=$|[/_+-])/g, "");
  if (rest.length < run.length && !looksRandom(unitsOfJoined.of(rest), 0, rest.length)) return;
  const text = unmarkedInflated(Buffer.from(run, "base64"), budget);
  if (text) found.push(text);
  else budget.opaque.add(run);
}

function push(length: number, found: string[], budget: Budget): void {
  if (length < 4) return;
  const bytes = decoded.subarray(0, length);
  const text = readable(bytes) ?? inflated(bytes, budget);
  if (text) found.push(text);
}
