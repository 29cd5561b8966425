import { dayNumber, monthOf, msPerDay, ordinalDay, serialOfEpoch, ticksOfEpoch, weekDay } from "../calendar.ts";
import { digit, digitsAt, gapBefore, lengthAt, type Tokens, wordAt } from "../tokens.ts";

/** What a token, with those after it, may say as a day. */
export interface ReadDate {
  /** Day numbers (`dayNumber`), one for each way to read it. */
  readonly days: readonly number[];
  /** Days that it says only where somebody set pieces together: an amount and a year side by side look like some too. */
  readonly pieces?: readonly number[];
  /** Days that it says only as seconds or milliseconds since 1970: each of 86,400 numbers says the same one. */
  readonly counted?: readonly number[];
  /** `date`: nothing but a date looks like it. `number`: a number that may be one. `serial`: a number of five digits. */
  readonly form: "date" | "number" | "serial";
}

const nothing: readonly number[] = [];

/** Days that are looked for. */
interface Sought {
  has(day: number): boolean;
}

/** The date that begins at token `i`, in any of the forms of phi.md 2.4; a number of four digits only where it is a day that is `sought`. */
export function dateAt(t: Tokens, i: number, sought?: Sought): ReadDate | undefined {
  const kind = t.kinds[i] as number;
  if ((kind & digit) === 0) return undefined;
  const length = lengthAt(t, i);
  // All of them begin with a digit.
  if (kind !== digit) return length > 24 || t.text.charCodeAt(t.starts[i] as number) > nine ? undefined : mixed(wordAt(t, i)) ?? runOn(t, i) ?? worded(t, i);
  if (length > 4) return length > 18 ? undefined : run(wordAt(t, i), isNegative(t, i));
  return grouped(t, i) ?? worded(t, i) ?? (length === 4 ? earlySerial(t, i, sought) : undefined);
}

const nine = 57;

/** A date of a text, and the token that it begins at. */
export interface DateInText {
  readonly at: number;
  readonly read: ReadDate;
}

export function datesIn(t: Tokens, sought?: Sought): readonly DateInText[] {
  const found: DateInText[] = [];
  for (let at = 0; at < t.count; at++) {
    const read = ((t.kinds[at] as number) & digit) === 0 ? undefined : dateAt(t, at, sought);
    if (read) found.push({ at, read });
  }
  return found;
}

/** Spreadsheets count the days of 1913 to 1927 with four digits; what is lower is taken for a year. Every year that is read from its end looks like one. */
function earlySerial({ text, starts }: Tokens, i: number, sought: Sought | undefined): ReadDate | undefined {
  const start = starts[i] as number;
  if (text.charCodeAt(start) < five) return undefined;
  let value = 0;
  for (let at = start; at < start + 4; at++) value = value * 10 + text.charCodeAt(at) - zero;
  const day = value - serialOfEpoch;
  return sought?.has(day) === false ? undefined : read("serial", [day]);
}

const [zero, five] = [48, 53];

const isPlausible = (year: number) => year >= 1890 && year <= 2100;

/** Digits alone. */
function run(word: string, negative: boolean): ReadDate | undefined {
  const at = (from: number, to?: number) => Number(word.slice(from, to));
  const value = negative ? -Number(word) : Number(word);
  switch (word.length) {
    case 5:
      return read("serial", [value - serialOfEpoch], nothing, midnight(value));
    case 6:
      return read("number", [...short(at(0, 2), at(2, 4), at(4)), ...short(at(4), at(0, 2), at(2, 4)), ...short(at(4), at(2, 4), at(0, 2))], together(word), midnight(value));
    case 7:
      return read("number", [ordinalDay(at(0, 4), at(4))], together(word), midnight(value));
    case 8:
    case 12:
    case 14:
    case 17: {
      const day = dayNumber(at(0, 4), at(4, 6), at(6, 8));
      if (day !== undefined && isPlausible(at(0, 4)) && (word.length === 8 || (at(8, 10) < 24 && at(10, 12) < 60))) return read("date", [day], nothing, word.length === 12 && value % msPerDay === 0 ? since(value, msPerDay) : nothing);
      if (word.length === 8) return read("number", [dayNumber(at(4), at(0, 2), at(2, 4)), dayNumber(at(4), at(2, 4), at(0, 2))], nothing, secondsOrMs(value));
      return word.length === 12 ? read("number", nothing, nothing, since(value, msPerDay)) : undefined;
    }
    case 9:
    case 10:
      return read("number", nothing, nothing, secondsOrMs(value));
    case 11:
    case 13:
      return read("number", nothing, nothing, since(value, msPerDay));
    case 18:
      return read("number", [Math.floor(value / 864e9) - ticksOfEpoch]);
    default:
      return undefined;
  }
}

