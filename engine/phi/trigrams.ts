import { Units } from "./decode/units.ts";
import { codeOf, codeOfAscii, isDigitCode } from "./fold.ts";

/**
 * A bit for the rows of three codes that the texts of the moment hold, in either direction; empty between two uses. Eight rows that differ in their first code
 * share a bit, so that all of it stays at hand: a value is looked at closer for nothing now and then.
 */
const bits = new Uint32Array(1 << 10);
const kept = 0x7fff;
const unitsHere = new Units();

/**
 * Which rows of three codes stand in a few short texts. A value that shares none of them is in none of those texts, forwards or backwards, so nothing
 * needs to be made of it to be looked for there.
 */
export class Trigrams {
  /** Whether three digits stand side by side: a day may be written there in another order. */
  readonly hasNumber: boolean;

  private constructor(marked: readonly number[]) {
    this.hasNumber = marked.some((each) => isDigitCode(each >> 12) && isDigitCode((each >> 6) & 63) && isDigitCode(each & 63));
  }

  /** Calls `use` with the trigrams of folded texts, which are known for so long. */
  static of<T>(texts: readonly string[], use: (trigrams: Trigrams) => T): T {
    const marked: number[] = [];
    for (const text of texts) collect(text, marked);
    for (const each of marked) {
      const bit = each & kept;
      bits[bit >> 5] = (bits[bit >> 5] as number) | (1 << (bit & 31));
    }
    try {
      return use(new Trigrams(marked));
    } finally {
      for (const each of marked) bits[(each & kept) >> 5] = 0;
    }
  }

  /** Whether a value may be in the texts, whole or in a part of three codes and more. What is written in other letters is not looked at closer. */
  maySee(value: string): boolean {
    return this.#shares(value, Number.POSITIVE_INFINITY);
  }

  /** The same where the parts of a value may stand in another order: of parts that are short, two may make a row of codes that the value has not. */
  maySeeParts(value: string): boolean {
    return this.#shares(value, 2);
  }

  /**
   * Whether one of the fields of a line may be, or is so long that it has to be looked at: one pass, and most lines hold nothing of a short text. Parts
   * of a field may stand in another order where `mayTurn` says so of its number.
   */
  maySeeFields(line: string, mark: string, longest: number, mayTurn: (field: number) => boolean): boolean {
    const parting = mark.charCodeAt(0);
    if (parting > 127 || codeOfAscii[parting] !== 0) return true;
    const units = unitsHere.of(line);
    const length = line.length;
    let trigram = 0;
    let n = 0;
    let before = 0;
    let short = 0;
    let field = 0;
    let began = 0;
    for (let i = 0; i <= length; i++) {
      const unit = i < length ? (units[i] as number) : parting;
      if (unit > 127) return true;
      const code = codeOfAscii[unit] as number;
      if (code !== 0) {
        trigram = ((trigram << 6) | code) & kept;
        if (++n > 2 && ((bits[trigram >> 5] as number) & (1 << (trigram & 31))) !== 0) return true;
        continue;
      }
      if (n - before > 0 && n - before < 3) short++;
      before = n;
      if (unit !== parting) continue;
      if (i - began >= longest || (short > 1 && mayTurn(field))) return true;
      n = before = short = 0;
      began = i + 1;
      field++;
    }
    return false;
  }

  #shares(value: string, mostShort: number): boolean {
    let trigram = 0;
    let n = 0;
    let before = 0;
    let short = 0;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 127) return true;
      const code = codeOfAscii[unit] as number;
      if (code === 0) {
        if (n - before > 0 && n - before < 3) short++;
        before = n;
        continue;
      }
      trigram = ((trigram << 6) | code) & kept;
      if (++n > 2 && ((bits[trigram >> 5] as number) & (1 << (trigram & 31))) !== 0) return true;
    }
    if (n - before > 0 && n - before < 3) short++;
    return short >= mostShort;
  }
}

function collect(text: string, into: number[]): void {
  let trigram = 0;
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const code = codeOf(text.charCodeAt(i));
    if (code === 0) continue;
    trigram = ((trigram << 6) | code) & 0x3ffff;
    if (++n > 2) into.push(trigram, mirrored(trigram));
  }
}

/** The same three codes, the last one first. */
export function mirrored(trigram: number): number {
  return ((trigram & 63) << 12) | (trigram & 0xfc0) | (trigram >> 12);
}
