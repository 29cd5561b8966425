import { readable } from "./bytes.ts";
import { beyondHex, tokensOf } from "../tokens.ts";
import { isHexDigit } from "./radix.ts";

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
 * escapes end in a letter.
 */
function mayHold(text: string): boolean {
  if (text.includes("\\")) return true;
  const t = tokensOf(text);
  let row = 0;
  for (let i = 0; i < t.count; i++) {
    const start = t.starts[i] as number;
    const length = (t.ends[i] as number) - start;
    if (length === 2 ? ((t.kinds[i] as number) & beyondHex) !== 0 : length !== 4 || !isMarked(text, start)) row = 0;
    else if (row === 0 || start - (t.ends[i - 1] as number) > longestGap) row = 1;
    else if (++row === 3) return true;
  }
  return false;
}

/** `0x4a`. */
function isMarked(text: string, at: number): boolean {
  return text.charCodeAt(at) === 48 && (text.charCodeAt(at + 1) | 32) === 120 && isHexDigit(text.charCodeAt(at + 2)) && isHexDigit(text.charCodeAt(at + 3));
}

const longestGap = 3;
