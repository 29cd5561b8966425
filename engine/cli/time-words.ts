/** A stretch of time, ms since epoch: `from` inclusive, `to` exclusive. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

const minute = 60_000;
const day = 86_400_000;
const units: Readonly<Record<string, number>> = { s: 1000, m: minute, h: 3_600_000, d: day, w: 7 * day };

/**
 * A time as people say it, in the zone of this machine: `now`, `today`, `yesterday`, `02:13` (the last one), `2h` (ago), `2026-03-01` (its first
 * moment), `2026-03-01T02:13:00Z` or with an offset. `undefined`: not a time; a date with a time of day must say its zone.
 */
export function momentOf(text: string, now: number): number | undefined {
  return periodOf(text, now)?.from;
}

/** The same words as a stretch: a day, a minute, a second; `2h` is from then until now. */
export function periodOf(text: string, now: number): Period | undefined {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  if (ago) return { from: now - Number(ago[1]) * (units[ago[2] ?? ""] ?? 0), to: now };
  if (text === "now") return { from: now, to: now };
  if (text === "today") return dayAt(now, 0);
  if (text === "yesterday") return dayAt(now, -1);
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (clock) return lastAt(now, Number(clock[1]), Number(clock[2]), clock[3] === undefined ? undefined : Number(clock[3]));
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (date) return isDate(text) ? dayOf(Number(date[1]), Number(date[2]), Number(date[3])) : undefined;
  return instant(text);
}

/** What to say about a time that is none. */
export const timesTaken = "a time is 2h, 02:13, today, yesterday, 2026-03-01, or with its zone 2026-03-01T02:13Z or 2026-03-01T02:13-05:00";

function dayAt(now: number, offset: number): Period {
  const at = new Date(now);
  return dayOf(at.getFullYear(), at.getMonth() + 1, at.getDate() + offset);
}

/** A day of the calendar here; 23 or 25 hours where the clocks change. */
function dayOf(year: number, month: number, date: number): Period {
  return { from: new Date(year, month - 1, date).getTime(), to: new Date(year, month - 1, date + 1).getTime() };
}

function lastAt(now: number, hour: number, minutes: number, second: number | undefined): Period {
  const at = new Date(now);
  at.setHours(hour, minutes, second ?? 0, 0);
  if (at.getTime() > now) at.setDate(at.getDate() - 1);
  return { from: at.getTime(), to: at.getTime() + (second === undefined ? minute : 1000) };
}

function instant(text: string): Period | undefined {
  const parts = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const from = parts ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(from)) return undefined;
  const length = parts?.[2] !== undefined ? 1 : parts?.[1] !== undefined ? 1000 : minute;
  return { from, to: from + length };
}

/** `2026-02-30` is none, though `Date` would make something of it. */
function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
