import { EngineError } from "../../../sdk/error.ts";
import { readWhen, type When } from "./times.ts";

const frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof frequencies)[number];

/** One BYDAY value: a weekday (0 Monday), and which of them in the month or year. */
export interface ByDay {
  readonly weekday: number;
  readonly nth: number | undefined;
}

/** A recurrence rule (RFC 5545 3.3.10). Lists are sorted, each value once; absent parts are undefined. */
export interface Rule {
  readonly freq: Frequency;
  readonly until: When | undefined;
  readonly count: number | undefined;
  readonly interval: number;
  readonly bySecond: readonly number[] | undefined;
  readonly byMinute: readonly number[] | undefined;
  readonly byHour: readonly number[] | undefined;
  readonly byDay: readonly ByDay[] | undefined;
  readonly byMonthDay: readonly number[] | undefined;
  readonly byYearDay: readonly number[] | undefined;
  readonly byWeekNo: readonly number[] | undefined;
  readonly byMonth: readonly number[] | undefined;
  readonly bySetPos: readonly number[] | undefined;
  /** First day of the week, 0 Monday. */
  readonly weekStart: number;
}

export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** Least and greatest value; where negative ones count from the end, 0 is none. */
const ranges = {
  BYSECOND: [0, 60], BYMINUTE: [0, 59], BYHOUR: [0, 23], BYMONTHDAY: [-31, 31], BYYEARDAY: [-366, 366], BYWEEKNO: [-53, 53], BYMONTH: [1, 12], BYSETPOS: [-366, 366],
} as const;

/**
 * Reads a rule. Spaces and empty parts, which some senders write, are read over. Throws `ICS-301` for what has no meaning: an unknown part, a value out of
 * its range, parts that 3.3.10 forbids together.
 */
export function readRule(text: string): Rule {
  const parts = new Map<string, string>();
  for (const part of text.replace(/\s/g, "").toUpperCase().split(";")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = part.slice(0, at);
    if (at < 1 || parts.has(name)) throw new EngineError("ICS-301");
    parts.set(name, part.slice(at + 1));
  }
  const rule: Rule = {
    freq: frequency(take(parts, "FREQ")),
    until: until(take(parts, "UNTIL")),
    count: positive(take(parts, "COUNT")),
    interval: positive(take(parts, "INTERVAL")) ?? 1,
    bySecond: numbers(parts, "BYSECOND"),
    byMinute: numbers(parts, "BYMINUTE"),
    byHour: numbers(parts, "BYHOUR"),
    byDay: byDay(take(parts, "BYDAY")),
    byMonthDay: numbers(parts, "BYMONTHDAY"),
    byYearDay: numbers(parts, "BYYEARDAY"),
    byWeekNo: numbers(parts, "BYWEEKNO"),
    byMonth: numbers(parts, "BYMONTH"),
    bySetPos: numbers(parts, "BYSETPOS"),
    weekStart: weekday(take(parts, "WKST") ?? "MO"),
  };
  if ([...parts.keys()].some((name) => !name.startsWith("X-")) || isForbidden(rule)) throw new EngineError("ICS-301");
  return rule;
}

/** Whether a text is a rule as the grammar has it, to the letter. */
export function isRule(text: string): boolean {
  if (/\s|;;|^;|;$/.test(text)) return false;
  try {
    const rule = readRule(text);
    return rule.count === undefined || rule.until === undefined;
  } catch {
    return false;
  }
}

function take(parts: Map<string, string>, name: string): string | undefined {
  const value = parts.get(name);
  parts.delete(name);
  return value;
}

function frequency(text: string | undefined): Frequency {
  const found = frequencies.find((each) => each === text);
  if (found === undefined) throw new EngineError("ICS-301");
  return found;
}

function until(text: string | undefined): When | undefined {
  if (text === undefined) return undefined;
  const when = readWhen(text);
  if (when === undefined) throw new EngineError("ICS-301");
  return when;
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new EngineError("ICS-301");
  return value;
}

function numbers(parts: Map<string, string>, name: keyof typeof ranges): readonly number[] | undefined {
  const text = take(parts, name);
  if (text === undefined) return undefined;
  const [least, most] = ranges[name];
  const all = text.split(",").map((each) => {
    const value = /^[+-]?\d{1,3}$/.test(each) ? Number(each) : Number.NaN;
    if (!(value >= least && value <= most) || (value === 0 && least < 0)) throw new EngineError("ICS-301");
    // RFC 5545 3.3.5: who does not count leap seconds takes 60 for 59.
    return name === "BYSECOND" ? Math.min(value, 59) : value;
  });
  return [...new Set(all)].sort((a, b) => a - b);
}

function byDay(text: string | undefined): readonly ByDay[] | undefined {
  return text?.split(",").map((each) => {
    const [, nth, day = ""] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(each) ?? [];
    if (nth !== undefined && (Number(nth) === 0 || Math.abs(Number(nth)) > 53)) throw new EngineError("ICS-301");
    return { weekday: weekday(day), nth: nth === undefined ? undefined : Number(nth) };
  });
}

function weekday(text: string): number {
  const at = (weekdays as readonly string[]).indexOf(text);
  if (at < 0) throw new EngineError("ICS-301");
  return at;
}

/** What 3.3.10 says MUST NOT stand together. */
function isForbidden({ freq, byDay, byMonthDay, byYearDay, byWeekNo, bySetPos, bySecond, byMinute, byHour, byMonth }: Rule): boolean {
  const isNumbered = byDay?.some(({ nth }) => nth !== undefined) === true;
  if (isNumbered && (!(freq === "MONTHLY" || freq === "YEARLY") || byWeekNo)) return true;
  if (byWeekNo && freq !== "YEARLY") return true;
  if (byYearDay && (freq === "DAILY" || freq === "WEEKLY" || freq === "MONTHLY")) return true;
  if (byMonthDay && freq === "WEEKLY") return true;
  return bySetPos !== undefined && ![byDay, byMonthDay, byYearDay, byWeekNo, bySecond, byMinute, byHour, byMonth].some((each) => each !== undefined);
}
