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
    let kind = kindAt(text, at);
    if (kind === 0) continue;
    const start = at;
    let isAllHex = true;
    for (; kind !== 0; kind = kindAt(text, at)) {
      if (kind !== hexDigit) isAllHex = false;
      if (++at === text.length) break;
    }
    const isPair = at - start === 2 ? isAllHex : at - start === 4 && isMarkedPair(text, start);
    row = !isPair ? 0 : row > 0 && start - end <= longestGap ? row + 1 : 1;
    if (row === 3) return true;
    end = at;
  }
  return false;
}

/** `0x4a`. */
function isMarkedPair(text: string, at: number): boolean {
  return text.charCodeAt(at) === 48 && (text.charCodeAt(at + 1) | 32) === 120 && kindAt(text, at + 2) === hexDigit && kindAt(text, at + 3) === hexDigit;
}

const longestGap = 3;
const hexDigit = 2;
const kinds = new Uint8Array(128);
for (const sign of "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ") kinds[sign.charCodeAt(0)] = 1;
for (const sign of "0123456789abcdefABCDEF") kinds[sign.charCodeAt(0)] = hexDigit;

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? (kinds[unit] as number) : 0;
}
