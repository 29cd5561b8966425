import { codeOf, folded, isDigitCode } from "./fold.ts";

/** phi.md 2.3: one strong hit blocks; medium blocks outside validated fields; weak needs two kinds close together. */
export type Strength = "strong" | "medium" | "weak";

export interface Pattern {
  readonly kind: string;
  readonly strength: Strength;
  readonly codes: Uint8Array;
  /** What stood in the message; compared with values that the engine itself copied. Never leaves this room. */
  readonly source: string;
  /** Whether a neighbouring letter (or digit) on that side makes it another word (or number). */
  readonly left: boolean;
  readonly right: boolean;
}

/** Shorter ones would be found in anything. */
const shortest = 3;
/** From this length on chance does not make them, so they are found inside longer words too. */
const longEnough = 9;

const buffer = new Uint8Array(4096);

/** A pattern of the view of `parts` in a row, or nothing when too little is left of them. `isOpen`: more may follow, as after a day. */
export function pattern(kind: string, strength: Strength, parts: readonly string[], { source = parts.length === 1 ? (parts[0] ?? "") : "", isOpen = false } = {}): Pattern | undefined {
  let n = 0;
  for (const part of parts) {
    const text = folded(part);
    for (let i = 0; i < text.length && n < buffer.length; i++) {
      const code = codeOf(text.charCodeAt(i));
      if (code !== 0) buffer[n++] = code;
    }
  }
  if (n < shortest) return undefined;
  const bounded = n < longEnough;
  const codes = buffer.slice(0, n);
  return { kind, strength, codes, source, left: bounded, right: bounded && !isOpen };
}

/** Whether the neighbour `unit` continues the word or number that ends with `edge`. */
export function continues(edge: number, unit: number): boolean {
  const code = codeOf(unit);
  return code !== 0 && isDigitCode(code) === isDigitCode(edge);
}
