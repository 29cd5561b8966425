import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Known } from "./collector.ts";
import { beyondHex, digit, lengthAt, letter, signBefore, type Tokens, wordAt } from "./tokens.ts";

/** A digest cut shorter than this says too little to be one. */
const shortest = 12;

const algorithms = [{ name: "md5", hex: 32, base64: 22 }, { name: "sha1", hex: 40, base64: 27 }, { name: "sha256", hex: 64, base64: 43 }, { name: "sha512", hex: 128, base64: 86 }] as const;

type Algorithm = (typeof algorithms)[number];

/** Tokens of a text that have the length and alphabet of a digest in hex, or of the start of one; most texts hold none, and then nothing is hashed. */
export function digestsIn(tokens: Tokens): string[] {
  const found: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    if (((tokens.kinds[i] as number) & (digit | letter | beyondHex)) !== (digit | letter)) continue;
    const length = lengthAt(tokens, i);
    if (length === 8 && isUuidAt(tokens, i)) found.push(tokens.text.slice(tokens.starts[i], (tokens.starts[i] as number) + 36).replaceAll("-", "").toLowerCase());
    if (length === 8 || (length >= shortest && length <= 128)) found.push(wordAt(tokens, i).toLowerCase());
  }
  return found;
}

/** A digest of 32 signs may be dressed as a UUID. */
function isUuidAt(t: Tokens, i: number): boolean {
  return [4, 4, 4, 12].every((length, k) => lengthAt(t, i + k + 1) === length && signBefore(t, i + k + 1) === 45);
}

/**
 * Unsalted digests of the values of one message (phi.md 2.4). A text that has nothing of their length asks for none; what was asked for once is kept for
 * the message's other destinations.
 */
export class Digests {
  readonly #known: () => readonly Known[];
  #forms: readonly string[] | undefined;
  #sums: ReadonlySet<string> | undefined;
  readonly #digests = new Map<Algorithm, ReadonlyMap<string, readonly string[]>>();

  constructor(known: () => readonly Known[]) {
    this.#known = known;
  }

  /** Whether a token is a digest in hex, whole or its first twelve signs and more, or a checksum. */
  isHex(token: string): boolean {
    if (!/^[0-9a-f]+$/.test(token)) return false;
    if (token.length < shortest) return this.#checksums.has(token);
    return algorithms.some((algorithm) => token.length <= algorithm.hex && this.#of(algorithm).get(token.slice(0, shortest))?.some((digest) => digest.startsWith(token)));
  }

  /** Whether a run ends with a digest in base64 or base64url. `isOurs`: such an end is of something else. */
  endsBase64(run: string, isOurs: (end: string) => boolean): boolean {
    return algorithms.some((algorithm) => {
      const end = run.slice(-algorithm.base64);
      if (end.length < algorithm.base64 || isOurs(end)) return false;
      const digest = Buffer.from(end, "base64").toString("hex");
      return this.#of(algorithm).get(digest.slice(0, shortest))?.includes(digest) ?? false;
    });
  }

  get #all(): readonly string[] {
    this.#forms ??= [...new Set(this.#known().flatMap((known) => [...formsOf(known)]))];
    return this.#forms;
  }

  get #checksums(): ReadonlySet<string> {
    this.#sums ??= new Set(this.#all.map((form) => crc32(form).toString(16).padStart(8, "0")));
    return this.#sums;
  }

  /** By their first signs. */
  #of(algorithm: Algorithm): ReadonlyMap<string, readonly string[]> {
    let made = this.#digests.get(algorithm);
    if (!made) this.#digests.set(algorithm, (made = Map.groupBy(this.#all.map((form) => hash(algorithm.name, form)), (digest) => digest.slice(0, shortest))));
    return made;
  }
}

function formsOf({ sort, text }: Known): Set<string> {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  const forms = new Set([trimmed, lower, trimmed.toUpperCase()]);
  const digits = text.replace(/\D+/g, "");
  if (digits.length >= 5) forms.add(digits);
  if (sort === "number" && digits.length === 10) for (const form of [`1${digits}`, `+1${digits}`, digits.replace(/(...)(...)/, "$1-$2-")]) forms.add(form);
  if (/^\d{9}$/.test(digits)) forms.add(digits.replace(/(...)(..)/, "$1-$2-"));
  if (sort === "day") {
    const [y = "", m = "", d = ""] = text.split("-");
    forms.add(`${m}/${d}/${y}`).add(`${m}${d}${y}`);
  }
  if (sort === "name") {
    const words = lower.split(/\s+/);
    const [first = "", last = ""] = [words[0], words.at(-1)];
    forms.add(`${first}${last}`).add(`${last}${first}`).add(`${last} ${first}`).add(`${last},${first}`).add(`${last}, ${first}`).add(last);
  }
  return forms;
}
