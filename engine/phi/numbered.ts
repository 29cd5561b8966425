/** A word of four to forty signs as identifiers are written: letters, digits and what stands between them. */
const word = /(?<![\w.])[\p{L}\d][\p{L}\d/().-]{3,39}/gu;

/**
 * The words of a text that have a digit, from begin to end. Most text is words without one, and an object for each of those was most of the
 * memory that a message took on its way: they are passed over without.
 */
export function* numbered(text: string): Generator<string> {
  for (let at = 0; ; at = word.lastIndex) {
    // Whoever is given a word may come here again before the next.
    word.lastIndex = at;
    if (!word.test(text)) return;
    if (!hasDigit(text, at, word.lastIndex)) continue;
    word.lastIndex = at;
    const token = word.exec(text)?.[0] ?? "";
    const end = word.lastIndex;
    if (hasDigit(token, 0, token.length)) yield token;
    word.lastIndex = end;
  }
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 48 && unit <= 57) return true;
  }
  return false;
}
