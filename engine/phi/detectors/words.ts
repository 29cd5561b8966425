import { isDea, isMbi, isPan, isVin } from "./checks.ts";
import { after, before, type Detection } from "./detection.ts";
import { digit, digitsAt, gapBefore, lengthAt, letter, type Tokens, wordAt } from "../tokens.ts";

type Found = Omit<Detection, "start" | "end"> & { readonly tokens: number };

/** Numbers with letters: of Medicare, of vehicles, of prescribers, of the track of a card. */
export function wordNumberAt(t: Tokens, i: number): Found | undefined {
  if (((t.kinds[i] as number) & (digit | letter)) !== (digit | letter)) return undefined;
  switch (lengthAt(t, i)) {
    case 4:
      if (!isPart(t, i + 1, 3) || !isPart(t, i + 2, 4)) return undefined;
      return isMbi(`${wordAt(t, i)}${wordAt(t, i + 1)}${wordAt(t, i + 2)}`) ? { kind: "medicare number", strength: "strong", tokens: 3 } : undefined;
    case 9:
      return isDea(wordAt(t, i)) ? { kind: "dea", strength: "weak", tokens: 1 } : undefined;
    case 11:
      return isMbi(wordAt(t, i)) ? { kind: "medicare number", strength: "strong", tokens: 1 } : undefined;
    case 17:
      if (isVin(wordAt(t, i))) return { kind: "vin", strength: "strong", tokens: 1 };
      break;
    default:
  }
  const track = lengthAt(t, i) >= 14 && lengthAt(t, i) <= 20 ? /^B(\d+)$/i.exec(wordAt(t, i))?.[1] : undefined;
  return track !== undefined && isPan(track) ? { kind: "card", strength: "strong", tokens: 1 } : undefined;
}

/** Behind a dash. */
function isPart(t: Tokens, i: number, length: number): boolean {
  return lengthAt(t, i) === length && gapBefore(t, i) === "-";
}

/** Six pairs of hex with dashes. */
export function isMacAt(t: Tokens, i: number): boolean {
  for (let k = 1; k < 6; k++) if (lengthAt(t, i + k) !== 2 || gapBefore(t, i + k) !== "-") return false;
  const word = t.text.slice(t.starts[i], t.ends[i + 5]);
  return /^[0-9a-f-]{17}$/i.test(word) && /[a-f]/i.test(word) && !/\w|-/.test(`${t.text.charAt((t.starts[i] as number) - 1)}${t.text.charAt(t.ends[i + 5] as number)}`);
}

/** An age over 89 (45 CFR 164.514(b)(2)(i)(C)): `93 years old`, `93yo`, `"age": 93`, `P93Y`. */
export function ageAt(t: Tokens, i: number): Found | undefined {
  const length = lengthAt(t, i);
  if (length > 7 || length < 2) return undefined;
  const head = t.text.charCodeAt(t.starts[i] as number) | 32;
  const first = t.text.charCodeAt((t.starts[i] as number) + (head === letterP ? 1 : 0));
  // Ninety and more, and a hundred and more.
  if (first !== nine && !(first === one && length > 2)) return undefined;
  const word = wordAt(t, i);
  const number = Number(/^P?(\d{2,3})(?:Y|yo|yrs?|years?)?$/i.exec(word)?.[1]);
  if (!(number >= 90 && number <= 129)) return undefined;
  const start = t.starts[i] as number;
  if (/^P?\d+[A-Za-z]+$/.test(word)) return { kind: "age", strength: "strong", tokens: 1 };
  const says = /^[\s-]{0,2}(?:y\/?o\b|y\.o|yrs?\b|years?\b)/.test(after(t.text, t.ends[i] as number, 8)) || /(?<![a-z])age(?:d|[_ ]?(?:in)?[_ ]?years?)?"?\s{0,2}[:=|^ ]\s{0,2}(?:\{\s{0,2}"?value"?\s{0,2}:\s{0,2})?"?$/.test(before(t.text, start, 32));
  return says ? { kind: "age", strength: "strong", tokens: 1 } : undefined;
}

const [one, nine, letterP] = [49, 57, 112];

const suffixes = new Set([
  "street", "avenue", "road", "drive", "lane", "boulevard", "court", "circle", "terrace", "parkway", "highway", "turnpike", "trail", "square", "place", "way", "loop", "pike", "plaza", "alley", "crescent",
  "st", "ave", "rd", "dr", "ln", "blvd", "ct", "cir", "ter", "pkwy", "hwy", "trl",
]);

/** A number, one to four words with a capital, and what roads are called (USPS Publication 28); or a box of the post office. */
export function streetAt(t: Tokens, i: number): Found | undefined {
  const [before1, after1] = [t.text.charCodeAt((t.starts[i] as number) - 1), t.text.charCodeAt(t.ends[i] as number)];
  // Behind a box stand a space, its last letter and the like; behind the number of a street a space or a break.
  if (after1 !== 32 && after1 !== 10 && before1 !== 32 && before1 !== 35 && before1 !== 58 && (before1 | 32) !== 120) return undefined;
  if (lengthAt(t, i) > 6 || (digitsAt(t, i) === undefined && !/^\d{1,5}[A-Za-z]$/.test(wordAt(t, i)))) return undefined;
  if (/p\.? ?o\.? ?box[ #:]{0,2}$/.test(before(t.text, t.starts[i] as number, 14))) return { kind: "street", strength: "strong", tokens: 1 };
  if (after1 !== 32 && after1 !== 10) return undefined;
  for (let words = 1; words <= 5; words++) {
    const gap = gapBefore(t, i + words);
    if (gap === undefined || !/^[.']?\s{1,2}$|^'$/.test(gap)) return undefined;
    const word = wordAt(t, i + words);
    const isCapital = /^[A-Z0-9]/.test(word);
    if (words > 1 && isCapital && suffixes.has(word.toLowerCase()) && !isScan(t, i + words, word)) return { kind: "street", strength: "strong", tokens: words + 1 };
    if (!isCapital) return undefined;
  }
  return undefined;
}

/** `64 Slice CT` is an examination. */
function isScan(t: Tokens, i: number, word: string): boolean {
  return word === "CT" && (i + 1 >= t.count || !/^,? [A-Z][a-z]/.test(t.text.slice(t.ends[i] as number, (t.ends[i] as number) + 4)));
}
