import type { Known } from "../collector.ts";
import { chainAt, chainEnd } from "../detectors/numbers.ts";
import { digit, lengthAt, letter, signBefore, type Tokens, wordAt } from "../tokens.ts";
import { folded } from "../fold.ts";

/** Numbers shorter than these stand in too many messages by right; so do moments, which some systems use as numbers. */
const shortest = { digits: 9, mixed: 7 };

/** How a value of a message is remembered; not at all when it could be anything: a short number, a single word. */
export function memorable({ sort, text, strength }: Known): string[] {
  if (strength !== "strong" || sort === "day" || text.length > 80) return [];
  if (sort === "mail") return [text.toLowerCase()];
  const plain = folded(text);
  if (sort === "name") {
    const words = plain.split(/[^A-Za-z]+/).filter((word) => word !== "");
    return given(nameOf(words[0] ?? "", words.at(-1) ?? ""));
  }
  const number = plain.replace(/[^A-Za-z0-9]+/g, "");
  // Behind the letters of its kind, as in MRN7788123401, a number counts for itself.
  return [...given(numberOf(number)), ...given(numberOf(/^[A-Za-z]+(\d+)$/.exec(number)?.[1] ?? ""))];
}

function given(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

/** Among letters. */
const fewestDigits = 4;
const moment = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[0-2]\d[0-5]\d/;
const nine = 57;

/** Of letters and digits alone. */
function numberOf(plain: string): string | undefined {
  const bare = (plain.startsWith("0") ? plain.replace(/^0+/, "") : plain).toLowerCase();
  if (bare.length < shortest.mixed) return undefined;
  let digits = 0;
  for (let at = 0; at < bare.length; at++) if (bare.charCodeAt(at) <= nine) digits++;
  if (digits < bare.length) return digits >= fewestDigits ? bare : undefined;
  return bare.length >= shortest.digits && !moment.test(bare) ? bare : undefined;
}

function nameOf(one: string, other: string): string | undefined {
  if (one.length < 3 || other.length < 3 || one.length + other.length < 8) return undefined;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Takes a candidate and where it stands; true ends the search. */
type Take = (text: string, start: number, end: number) => boolean;

/** What in a text may be somebody, until `take` says it is enough: long numbers also in groups, numbers with letters, addresses of mail, two words with a capital side by side. */
export function candidatesIn(t: Tokens, take: Take): boolean {
  const { text } = t;
  for (let i = 0; i < t.count; i++) {
    const kind = t.kinds[i] as number;
    const start = t.starts[i] as number;
    const end = t.ends[i] as number;
    if (kind === digit) {
      const to = chainEnd(t, i);
      const last = t.ends[to - 1] as number;
      if (to - i > 1 && to - i <= 6 && last - start > shortest.digits && number(chainAt(t, i, to).groups.join(""), start, last, take)) return true;
      if (to - i > 6) i = to - 1;
    }
    if ((kind & digit) !== 0) {
      if (end - start >= (kind === digit ? shortest.digits : shortest.mixed) && number(wordAt(t, i), start, end, take)) return true;
      if (signBefore(t, i + 1) === 45 && (t.ends[i + 1] as number) - start > shortest.mixed && number(`${wordAt(t, i)}${wordAt(t, i + 1)}`, start, t.ends[i + 1] as number, take)) return true;
    } else if ((kind & letter) !== 0 && isCapital(text, start) && lengthAt(t, i) >= 3 && i + 1 < t.count) {
      if (signBefore(t, i + 1) === 45 && ((t.kinds[i + 1] as number) & digit) !== 0 && number(`${wordAt(t, i)}${wordAt(t, i + 1)}`, start, t.ends[i + 1] as number, take)) return true;
      const gap = (t.starts[i + 1] as number) - end;
      const name = gap <= 2 && isCapital(text, t.starts[i + 1] as number) ? nameOf(wordAt(t, i), wordAt(t, i + 1)) : undefined;
      if (name !== undefined && take(name, start, t.ends[i + 1] as number)) return true;
    }
  }
  return mailsIn(text, take);
}

function mailsIn(text: string, take: Take): boolean {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const local = /[\w.%+'-]{1,64}$/.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const domain = /^[A-Za-z0-9.-]{1,255}[A-Za-z]/.exec(text.slice(at + 1, at + 256))?.[0];
    if (local && domain && take(`${local}@${domain}`.toLowerCase(), at - local.length, at + 1 + domain.length)) return true;
  }
  return false;
}

function number(text: string, start: number, end: number, take: Take): boolean {
  const found = numberOf(text);
  return found !== undefined && take(found, start, end);
}

function isCapital(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 65 && unit <= 90;
}
