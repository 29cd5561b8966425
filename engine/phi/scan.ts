import { codeOf, codeOfAscii, folded } from "./fold.ts";
import { continues, type Pattern } from "./patterns.ts";

export interface Hit {
  readonly pattern: Pattern;
  /** UTF-16 units of the folded text. */
  readonly start: number;
  readonly end: number;
}

/** First pattern of each trigram, filled for one scan and emptied after it: no allocation in the size of the alphabet. */
const heads = new Uint16Array(1 << 18);
/** Codes looked at together. A text is read window by window, so that its length costs no memory. */
const window = 64 * 1024;
const codes = new Uint8Array(window);
const places = new Int32Array(window);

/** Patterns of one message, ready to be looked for in texts. */
export class Matcher {
  readonly #patterns: readonly Pattern[];
  readonly #trigrams: Int32Array;
  readonly #next: Uint16Array;
  readonly #longest: number;

  constructor(patterns: readonly Pattern[]) {
    // Two bytes hold an index; a message with more names than that is scanned in slices by its owner.
    if (patterns.length > maxPatterns) throw new RangeError("too many patterns for one matcher");
    this.#patterns = patterns;
    this.#trigrams = new Int32Array(patterns.length);
    this.#next = new Uint16Array(patterns.length);
    this.#longest = patterns.reduce((most, each) => Math.max(most, each.codes.length), 3);
    patterns.forEach(({ codes: c }, i) => {
      this.#trigrams[i] = ((c[0] ?? 0) << 12) | ((c[1] ?? 0) << 6) | (c[2] ?? 0);
    });
  }

  /** Calls `found` for each occurrence, in order of the text, until it returns true. `loose`: also inside longer words. */
  scan(text: string, loose: boolean, found: (hit: Hit) => boolean): boolean {
    const from = folded(text);
    const trigrams = this.#trigrams;
    for (let i = trigrams.length - 1; i >= 0; i--) {
      const t = trigrams[i] as number;
      this.#next[i] = heads[t] as number;
      heads[t] = i + 1;
    }
    try {
      return this.#windows(from, loose, found);
    } finally {
      for (const t of trigrams) heads[t] = 0;
    }
  }

  /** Windows overlap by the longest pattern; a hit counts in the one that it begins in before the overlap. */
  #windows(text: string, loose: boolean, found: (hit: Hit) => boolean): boolean {
    let n = 0;
    for (let at = 0; at < text.length; ) {
      for (; at < text.length && n < window; at++) {
        const unit = text.charCodeAt(at);
        const code = unit < 128 ? (codeOfAscii[unit] as number) : codeOf(unit);
        if (code === 0) continue;
        codes[n] = code;
        places[n++] = at;
      }
      const begins = at >= text.length ? n : n - this.#longest;
      if (this.#walk(text, n, begins, loose, found)) return true;
      codes.copyWithin(0, begins, n);
      places.copyWithin(0, begins, n);
      n -= begins;
    }
    return false;
  }

  #walk(text: string, n: number, begins: number, loose: boolean, found: (hit: Hit) => boolean): boolean {
    let trigram = ((codes[0] as number) << 6) | (codes[1] as number);
    for (let i = 2; i < n && i - 2 < begins; i++) {
      trigram = ((trigram << 6) | (codes[i] as number)) & 0x3ffff;
      for (let at = heads[trigram] as number; at !== 0; at = this.#next[at - 1] as number) {
        const pattern = this.#patterns[at - 1] as Pattern;
        const start = i - 2;
        if (!standsAt(pattern, start, n)) continue;
        const hit = { pattern, start: places[start] as number, end: (places[start + pattern.codes.length - 1] as number) + 1 };
        if (!loose && isPartOfMore(pattern, text, hit)) continue;
        if (found(hit)) return true;
      }
    }
    return false;
  }
}

export const maxPatterns = 60_000;

function standsAt({ codes: wanted }: Pattern, start: number, n: number): boolean {
  if (start + wanted.length > n) return false;
  for (let i = 3; i < wanted.length; i++) if (codes[start + i] !== wanted[i]) return false;
  return true;
}

/** `rose` in `prosecute` is another word; in `aRose`, `ROSE-2` or `rose7` it is not. */
function isPartOfMore(pattern: Pattern, text: string, { start, end }: Hit): boolean {
  const first = pattern.codes[0] as number;
  const last = pattern.codes[pattern.codes.length - 1] as number;
  if (pattern.left && start > 0 && continues(first, text.charCodeAt(start - 1)) && !isHump(text, start)) return true;
  return pattern.right && end < text.length && continues(last, text.charCodeAt(end)) && !isHump(text, end);
}

/** Between a small and a capital letter a new word begins. */
function isHump(text: string, at: number): boolean {
  return /[a-z]/.test(text.charAt(at - 1)) && /[A-Z]/.test(text.charAt(at));
}
