import type { ReadDate } from "./detectors/dates.ts";
import { beyondChance, mayBeChance, type Pattern } from "./patterns.ts";
import type { Hit } from "./scan.ts";
import { touchesTaken } from "./taken.ts";

interface Written {
  readonly taken: ReadonlySet<string>;
  /** Where a policy wrote the text: whether a whole word is a code that it kept. */
  isCode?(word: string): boolean;
}

/**
 * Whether chance put an identifier of the message there. What is so short is found inside the engine's own tokens; and where a policy wrote the text, inside codes
 * that it kept, over two of its years, and over a part that it kept (45 CFR 164.514(b)(2)(i)) and the amounts or tokens beside it.
 */
export function isChance({ pattern, start, end }: Hit, text: string, isJoined: boolean, { taken, isCode }: Written): boolean {
  if (isCode && isKeptInPart(pattern) && (isJoined || isOverPieces(text, start, end) || touchesTaken(text, start, end, taken))) return true;
  if (isCode && isTwoYears.test(text.slice(start, end)) && (isJoined || end - start > 8)) return true;
  if (!mayBeChance(pattern)) return false;
  if (touchesTaken(text, start, end, taken)) return true;
  if (!isCode) return false;
  const word = wordAround(text, start, end);
  return word.length > end - start && isCode(word);
}

/** Whether a number is a code that a policy kept, and a day for being so short or for a second of it: of 86,400 numbers in a row each is one of the same day. */
export function isDayByChance(day: number, { form, days, counted }: ReadDate, text: string, start: number, end: number, isCode: (word: string) => boolean): boolean {
  const isCounted = counted?.includes(day) === true && !days.includes(day);
  return form === "number" && (isCounted || end - start < beyondChance) && isCode(wordAround(text, start, end));
}

/** Of a day a policy leaves the year, of a ZIP code three digits; a number beside them is the rest now and then. */
function isKeptInPart({ kind }: Pattern): boolean {
  return /date|^zip$/.test(kind);
}

/** Whether it stands over numbers as a policy writes them, years, three digits of a ZIP code and amounts, parted by what no date is written with. */
function isOverPieces(text: string, start: number, end: number): boolean {
  const from = /[\d.]*$/.exec(text.slice(Math.max(0, start - 20), start))?.[0] ?? "";
  const to = /^[\d.]*/.exec(text.slice(end, end + 20))?.[0] ?? "";
  const pieces = `${from}${text.slice(start, end)}${to}`.split(/[^\d ./_-]+/);
  return pieces.length > 1 && pieces.every((piece) => /^(?:(?:0|[1-9]\d*)(?:\.\d*)?|\d{3})$/.test(piece));
}

/** Letters, digits and dashes that what stands there is a part of. */
function wordAround(text: string, start: number, end: number): string {
  const from = /[A-Za-z0-9-]*$/.exec(text.slice(Math.max(0, start - 20), start))?.[0] ?? "";
  const to = /^[A-Za-z0-9-]*/.exec(text.slice(end, end + 20))?.[0] ?? "";
  return from + text.slice(start, end) + to;
}

const isTwoYears = /^(?:19|20)\d\d[^\d-]{0,4}(?:19|20)\d\d$|^(?:19|20)\d\d[^\d.-]\d{3}[^\d.-]\d$/;
