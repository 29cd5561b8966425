import { EngineError, type Weekday } from "../../sdk/index.ts";

/** A moment as people of a zone write it. */
export interface LocalTime {
  readonly weekday: Weekday;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Minutes since midnight. */
  readonly minute: number;
}

/** Reads moments in one zone. Throws EngineError `SCH-103`. */
export function localTimes(timezone: string): (at: number) => LocalTime {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23",
      weekday: "short", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    });
  } catch (error) {
    throw new EngineError("SCH-103", {}, { cause: error });
  }
  return (at) => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = value;
    return {
      weekday: (part.weekday ?? "").toLowerCase() as Weekday,
      day: `${part.year?.padStart(4, "0")}-${part.month}-${part.day}`,
      minute: Number(part.hour) * 60 + Number(part.minute),
    };
  };
}

/** The day before, by the calendar. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