/** As seconds, and as milliseconds where it is a midnight of them. */
function secondsOrMs(value: number): readonly number[] {
  return value % msPerDay === 0 ? [...since(value, 86_400), ...since(value, msPerDay)] : since(value, 86_400);
}

/** Of midnight also without its sign, which a longer token takes for a separator. */
function since(value: number, perDay: number): readonly number[] {
  const day = Math.floor(value / perDay);
  return value % perDay === 0 ? [day, -day] : [day];
}

/** Month and day without zeros and a year of four digits, which somebody set together: `882024`, `1272024`. */
function together(word: string): readonly (number | undefined)[] {
  const year = Number(word.slice(-4));
  if (!isPlausible(year)) return nothing;
  return [1, 2].flatMap((n) => {
    const [a, b] = [Number(word.slice(0, n)), Number(word.slice(n, -4))];
    return [dayNumber(year, a, b), dayNumber(year, b, a)];
  });
}

/** Seconds of the first weeks of 1970, and of the last ones before: fewer digits than any other moment has. */
function midnight(value: number): readonly number[] {
  return value % 86_400 === 0 ? since(value, 86_400) : nothing;
}

function isNegative({ text, starts }: Tokens, i: number): boolean {
  const start = starts[i] as number;
  return text.charAt(start - 1) === "-" && !/[\w]/.test(text.charAt(start - 2));
}

/** Two or three numbers with the same sign between them. */
function grouped(t: Tokens, i: number): ReadDate | undefined {
  const length = i + 1 < t.count ? (t.starts[i + 1] as number) - (t.ends[i] as number) : 4;
  if (length > 3 || ((t.kinds[i + 1] as number) & digit) === 0 || !groupSigns.has(t.text.charCodeAt(t.ends[i] as number))) return undefined;
  const years = lengthAt(t, i) === 4;
  // A year goes with a week or the day of the year too; other numbers are three, with the same between them.
  if (!years && (lengthAt(t, i) === 3 || !isSameGap(t, i + 1, i + 2))) return undefined;
  const first = wordAt(t, i);
  const gap = gapBefore(t, i + 1);
  if (gap === undefined || !/^ ?[-/._ ] ?$/.test(gap) || (gapBefore(t, i) === gap && digitsAt(t, i - 1) !== undefined)) return undefined;
  const second = digitsAt(t, i + 1);
  if (years) {
    const week = second === undefined && i + 1 < t.count ? /^W(\d\d)$/i.exec(wordAt(t, i + 1))?.[1] : undefined;
    const weekday = week === undefined ? undefined : digitsAt(t, i + 2);
    if (week !== undefined && weekday?.length === 1) return read("date", [weekDay(Number(first), Number(week), Number(weekday))]);
    if (/[-_.]/.test(gap) && second?.length === 3) return read("number", [ordinalDay(Number(first), Number(second))]);
  }
  if (second === undefined || second.length > 2) return undefined;
  const last = gapBefore(t, i + 2) === gap ? leading(t, i + 2) : undefined;
  if (last === undefined) return first.length === 4 && gap === "-" ? yearAndMonth(t, i, Number(first), Number(second)) : undefined;
  // More numbers of the same kind: a version or an OID.
  if (gapBefore(t, i + 3) === gap && digitsAt(t, i + 3) !== undefined && (first.length < 4 || gap === ".")) return undefined;
  const [a, b, c] = [Number(first), Number(second), Number(last)];
  if (first.length === 4) {
    if (last.length > 2) return undefined;
    return read(isPlausible(a) && dayNumber(a, b, c) !== undefined ? "date" : "number", [dayNumber(a, b, c), dayNumber(a, c, b)]);
  }
  if (first.length === 3) return undefined;
  if (last.length === 4) return read(isPlausible(c) && gap !== " " ? "date" : "number", [dayNumber(c, a, b), dayNumber(c, b, a)]);
  return last.length === 2 ? read(gap === "/" ? "date" : "number", [...short(c, a, b), ...short(c, b, a), ...short(a, b, c)]) : undefined;
}

