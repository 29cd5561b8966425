import { isItin, isNanp, isNpi, isPan, isRouting, isSsn } from "./checks.ts";
import { before, type Detection, type DetectedKind } from "./detection.ts";
import { digit, gapBefore, lengthAt, type Tokens, wordAt } from "../tokens.ts";
import type { Strength } from "../patterns.ts";

/** More groups of digits in a row are a series of measurements. */
const longest = 8;

/** Groups of digits that belong together, from one token to another. */
export interface Chain {
  readonly from: number;
  readonly to: number;
  readonly groups: readonly string[];
  /** What parts each group from the one before. */
  readonly gaps: readonly string[];
}

const joins = /^(?:[-./ ]|\) ?|\)-| ?\(| - )$/;
const longestJoin = 3;

/** Behind the last of the groups that begin at a token of digits. */
export function chainEnd(t: Tokens, from: number): number {
  let to = from + 1;
  while (to < t.count && t.kinds[to] === digit && (t.starts[to] as number) - (t.ends[to - 1] as number) <= longestJoin && joins.test(gapBefore(t, to) ?? "")) to++;
  return to;
}

/** The groups from a token of digits to where they end. */
export function chainAt(t: Tokens, from: number, to = chainEnd(t, from)): Chain {
  const groups = [wordAt(t, from)];
  const gaps = [""];
  for (let at = from + 1; at < to; at++) {
    groups.push(wordAt(t, at));
    gaps.push(gapBefore(t, at) ?? "");
  }
  return { from, to, groups, gaps };
}

/** Whether groups are too few and too short to be anybody's number: most are an amount, whole or with decimals. */
export function isAmount(t: Tokens, from: number, to: number): boolean {
  if (to - from > 2 || t.text.charCodeAt((t.starts[from] as number) - 1) === plus) return false;
  for (let at = from; at < to; at++) if (lengthAt(t, at) > 4) return false;
  return true;
}

const plus = 43;

/** Numbers of people, cards and addresses of machines in a chain of digits. */
export function numbersIn(t: Tokens, chain: Chain, found: (d: Detection) => boolean): boolean {
  const { from, groups, gaps } = chain;
  if (groups.length > longest) return false;
  const emit = (kind: DetectedKind, strength: Strength, at: number, count: number) =>
    found({ kind, strength, start: t.starts[from + at] as number, end: t.ends[from + at + count - 1] as number });
  if (isIpv4(groups, gaps) && emit("ip", "strong", 0, 4)) return true;
  for (let at = 0; at < groups.length; at++) {
    for (const shape of groups.length > at + 1 ? shapes : []) {
      const count = shape.lengths.length;
      if (!shape.lengths.every((length, k) => groups[at + k]?.length === length) || !standsApart(gaps, at, count)) continue;
      const digits = groups.slice(at, at + count).join("");
      if (shape.fits(digits, gaps[at + 1] ?? "") && emit(shape.kind, shape.strength, at, count)) return true;
    }
    const alone = single(t, chain, at);
    if (alone && emit(alone[0], alone[1], at, 1)) return true;
  }
  return isInternational(t, chain) && emit("phone", "strong", 0, groups.length);
}

interface Shape {
  readonly lengths: readonly number[];
  readonly kind: DetectedKind;
  readonly strength: Strength;
  fits(digits: string, gap: string): boolean;
}

const shapes: readonly Shape[] = [
  { lengths: [3, 2, 4], kind: "ssn", strength: "strong", fits: isSsn },
  { lengths: [3, 2, 4], kind: "itin", strength: "strong", fits: isItin },
  { lengths: [3, 3, 4], kind: "phone", strength: "strong", fits: isNanp },
  { lengths: [1, 3, 3, 4], kind: "phone", strength: "strong", fits: (digits) => digits.startsWith("1") && isNanp(digits) },
  { lengths: [3, 7], kind: "phone", strength: "strong", fits: (digits, gap) => gap !== "." && isNanp(digits) },
  { lengths: [4, 4, 4, 4], kind: "card", strength: "strong", fits: isPan },
  { lengths: [4, 4, 4, 4, 3], kind: "card", strength: "strong", fits: isPan },
  { lengths: [4, 6, 5], kind: "card", strength: "strong", fits: isPan },
  { lengths: [5, 4], kind: "zip", strength: "medium", fits: (_, gap) => gap === "-" },
];

/** The groups have their own sign between them, and another one, or none, around them. */
function standsApart(gaps: readonly string[], at: number, count: number): boolean {
  const inner = gaps[at + count - 1];
  return (at === 0 || gaps[at] !== inner) && (at + count >= gaps.length || gaps[at + count] !== inner);
}

/** A number without anything inside: by its check digit, or by what is said before it. */
function single(t: Tokens, { from, groups }: Chain, at: number): readonly [DetectedKind, Strength] | undefined {
  const digits = groups[at] as string;
  const start = t.starts[from + at] as number;
  switch (digits.length) {
    case 5:
      return zipCue.test(before(t.text, start, 16)) || stateBefore.test(t.text.slice(Math.max(0, start - 6), start)) ? ["zip", "medium"] : undefined;
    case 9: {
      const cue = before(t.text, start, 28);
      if (/ss[n#]|social|itin|tax/.test(cue)) return isSsn(digits) ? ["ssn", "strong"] : isItin(digits) ? ["itin", "strong"] : undefined;
      return /routing|\baba\b|bank|\brtn\b/.test(cue) && isRouting(digits) ? ["routing number", "medium"] : undefined;
    }
    case 10:
    case 11:
      if (isNpi(digits)) return ["npi", "weak"];
      if (!isNanp(digits)) return undefined;
      return /phone|fax|tel|mobile|cell|call/.test(before(t.text, start, 28)) ? ["phone", "strong"] : ["phone", "weak"];
    default:
      return digits.length >= 13 && digits.length <= 19 && isPan(digits) ? ["card", "strong"] : undefined;
  }
}

const zipCue = /(?:zip|postal)[a-z_ -]{0,6}"?\s*[:=|]?\s*"?$/;
const stateBefore = /(?:^|[^A-Za-z])(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? {1,2}$/;

/** A version such as 2.5.1.0 is none. */
function isIpv4(groups: readonly string[], gaps: readonly string[]): boolean {
  if (groups.length !== 4 || gaps.slice(1).some((gap) => gap !== ".")) return false;
  return groups.every((group) => group.length <= 3 && Number(group) <= 255 && (group === "0" || !group.startsWith("0"))) && groups.some((group) => group.length > 1);
}

/** ITU-T E.164: a plus sign and eight to fifteen digits. */
function isInternational(t: Tokens, { from, groups }: Chain): boolean {
  const start = t.starts[from] as number;
  if (t.text.charAt(start - 1) !== "+" || /\w/.test(t.text.charAt(start - 2))) return false;
  const length = groups.reduce((sum, group) => sum + group.length, 0);
  return length >= 8 && length <= 15;
}
