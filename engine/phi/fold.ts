/**
 * One view of text for the guard: case, accents, zero-width characters, punctuation and spaces are gone, so that `S.m.i.t.h`, `SMITH` and
 * `Śmith` are one. Codes: 1-10 digits, 11-36 Latin letters, 37-63 classes of other letters (lossy: it may only find more).
 */
export const codeOfAscii = new Uint8Array(128);
for (let i = 0; i < 10; i++) codeOfAscii[48 + i] = 1 + i;
for (let i = 0; i < 26; i++) codeOfAscii[97 + i] = codeOfAscii[65 + i] = 11 + i;

const apart: Readonly<Record<string, string>> = {
  ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "TH", ı: "i",
};

/** Latin letters without their marks, full-width forms as plain ones; text in ASCII comes back as it is. */
export function folded(text: string): string {
  if (isAscii(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(/[ßæÆœŒøØłŁđĐðÐþÞı]/g, (letter) => apart[letter] ?? letter);
}

/** Code of one UTF-16 unit of folded text; 0 for what the view drops. */
export function codeOf(unit: number): number {
  if (unit < 128) return codeOfAscii[unit] ?? 0;
  return isLetter(unit) ? 37 + (unit % 27) : 0;
}

export function isDigitCode(code: number): boolean {
  return code >= 1 && code <= 10;
}

function isLetter(unit: number): boolean {
  return /[\p{L}\p{Cs}]/u.test(String.fromCharCode(unit));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