/** Whether the same stands before two tokens. */
function isSameGap({ text, count, starts, ends }: Tokens, i: number, k: number): boolean {
  if (k >= count) return false;
  const [one, other] = [ends[i - 1] as number, ends[k - 1] as number];
  const length = (starts[i] as number) - one;
  if ((starts[k] as number) - other !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(one + at) !== text.charCodeAt(other + at)) return false;
  return true;
}

/** Space, dash, dot, slash, underscore. */
const groupSigns = new Set([32, 45, 46, 47, 95]);

/** `1980-01` says more than a year, but only as a value by itself. */
function yearAndMonth({ text, starts, ends }: Tokens, i: number, year: number, month: number): ReadDate | undefined {
  const bounds = `${text.charAt((starts[i] as number) - 1)}${text.charAt(ends[i + 1] as number)}`;
  const stands = isPlausible(year) && month >= 1 && month <= 12 && lengthOf(starts, ends, i + 1) === 2 && /^(?:""|''|\|\||[|,>=][|,<&]?)$/.test(bounds);
  return stands ? { form: "date", days: nothing } : undefined;
}

function lengthOf(starts: Int32Array, ends: Int32Array, i: number): number {
  return (ends[i] as number) - (starts[i] as number);
}

/** Digits of a token, also where a time follows at once: `02T10`. */
function leading(t: Tokens, i: number): string | undefined {
  if (i >= t.count) return undefined;
  const own = digitsAt(t, i);
  if (own !== undefined) return own;
  return /^(\d\d)T\d\d$/i.exec(wordAt(t, i))?.[1] ?? undefined;
}

/** A month by its name, before or after the token: `2 January 1980`, `Jan 2nd, 1980`, `1980-Jan-02`, `January 1980`. */
function worded(t: Tokens, i: number): ReadDate | undefined {
  if (!(mayBeMonth(t, i - 1) && isNear(t, i)) && !(mayBeMonth(t, i + 1) && isNear(t, i + 1))) return undefined;
  const number = /^(\d{1,4})(?:st|nd|rd|th)?$/i.exec(wordAt(t, i))?.[1];
  if (number === undefined) return undefined;
  const one = behindMonth(t, i, number);
  // Between two months, as where a day is written twice, it belongs to the one that makes a day of it.
  return one !== undefined && one.days.length > 0 ? one : beforeMonth(t, i, number) ?? one;
}

function behindMonth(t: Tokens, i: number, number: string): ReadDate | undefined {
  const month = isNear(t, i) ? monthAt(t, i - 1) : 0;
  if (month === 0) return undefined;
  if (number.length === 4) return isPlausible(Number(number)) && !isDay(t, i - 2) ? { form: "date", days: nothing } : undefined;
  return isNear(t, i + 1) ? withYear(digitsAt(t, i + 1), month, Number(number)) : undefined;
}

function beforeMonth(t: Tokens, i: number, number: string): ReadDate | undefined {
  let at = i + 1;
  if (isNear(t, at) && wordAt(t, at).toLowerCase() === "of") at++;
  const after = isNear(t, at) ? monthAt(t, at) : 0;
  if (after === 0 || !isNear(t, at + 1)) return undefined;
  const other = /^(\d{1,4}|\d{6})(?:st|nd|rd|th)?$/i.exec(wordAt(t, at + 1))?.[1];
  if (number.length === 4) return other === undefined ? undefined : withYear(number, after, Number(other));
  return withYear(other, after, Number(number));
}

/** Whether a token is letters alone and as long as a month, or `of`, and begins like one: before anything is cut out of the text. */
function mayBeMonth(t: Tokens, i: number): boolean {
  if (i < 0 || i >= t.count || ((t.kinds[i] as number) & digit) !== 0) return false;
  const length = lengthAt(t, i);
  return length >= 2 && length <= 9 && beginsMonths[t.text.charCodeAt(t.starts[i] as number) | 32] === 1;
}

