import { isCommonWord } from "./structure-words.ts";
import { codeOf, codeOfAscii, folded, isDigitCode } from "./fold.ts";

/** phi.md 2.3: one strong hit blocks; medium blocks outside validated fields; weak needs two kinds close together. */
export type Strength = "strong" | "medium" | "weak";

export interface Pattern {
  readonly kind: string;
  readonly strength: Strength;
  readonly codes: readonly number[];
  /** What stood in the message; compared with values that the engine itself copied. Never leaves this room. */
  readonly source: string;
  /** Whether a neighbouring letter (or digit) on that side makes it another word (or number). */
  readonly left: boolean;
  readonly right: boolean;
  /** Codes of the first of two parts that are a name only with something between them: `Le Ma` is none in `lema`. */
  readonly joint: number;
  /** What must stand before it, or what it must not be, for more than a weak hit; and which half of `source` it is. */
  readonly only: "after its name" | "as no structure" | "first half" | "last half" | undefined;
}

/** Shorter ones would be found in anything. */
const shortest = 3;
/** A text of this length is no identifier. */
const longest = 4096;
/** From this length on chance does not make them, so they are found inside longer words too. */
const longEnough = 9;

/** From this many signs on chance does not bring them together in a token of 32. */
export const beyondChance = 8;

/** Whether a pattern is so short that random signs hold it now and then. */
export function mayBeChance({ codes }: Pick<Pattern, "codes">): boolean {
  return codes.length < beyondChance;
}

/** Names shorter than this together may be words of every format: `ma` and `le`. */
const shortName = 7;

/** A pattern of the view of `parts` in a row, or nothing when too little is left of them. */
export function pattern(kind: string, strength: Strength, parts: readonly string[], { source = parts.length === 1 ? (parts[0] ?? "") : "", isOpen = false, only }: PatternOptions = {}): Pattern | undefined {
  const codes: number[] = [];
  let joint = 0;
  for (const part of parts) {
    if (joint === 0) joint = codes.length;
    // What is this long stays too long, whatever the view drops of it.
    if (part.length > longest * 16) return undefined;
    append(part, codes);
  }
  const n = codes.length;
  if (n < shortest || n > longest) return undefined;
  const bounded = n < longEnough;
  return { kind, strength, codes, source, left: bounded, right: bounded && !isOpen, joint: n < shortName && joint > 0 && isCommonWord(parts.join("")) ? joint : 0, only };
}

interface PatternOptions {
  readonly source?: string;
  /** More may follow, as after a day. */
  readonly isOpen?: boolean;
  readonly only?: Pattern["only"];
}

function append(part: string, codes: number[]): void {
  const before = codes.length;
  for (let i = 0; i < part.length; i++) {
    const unit = part.charCodeAt(i);
    if (unit > 127) {
      codes.length = before;
      const text = folded(part);
      for (let k = 0; k < text.length; k++) push(codeOf(text.charCodeAt(k)), codes);
      return;
    }
    push(codeOfAscii[unit] as number, codes);
  }
}

function push(code: number, codes: number[]): void {
  if (code !== 0) codes.push(code);
}

/** Whether the neighbour `unit` continues the word or number that ends with `edge`. */
export function continues(edge: number, unit: number): boolean {
  const code = codeOf(unit);
  return code !== 0 && isDigitCode(code) === isDigitCode(edge);
}
