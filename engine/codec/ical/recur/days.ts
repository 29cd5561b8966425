import type { ByDay, Rule } from "./rule.ts";
import { civilOf, dayOf, isLeap, modulo, monthLength, weekdayOf } from "./times.ts";

/** One turn of a rule: a year, a month, a week or a day. */
export interface Period {
  readonly firstDay: number;
  readonly year: number;
  readonly month: number;
}

/** The turn that holds a day or is the first behind it, counted from that of the start. */
export function periodOf({ freq, interval, weekStart }: Rule, startDay: number, day: number): Period {
  const from = civilOf(startDay);
  const to = civilOf(day);
  if (freq === "YEARLY") return yearly(stepTo(from.year, to.year, interval));
  if (freq === "MONTHLY") return monthly(stepTo(from.year * 12 + from.month - 1, to.year * 12 + to.month - 1, interval));
  if (freq === "WEEKLY") return daily(stepTo(weekOf(startDay, weekStart), weekOf(day, weekStart), interval * 7));
  return daily(stepTo(startDay, day, interval));
}

export function nextPeriod({ freq, interval }: Rule, { firstDay, year, month }: Period): Period {
  if (freq === "YEARLY") return yearly(year + interval);
  if (freq === "MONTHLY") return monthly(year * 12 + month - 1 + interval);
  return daily(firstDay + (freq === "WEEKLY" ? interval * 7 : interval));
}

function stepTo(from: number, to: number, interval: number): number {
  return from + Math.max(0, Math.ceil((to - from) / interval)) * interval;
}

function yearly(year: number): Period {
  return { firstDay: dayOf(year, 1, 1), year, month: 1 };
}

function monthly(months: number): Period {
  const year = Math.floor(months / 12);
  const month = modulo(months, 12) + 1;
  return { firstDay: dayOf(year, month, 1), year, month };
}

function daily(day: number): Period {
  const { year, month } = civilOf(day);
  return { firstDay: day, year, month };
}

function weekOf(day: number, weekStart: number): number {
  return day - modulo(weekdayOf(day) - weekStart, 7);
}

/** Days that the rule gives in one turn, in order. What the rule does not say is taken from the start (3.3.10). */
export function daysOfPeriod(rule: Rule, at: Period, startDay: number): readonly number[] {
  switch (rule.freq) {
    case "YEARLY":
      return (rule.byMonth ?? months).flatMap((month) => inMonth(rule, at.year, month, startDay, true));
    case "MONTHLY":
      return rule.byMonth && !rule.byMonth.includes(at.month) ? [] : inMonth(rule, at.year, at.month, startDay, false);
    case "WEEKLY": {
      const wanted = rule.byDay?.map(({ weekday }) => weekday) ?? [weekdayOf(startDay)];
      return week.map((n) => at.firstDay + n).filter((day) => wanted.includes(weekdayOf(day)) && (!rule.byMonth || rule.byMonth.includes(civilOf(day).month)));
    }
    default:
      return isDayAllowed(rule, at.firstDay) ? [at.firstDay] : [];
  }
}

const months: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const week: readonly number[] = [0, 1, 2, 3, 4, 5, 6];

/** Of a year or a month. Parts for days limit each other; without any the day of the start stands, without BYMONTH in its month. */
function inMonth(rule: Rule, year: number, month: number, startDay: number, isYearly: boolean): number[] {
  const { byMonthDay, byYearDay, byDay, byWeekNo } = rule;
  const start = civilOf(startDay);
  const length = monthLength(year, month);
  const first = dayOf(year, month, 1);
  if (!byMonthDay && !byYearDay && !byDay && !byWeekNo) {
    const isMonth = !isYearly || rule.byMonth !== undefined || month === start.month;
    return isMonth && start.day <= length ? [first + start.day - 1] : [];
  }
  const yearLength = isLeap(year) ? 366 : 365;
  const beforeMonth = first - dayOf(year, 1, 1);
  const found: number[] = [];
  for (let date = 1; date <= length; date++) {
    const day = first + date - 1;
    const yearDay = beforeMonth + date;
    if (byMonthDay && !counts(byMonthDay, date, length)) continue;
    if (byYearDay && !counts(byYearDay, yearDay, yearLength)) continue;
    if (byWeekNo && !isInWeeks(byWeekNo, day, rule.weekStart)) continue;
    // BYWEEKNO alone: the weekday of the start.
    if (byWeekNo && !byDay && !byMonthDay && !byYearDay && weekdayOf(day) !== weekdayOf(startDay)) continue;
    const isOfYear = isYearly && !rule.byMonth;
    if (byDay && !(isOfYear ? isWeekday(byDay, day, yearDay, yearLength) : isWeekday(byDay, day, date, length))) continue;
    found.push(day);
  }
  return found;
}

/** A number counted from the front or, where it is negative, from the end. */
function counts(wanted: readonly number[], n: number, length: number): boolean {
  return wanted.includes(n) || wanted.includes(n - length - 1);
}

/** A weekday, or the nth of them in a span of which this is day `n`. */
function isWeekday(byDay: readonly ByDay[], day: number, n: number, length: number): boolean {
  const weekday = weekdayOf(day);
  return byDay.some((each) => each.weekday === weekday && (each.nth === undefined || each.nth === Math.ceil(n / 7) || each.nth === -Math.ceil((length - n + 1) / 7)));
}

/** ISO 8601 weeks: the first has at least four days in its year. */
function isInWeeks(byWeekNo: readonly number[], day: number, weekStart: number): boolean {
  const begin = weekOf(day, weekStart);
  // The year that holds the fourth day of a week is the year of the week.
  const year = civilOf(begin + 3).year;
  const first = weekOf(dayOf(year, 1, 4), weekStart);
  const next = weekOf(dayOf(year + 1, 1, 4), weekStart);
  return counts(byWeekNo, (begin - first) / 7 + 1, (next - first) / 7);
}

/** For DAILY and smaller turns, where all parts for days limit. */
export function isDayAllowed({ byMonth, byMonthDay, byYearDay, byDay }: Rule, day: number): boolean {
  if (byDay && !byDay.some(({ weekday }) => weekday === weekdayOf(day))) return false;
  if (!byMonth && !byMonthDay && !byYearDay) return true;
  const { year, month, day: date } = civilOf(day);
  if (byMonth && !byMonth.includes(month)) return false;
  if (byMonthDay && !counts(byMonthDay, date, monthLength(year, month))) return false;
  return !byYearDay || counts(byYearDay, day - dayOf(year, 1, 1) + 1, isLeap(year) ? 366 : 365);
}
