import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Known } from "./collector.ts";
import { beyondHex, digit, lengthAt, letter, signBefore, type Tokens, wordAt } from "./detectors/tokens.ts";
import type { MessageHarvest } from "./harvest.ts";

/** A digest cut shorter than this says too little to be one. */
const shortest = 12;

const algorithms = [["md5", 32], ["sha1", 40], ["sha256", 64], ["sha512", 128]] as const;

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

/** Whether one of `tokens` is an unsalted digest of a value of the message, whole or its first twelve signs and more (phi.md 2.4). Base64 ones come as they stand. */
export function isDigestOfKnown(tokens: readonly string[], harvest: MessageHarvest): boolean {
  const hex = new Set<string>();
  const base64 = new Set<string>();
  for (const token of tokens) (/^[0-9a-f]+$/.test(token) ? hex : base64).add(token.replaceAll("-", "+").replaceAll("_", "/"));
  const lengths = [...new Set([...hex].map(({ length }) => length))];
  const longest = Math.max(0, ...lengths);
  for (const known of harvest.known) {
    for (const form of formsOf(known)) {
      if (hex.has(crc32(form).toString(16).padStart(8, "0"))) return true;
      for (const [name, length] of algorithms) {
        if (longest < shortest && base64.size === 0) break;
        const digest = hash(name, form);
        if (lengths.some((l) => l >= shortest && l <= length && hex.has(digest.slice(0, l)))) return true;
        if (base64.size > 0 && base64.has(Buffer.from(digest, "hex").toString("base64").replace(/=+$/, ""))) return true;
      }
    }
  }
  return false;
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
