import { readable } from "./bytes.ts";

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

/** Whether three words in a row are of two digits of hex, with `0x` before them or not, and with few signs between: most texts hold none. Breaks written as escapes end in a letter. */
function mayHold(text: string): boolean {
  if (text.includes("\\")) return true;
  let row = 0;
  let end = -1;
  for (let at = 0; at < text.length; at++) {
    if (!isOfWord(text.charCodeAt(at))) continue;
    const start = at;
    while (at < text.length && isOfWord(text.charCodeAt(at))) at++;
    const from = at - start === 4 && text.charCodeAt(start) === 48 && (text.charCodeAt(start + 1) | 32) === 120 ? start + 2 : start;
    const isPair = at - from === 2 && isHex(text.charCodeAt(from)) && isHex(text.charCodeAt(from + 1));
    row = !isPair ? 0 : row > 0 && start - end <= longestGap ? row + 1 : 1;
    if (row === 3) return true;
    end = at;
  }
  return false;
}

const longestGap = 3;

function isOfWord(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90);
}

function isHex(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 102);
}
