import { latinOf } from "./confusables.ts";

/**
 * One view of text for the guard: case, accents, zero-width characters, punctuation and spaces are gone, so that `S.m.i.t.h`, `SMITH` and
 * `Śmith` are one. Codes: 1-10 digits, 11-36 Latin letters, 37-63 classes of other letters (lossy: it may only find more).
 */
export const codeOfAscii = new Uint8Array(128);
for (let i = 0; i < 10; i++) codeOfAscii[48 + i] = 1 + i;
for (let i = 0; i < 26; i++) codeOfAscii[97 + i] = codeOfAscii[65 + i] = 11 + i;

const apart: Readonly<Record<string, string>> = {
  ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "TH", ı: "i",
};

/** Latin letters without their marks, full-width forms and letters that look like Latin ones as plain ones, digits of any script as ours; text in ASCII comes back as it is. */
export function folded(text: string): string {
  if (isAscii(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\u115f\u1160\u3164\uffa0]/gu, "")
    .replace(/[ßẞæÆœŒøØłŁđĐðÐþÞı]/g, (letter) => apart[letter] ?? letter)
    .replace(/(?![\0-\x7f])\p{Nd}/gu, digitOf)
    .replace(/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\u0180-\u02af\u2010-\u2212]/gu, latinOf);
}

/** Codes of all units; 255 for other letters until they were met. */
export const codeOfUnit = new Uint8Array(1 << 16).fill(255);
codeOfUnit.set(codeOfAscii);

/** Code of one UTF-16 unit of folded text; 0 for what the view drops. */
export function codeOf(unit: number): number {
  const code = codeOfUnit[unit] as number;
  return code === 255 ? meet(unit) : code;
}

/** Sees to it that `codeOfUnit` has all units of a text. A pass that may call something for each of them takes twice the time of one that looks into a table alone. */
export function meetAll(units: Uint16Array, length: number): void {
  for (let i = 0; i < length; i++) codeOf(units[i] as number);
}

function meet(unit: number): number {
  return (codeOfUnit[unit] = codeOfOther(unit));
}

/** Capital and small letter of one alphabet are one. */
function codeOfOther(unit: number): number {
  const letter = String.fromCharCode(unit);
  return /[\p{L}\p{Cs}]/u.test(letter) ? 37 + (letter.toLowerCase().charCodeAt(0) % 27) : 0;
}

/** Decimal digits of every script stand in rows of ten, the zero first. */
function digitOf(sign: string): string {
  const point = sign.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(point - zero);
}

export function isDigitCode(code: number): boolean {
  return code >= 1 && code <= 10;
}

/** Other signs take more bytes than units. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
