import { EngineError } from "../../../sdk/error.ts";
import { daysOfPeriod, isDayAllowed, nextPeriod, periodOf } from "./days.ts";
import type { Rule } from "./rule.ts";
import { daySeconds, modulo, type When } from "./times.ts";

/** How much may be tried before a rule is given up: a rule that fits no day must not hold a message. */
export interface Budget {
  left: number;
}

export interface Expansion {
  /** Nothing before this is asked for; without COUNT the way there is skipped. Seconds on the clock of the start. */
  readonly from?: number;
  /** Nothing behind this is asked for. */
  readonly to: number;
  /** Whether UNTIL has passed. */
  readonly isPast: (wall: number) => boolean;
  readonly budget: Budget;
  /** RFC 5545 3.8.5.3: DTSTART is the first instance, and counts, also where the rule does not give it. Not so of EXRULE. */
  readonly hasStart: boolean;
}

/** Starts of a rule in order, each once, as seconds on the clock of DTSTART. */
export function* expandRule(rule: Rule, start: When, { from = start.wall, to, isPast, budget, hasStart }: Expansion): Generator<number> {
  const most = rule.count ?? Number.POSITIVE_INFINITY;
  let count = 0;
  if (hasStart) {
    if (isPast(start.wall)) return;
    count = 1;
    if (start.wall >= from) yield start.wall;
  }
  if (count >= most) return;
  const begin = rule.count === undefined ? Math.max(start.wall, from) : start.wall;
  for (const wall of isSmall(rule) ? withinDays(rule, start, begin, to, budget) : overDays(rule, start, begin, to, budget)) {
    if (wall < start.wall || (hasStart && wall === start.wall)) continue;
    if (wall > to || isPast(wall)) return;
    if (wall >= from) yield wall;
    if (++count >= most) return;
  }
}

function isSmall({ freq }: Rule): boolean {
  return freq === "HOURLY" || freq === "MINUTELY" || freq === "SECONDLY";
}

function spend(budget: Budget, steps = 1): void {
  budget.left -= steps;
  if (budget.left < 0) throw new EngineError("ICS-304");
}

/** YEARLY, MONTHLY, WEEKLY and DAILY: the days of each period, and the times of each day. */
function* overDays(rule: Rule, start: When, begin: number, to: number, budget: Budget): Generator<number> {
  const times = timesOf(rule, start);
  const startDay = Math.floor(start.wall / daySeconds);
  const lastDay = Math.min(Math.floor(to / daySeconds), latestDay);
  for (let at = periodOf(rule, startDay, Math.floor(begin / daySeconds)); at.firstDay <= lastDay; at = nextPeriod(rule, at)) {
    spend(budget);
    const days = daysOfPeriod(rule, at, startDay);
    spend(budget, days.length);
    if (rule.bySetPos) {
      for (const i of positions(rule.bySetPos, days.length * times.length)) yield (days[Math.floor(i / times.length)] ?? 0) * daySeconds + (times[i % times.length] ?? 0);
    } else {
      for (const day of days) {
        for (const time of times) {
          spend(budget);
          yield day * daySeconds + time;
        }
      }
    }
  }
}

/** 31 December 9999: what has no four digits cannot be written. */
const latestDay = 2_932_896;

/** Seconds of the day that BYHOUR, BYMINUTE and BYSECOND give; of a date there are none (3.3.10). */
function timesOf({ byHour, byMinute, bySecond }: Rule, { wall, isDate }: When): readonly number[] {
  if (isDate) return [0];
  const time = modulo(wall, daySeconds);
  const hours = byHour ?? [Math.floor(time / 3600)];
  const minutes = byMinute ?? [Math.floor(time / 60) % 60];
  const seconds = bySecond ?? [time % 60];
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3600 + m * 60 + s)));
}

/** Indices that BYSETPOS names in a set of so many, in order. */
function positions(bySetPos: readonly number[], size: number): readonly number[] {
  const found = bySetPos.map((n) => (n > 0 ? n - 1 : size + n)).filter((i) => i >= 0 && i < size);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** HOURLY, MINUTELY and SECONDLY: what no part of the rule allows is passed over a day, an hour or a minute at a time. */
function* withinDays(rule: Rule, start: When, begin: number, to: number, budget: Budget): Generator<number> {
  // A step of hours from a date has no meaning.
  if (start.isDate) throw new EngineError("ICS-301");
  const size = rule.freq === "HOURLY" ? 3600 : rule.freq === "MINUTELY" ? 60 : 1;
  const first = Math.floor(start.wall / size);
  const notBefore = (unit: number) => first + Math.max(0, Math.ceil((unit - first) / rule.interval)) * rule.interval;
  const behind = (wall: number, span: number) => notBefore(Math.ceil(((Math.floor(wall / span) + 1) * span) / size));
  const last = Math.min(to, (latestDay + 1) * daySeconds - 1);
  let unit = notBefore(Math.floor(begin / size));
  while (unit * size <= last) {
    spend(budget);
    const wall = unit * size;
    const time = modulo(wall, daySeconds);
    if (!isDayAllowed(rule, Math.floor(wall / daySeconds))) unit = behind(wall, daySeconds);
    else if (rule.byHour && !rule.byHour.includes(Math.floor(time / 3600))) unit = behind(wall, 3600);
    else if (size < 3600 && rule.byMinute && !rule.byMinute.includes(Math.floor(time / 60) % 60)) unit = behind(wall, 60);
    else {
      if (size > 1 || !rule.bySecond || rule.bySecond.includes(time % 60)) yield* inUnit(rule, start, wall, size);
      unit += rule.interval;
    }
  }
}

function* inUnit({ byMinute, bySecond, bySetPos }: Rule, start: When, wall: number, size: number): Generator<number> {
  const minutes = size === 3600 ? (byMinute ?? [Math.floor(modulo(start.wall, 3600) / 60)]) : [0];
  const seconds = size > 1 ? (bySecond ?? [modulo(start.wall, 60)]) : [0];
  const all = minutes.flatMap((m) => seconds.map((s) => wall + m * 60 + s));
  if (bySetPos) for (const i of positions(bySetPos, all.length)) yield all[i] ?? wall;
  else yield* all;
}
