/** Seconds of a day. */
export const daySeconds = 86_400;

/**
 * A DATE or DATE-TIME (RFC 5545 3.3.4, 3.3.5). `wall`: seconds since 1970-01-01T00:00:00 on the clock that it names, as if that clock were UTC.
 */
export interface When {
  readonly wall: number;
  readonly isDate: boolean;
  readonly isUtc: boolean;
}

/** A DURATION (3.3.6): days and weeks follow the calendar, hours and less the clock. Both have the same sign. */
export interface Duration {
  readonly days: number;
  readonly seconds: number;
}

/** Days since 1970-01-01 of the Gregorian calendar. */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

export function civilOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

export function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function monthLength(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** 0 Monday to 6 Sunday. */
export function weekdayOf(day: number): number {
  return modulo(day + 3, 7);
}

export function modulo(a: number, n: number): number {
  return ((a % n) + n) % n;
}

/** `20260309` or `20260309T143000Z`; undefined for what is no day of the calendar. Second 60 is read as 59. */
export function readWhen(text: string): When | undefined {
  const [, year, month, date, hour, minute, second, zulu] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  if (m < 1 || m > 12 || d < 1 || d > monthLength(y, m)) return undefined;
  const wall = dayOf(y, m, d) * daySeconds;
  if (hour === undefined) return { wall, isDate: true, isUtc: false };
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || min > 59 || s > 60) return undefined;
  return { wall: wall + h * 3600 + min * 60 + Math.min(s, 59), isDate: false, isUtc: zulu !== undefined };
}

export function writeWhen({ wall, isDate, isUtc }: When): string {
  const { year, month, day } = civilOf(Math.floor(wall / daySeconds));
  const date = `${padded(year, 4)}${padded(month)}${padded(day)}`;
  if (isDate) return date;
  const seconds = modulo(wall, daySeconds);
  return `${date}T${padded(Math.floor(seconds / 3600))}${padded(Math.floor(seconds / 60) % 60)}${padded(seconds % 60)}${isUtc ? "Z" : ""}`;
}

export function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

/** `P1W`, `-PT15M`, `P1DT2H`; undefined for what is none, or is too long to be counted in seconds. */
export function readDuration(text: string): Duration | undefined {
  const found = /^([+-])?P(?:(\d+)W|(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/.exec(text);
  if (found === null || /P$|T$/.test(text)) return undefined;
  const [, sign, ...numbers] = found;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map((each) => Number(each ?? 0));
  const all = { days: weeks * 7 + days, seconds: hours * 3600 + minutes * 60 + seconds };
  if (all.days * daySeconds + all.seconds > Number.MAX_SAFE_INTEGER) return undefined;
  return sign === "-" ? { days: -all.days, seconds: -all.seconds } : all;
}

/** `+0100`, `-075258`: seconds east of UTC; undefined for what is none. */
export function readOffset(text: string): number | undefined {
  const [, sign, h, m, s = "0"] = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text) ?? [];
  if (sign === undefined || Number(h) > 23 || Number(m) > 59 || Number(s) > 59 || /^-0+$/.test(text)) return undefined;
  const seconds = Number(h) * 3600 + Number(m) * 60 + Number(s);
  return sign === "-" ? -seconds : seconds;
}
