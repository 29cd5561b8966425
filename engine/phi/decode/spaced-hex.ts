import { readable } from "./bytes.ts";
import { Units } from "./units.ts";

/** Bytes in hex with signs between them, as debuggers and programs write them: `4a 61 6e`, `4a:61:6e`, `0x4a, 0x61`, `4A-61-6E`. */
const rows = /(?<![0-9A-Za-z])(?:0x)?[0-9a-f]{2}(?:(?:[\s,:;_.|-]|\\r|\\n){1,3}(?:0x)?[0-9a-f]{2}){2,}(?![0-9a-z])/gi;

/** What such rows say where it is text, one a line. */
export function unspacedHex(text: string): string | undefined {
  if (!mayHold(text)) return undefined;
  const found: string[] = [];
  for (const [row] of text.matchAll(rows)) {
    const pairs = row.replace(/0x|\\[rn]/gi, "").match(/[0-9a-f]{2}/gi) ?? [];
    const plain = readable(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
    if (plain) found.push(plain);
  }
  return found.length === 0 ? undefined : found.join("\n");
}

/**
 * Whether three words in a row are of two digits of hex, with `0x` before them or not, and with few signs between: most texts hold none. Breaks written as
 * escapes end in a letter. Of the last signs their kinds are kept, two bits each.
 */
function mayHold(text: string): boolean {
  if (text.includes("\\")) return true;
  const units = unitsHere.of(text);
  let last = 0;
  let row = 0;
  let end = -1;
  for (let at = 0; at <= text.length; at++) {
    last = (last << 2) | (at < text.length ? kindOf(units[at] as number) : 0);
    if ((last & 0xff) !== pair && (last & 0xfff) !== marked) continue;
    const start = at - ((last & 0xff) === pair ? 2 : 4);
    if (at - start === 4 && !isMark(units, start)) continue;
    row = row > 0 && start - end <= longestGap && isWithoutWords(units, end, start) ? row + 1 : 1;
    if (row === 3) return true;
    end = at;
  }
  return false;
}

/** `0x`. */
function isMark(units: Uint16Array, at: number): boolean {
  return units[at] === 48 && ((units[at + 1] as number) | 32) === 120;
}

function isWithoutWords(units: Uint16Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (kindOf(units[at] as number) !== 0) return false;
  return true;
}

const unitsHere = new Units();
const longestGap = 3;
const [letter, hexDigit] = [1, 2];
/** Two digits of hex, and the same behind `0x`, each between signs. */
const pair = (hexDigit << 4) | (hexDigit << 2);
const marked = (hexDigit << 8) | (letter << 6) | pair;
const kinds = new Uint8Array(128);
for (const sign of "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ") kinds[sign.charCodeAt(0)] = letter;
for (const sign of "0123456789abcdefABCDEF") kinds[sign.charCodeAt(0)] = hexDigit;

function kindOf(unit: number): number {
  return unit < 128 ? (kinds[unit] as number) : 0;
}
