/** RFC 5545 3.1: lines SHOULD be no longer than 75 octets, their end not counted. */
export const longestLine = 75;

/** Octets of a text in UTF-8. */
export function octets(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) count++;
    else if (code < 0x800) count += 2;
    else if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      count += 4;
      i++;
    } else count += 3;
  }
  return count;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/**
 * A text with a line end and a space wherever its line would grow beyond 75 octets; never within a character.
 * `column`: octets that stand before it in its line. `tail`: octets that follow it there.
 */
export function folded(text: string, eol: string, column = 0, tail = 0): string {
  let out = "";
  let at = column;
  for (const char of text) {
    const size = octets(char);
    if (at + size > longestLine) {
      out += `${eol} `;
      at = 1;
    }
    out += char;
    at += size;
  }
  return at + tail > longestLine && tail > 0 && at > 1 ? `${out}${eol} ` : out;
}

/** A fold that was taken out: where in the unfolded text, and how long it was. */
export interface Cut {
  readonly at: number;
  readonly length: number;
}

/** A line without its folds. `fold` finds one: a line end and the white space behind it. */
export function unfolded(raw: string, fold: RegExp): { readonly text: string; readonly cuts: readonly Cut[] } {
  if (!/[\r\n]/.test(raw)) return { text: raw, cuts: [] };
  const cuts: Cut[] = [];
  let text = "";
  let done = 0;
  for (const { 0: found, index } of raw.matchAll(fold)) {
    text += raw.slice(done, index);
    cuts.push({ at: text.length, length: found.length });
    done = index + found.length;
  }
  return { text: text + raw.slice(done), cuts };
}
