import { Cron } from "croner";
import { EngineError, type Schedule, type SchedulePlan, type Weekday, weekdays } from "../../sdk/index.ts";
import { dayBefore, type LocalTime, localTimes } from "./local-time.ts";

/** How far a due moment is looked for, and how many moments that a window or a calendar leaves out. */
const horizonMs = 3_660 * 86_400_000;
const mostTries = 200_000;

/** A plan as a schedule. Throws EngineError `SCH-*`. A summer-time change neither skips nor repeats a daily moment (croner's rule). */
export function scheduleOf(plan: SchedulePlan): Schedule {
  const { cron, everyMs, timezone } = plan;
  const local = localTimes(timezone);
  if ((cron === undefined) === (everyMs === undefined)) throw new EngineError("SCH-101");
  const following = cron === undefined ? interval(everyMs ?? 0) : fromCron(cron, timezone);
  return { next };

  function next(after: number): number | undefined {
    let at = after;
    for (let tries = 0; tries < mostTries; tries++) {
      const due = following(at);
      if (due === undefined || due - after > horizonMs) return undefined;
      if (isOpen(plan, local(due))) return due;
      // Interval plans would be looked at second by second: the window opens on a whole minute.
      at = cron === undefined ? Math.max(due, nextMinute(due) - 1) : due;
    }
    return undefined;
  }
}

function interval(everyMs: number): (after: number) => number {
  if (!(everyMs > 0)) throw new EngineError("SCH-101");
  return (after) => (Math.floor(after / everyMs) + 1) * everyMs;
}

function fromCron(expression: string, timezone: string): (after: number) => number | undefined {
  try {
    const cron = new Cron(expression, { timezone, paused: true, mode: "5-or-6-parts" });
    if (!cron.nextRun(new Date(0))) throw new EngineError("SCH-104");
    return (after) => cron.nextRun(new Date(after))?.getTime();
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError("SCH-102", {}, { cause: error });
  }
}

function nextMinute(at: number): number {
  return (Math.floor(at / 60_000) + 1) * 60_000;
}

/** Past midnight a window belongs to the day on which it opened. */
function isOpen({ window, except = [] }: SchedulePlan, at: LocalTime): boolean {
  if (!window) return !except.includes(at.day);
  const [from, to] = [minuteOf(window.from), minuteOf(window.to)];
  const wraps = to <= from;
  const today = at.minute >= from && (wraps || at.minute < to);
  const yesterday = wraps && at.minute < to;
  if (today) return window.days.includes(at.weekday) && !except.includes(at.day);
  return yesterday && window.days.includes(before(at.weekday)) && !except.includes(dayBefore(at.day));
}

function before(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day;
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