/** First letters of the months, and of `of`. */
const beginsMonths = new Uint8Array(128);
for (const letter of "jfmasond") beginsMonths[letter.charCodeAt(0)] = 1;

/** With the hour at once behind the year, as when pieces are set together, the year counts. */
function withYear(year: string | undefined, month: number, day: number): ReadDate | undefined {
  if (year?.length === 6 && Number(year.slice(4)) < 24) return withYear(year.slice(0, 4), month, day);
  if (year?.length === 4) return isPlausible(Number(year)) ? read("date", [dayNumber(Number(year), month, day)]) : undefined;
  return year?.length === 2 ? read("date", short(Number(year), month, day)) : undefined;
}

const nearSigns = new Uint8Array(128);
for (const sign of "\t\n\v\f\r ,.'/_+-") nearSigns[sign.charCodeAt(0)] = 1;

function isNear(t: Tokens, i: number): boolean {
  if (i <= 0 || i >= t.count) return false;
  const [from, to] = [t.ends[i - 1] as number, t.starts[i] as number];
  if (to - from > 3 || to === from) return false;
  for (let at = from; at < to; at++) {
    const unit = t.text.charCodeAt(at);
    if (unit < 128 ? nearSigns[unit] !== 1 : !/\s/.test(t.text.charAt(at))) return false;
  }
  return true;
}

function isDay(t: Tokens, i: number): boolean {
  return isNear(t, i + 1) && /^\d{1,2}(?:st|nd|rd|th)?$/i.test(wordAt(t, i));
}

function monthAt(t: Tokens, i: number): number {
  return i >= 0 && i < t.count && ((t.kinds[i] as number) & digit) === 0 ? monthOf(wordAt(t, i)) : 0;
}

/** `2JAN80`. */
const shortestMixed = 6;

/** Letters and digits without anything between: `02JAN1980`, `19800102T1030`, `1980W013`. */
function mixed(word: string): ReadDate | undefined {
  if (word.length < shortestMixed) return undefined;
  const [, day, month = "", year = ""] = /^(\d{1,2})([A-Za-z]{3,9})(\d{4}|\d\d)$/.exec(word) ?? [];
  if (day !== undefined && monthOf(month) > 0) return withYear(year, monthOf(month), Number(day));
  const basic = /^(\d{8})T\d{4,6}Z?$/i.exec(word)?.[1];
  if (basic !== undefined) return run(basic, false);
  const [, weekYear, week, weekday] = /^(\d{4})W(\d\d)(\d)$/i.exec(word) ?? [];
  return weekYear === undefined ? undefined : read("date", [weekDay(Number(weekYear), Number(week), Number(weekday))]);
}

/** `28Jul 1972`, as when the pieces of a date are set together. */
function runOn(t: Tokens, i: number): ReadDate | undefined {
  const next = i + 1 < t.count && t.kinds[i + 1] === digit && lengthAt(t, i + 1) >= 4 && lengthAt(t, i + 1) <= 6 && isNear(t, i + 1);
  const [, day, month = ""] = (next && /^(\d{1,2})([A-Za-z]{3,9})$/.exec(wordAt(t, i))) || [];
  return day === undefined || monthOf(month) === 0 ? undefined : withYear(wordAt(t, i + 1), monthOf(month), Number(day));
}

/** A year of two digits stands in this century or the last. */
function short(year: number, month: number, day: number): readonly (number | undefined)[] {
  return [dayNumber(1900 + year, month, day), dayNumber(2000 + year, month, day)];
}

function read(form: ReadDate["form"], days: readonly (number | undefined)[], together: readonly (number | undefined)[] = nothing, counted = nothing): ReadDate | undefined {
  const known = knownOf(days);
  const pieces = knownOf(together);
  return known.length + pieces.length + counted.length === 0 ? undefined : { form, days: known, pieces, counted };
}

function knownOf(days: readonly (number | undefined)[]): readonly number[] {
  return days.length === 0 || (days.length === 1 && days[0] === undefined) ? nothing : days.filter((day) => day !== undefined);
}
