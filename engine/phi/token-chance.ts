import { isDigitCode } from "./fold.ts";
import type { Hit } from "./scan.ts";

/** From this length on a random token of 64 signs holds given letters less than once in a billion, however they are written. */
const longEnough = 7;

/**
 * Whether a hit inside a token is there on purpose. Of 62 signs, chance makes four letters of a name in one of 10,000 tokens; written as somebody writes (all
 * small, all capitals or with a capital first) five come in one of ten million, and so do four that stand apart as a word.
 */
export function isMeant({ pattern, start, end }: Hit, text: string): boolean {
  const { codes } = pattern;
  if (codes.length < 4) return false;
  if (codes.length >= longEnough) return true;
  if (end - start !== codes.length) return false;
  const written = text.slice(start, end);
  if (codes.some(isDigitCode)) return codes.length > 4 || (!/\d$/.test(text.slice(0, start)) && !/^\d/.test(text.slice(end)));
  if (!isOneCase(written)) return false;
  return codes.length > 4 || (isEdge(text, start) && isEdge(text, end));
}

function isOneCase(written: string): boolean {
  return /^(?:[A-Z]?[a-z]+|[A-Z]+|[^A-Za-z]+)$/.test(written);
}

/** Between a letter and what is none, or between a small letter and a capital. */
function isEdge(text: string, at: number): boolean {
  return at === 0 || at === text.length || !/^[A-Za-z]{2}$/.test(text.slice(at - 1, at + 1)) || /^[a-z][A-Z]$/.test(text.slice(at - 1, at + 1));
}
