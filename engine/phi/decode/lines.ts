import { sixBits } from "./radix.ts";

/** A first line of fewer signs, and one after it, is of no block. */
const shortest = { first: 4, next: 2 };
/** White space beside a break. */
const mostBlanks = 4;
const [tab, lineFeed, carriageReturn, space, equals] = [9, 10, 13, 32, 61];

/** Lines of nothing but signs of base64 and its padding, one after the other, as one block each. Around each break alone, so that a long run costs its length once. */
export function* blocksOfLines(text: string): Generator<string> {
  let kept = 0;
  for (let at = text.indexOf("\n"); at >= 0; ) {
    let end = -1;
    const [start, first] = isOfLine(text.charCodeAt(at + 1 + blanks(text, at + 1, 1))) ? lineBefore(text, at, kept) : none;
    if (first - start >= shortest.first) {
      for (let next = at; next >= 0; ) {
        const from = next + 1 + blanks(text, next + 1, 1);
        let to = from;
        while (isOfLine(text.charCodeAt(to))) to++;
        if (to - from < shortest.next) break;
        end = to;
        next = breakAfter(text, to);
      }
    }
    if (end >= 0) {
      yield text.slice(start, end);
      kept = end;
    }
    at = text.indexOf("\n", Math.max(end, at + 1));
  }
}

const none = [0, 0] as const;

function lineBefore(text: string, at: number, from: number): readonly [start: number, end: number] {
  let end = text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at;
  end -= blanks(text, end - 1, -1);
  let start = end;
  while (start > from && isOfLine(text.charCodeAt(start - 1))) start--;
  return [start, end];
}

/** The break behind a line, or -1. */
function breakAfter(text: string, from: number): number {
  let at = from + blanks(text, from, 1);
  if (text.charCodeAt(at) === carriageReturn) at++;
  return text.charCodeAt(at) === lineFeed ? at : -1;
}

function blanks(text: string, from: number, step: 1 | -1): number {
  let count = 0;
  while (count < mostBlanks && (text.charCodeAt(from + count * step) === space || text.charCodeAt(from + count * step) === tab)) count++;
  return count;
}

function isOfLine(unit: number): boolean {
  return unit < 128 && ((sixBits[unit] as number) < 64 || unit === equals);
}
