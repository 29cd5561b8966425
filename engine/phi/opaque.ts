import { unpacked } from "./decode/packed.ts";

/** A block of this many signs of base64 without anything between is a file, not somebody's number. */
export const shortestPacked = 512;
/** Lines of a wrapped block are at least this long, but for the last. */
const line = 60;

/**
 * A text without the files that stand in it as base64 or hex, and what those files say where they are text. The pieces of a packed picture
 * look like half a million numbers, and none of them is anybody's.
 */
export function opened(text: string): { readonly plain: string; readonly inside: string } {
  if (text.length < shortestPacked) return { plain: text, inside: "" };
  let plain = "";
  const inside: string[] = [];
  let kept = 0;
  for (const [start, end] of blocks(text)) {
    plain += `${text.slice(kept, start)} `;
    kept = end;
    const found = unpacked(text.slice(start, end).replace(/\s+/g, ""));
    if (found !== undefined) inside.push(found);
  }
  return kept === 0 ? { plain: text, inside: "" } : { plain: plain + text.slice(kept), inside: inside.join("\n") };
}

/** Runs of packed signs, and such runs joined by line breaks, from begin to end. */
function* blocks(text: string): Generator<readonly [start: number, end: number]> {
  let start = -1;
  let end = 0;
  for (let at = 0; at < text.length; ) {
    const from = at;
    while (at < text.length && isPacked(text.charCodeAt(at))) at++;
    const length = at - from;
    const goesOn = start >= 0 && (length >= line || from > end);
    if (length >= line) {
      if (start < 0) start = from;
      end = at;
    } else if (goesOn && length > 0) end = at;
    const stop = at;
    at = afterBreaks(text, at);
    if (start >= 0 && (length < line || at === stop || at === text.length)) {
      if (end - start >= shortestPacked) yield [start, end];
      start = -1;
    }
    if (at === stop) at++;
  }
}

/** White space, and the line break of HL7 v2 text. */
function afterBreaks(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) <= 32) at++;
    else if (text.startsWith("\\.br\\", at)) at += 5;
    else return at;
  }
}

/** Letters, digits and the signs of base64, base64url and its padding. */
function isPacked(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 47 && unit <= 57) || unit === 43 || unit === 61 || unit === 45 || unit === 95;
}
