import { readable } from "./bytes.ts";

/** Bytes in hex with signs between them, as debuggers and programs write them: `4a 61 6e`, `4a:61:6e`, `0x4a, 0x61`, `4A-61-6E`. */
const rows = /(?<![0-9A-Za-z])(?:0x)?[0-9a-f]{2}(?:(?:[\s,:;_.|-]|\\r|\\n){1,3}(?:0x)?[0-9a-f]{2}){2,}(?![0-9a-z])/gi;

/** What such rows say where it is text, one a line. */
export function unspacedHex(text: string): string | undefined {
  const found: string[] = [];
  for (const [row] of text.matchAll(rows)) {
    const pairs = row.replace(/0x|\\[rn]/gi, "").match(/[0-9a-f]{2}/gi) ?? [];
    const plain = readable(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
    if (plain) found.push(plain);
  }
  return found.length === 0 ? undefined : found.join("\n");
}
