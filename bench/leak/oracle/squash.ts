/** Letters that look like Latin ones (Unicode TR 39), as far as anybody would use them in a name. */
const alike: Readonly<Record<string, string>> = {
  а: "a", в: "b", с: "c", ԁ: "d", е: "e", һ: "h", н: "h", і: "i", ј: "j", к: "k", м: "m", о: "o", р: "p", ԛ: "q", ѕ: "s", т: "t", ѵ: "v", ԝ: "w", х: "x", у: "y",
  ν: "v", ο: "o", υ: "u", ζ: "z", ρ: "p", α: "a", ι: "i", κ: "k", τ: "t", χ: "x", η: "n", γ: "y",
};
/** Capitals are alike to others than their small letters are. */
const capitals: Readonly<Record<string, string>> = { Ν: "n", Υ: "y", Ρ: "p", Η: "h", Μ: "m", Κ: "k", Χ: "x", Β: "b", Ζ: "z", Α: "a", Ε: "e", Ι: "i", Ο: "o", Τ: "t", В: "b", Н: "h" };
const apart: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/**
 * Letters and digits alone, small, without marks, each script's look-alikes as Latin. Applied to texts and to what is looked for. `drawn`: a capital
 * as the Latin one that it is drawn like; else as its own small letter, as in a name of that script.
 */
export function squashed(text: string, drawn = false): string {
  if (/^\p{ASCII}*$/u.test(text)) return text.toLowerCase().replace(/[^a-z0-9]+/g, "");
  let out = "";
  for (const char of text.normalize("NFKD")) {
    const plain = (drawn ? capitals[char] : undefined) ?? char.toLowerCase();
    const c = apart[plain] ?? alike[plain] ?? plain;
    if (/^[a-z0-9]+$/.test(c)) out += c;
    else if (/\p{Nd}/u.test(c)) out += digitOf(c);
    else if (/\p{L}/u.test(c)) out += c;
  }
  return out;
}

/** Decimal digits of a script stand in a row from a code point that ends in 0 or 6. */
function digitOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
  return String(code - zero);
}

export function reversed(text: string): string {
  return [...text].reverse().join("");
}
