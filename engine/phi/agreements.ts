import type { Agreement, Level } from "../config/project.ts";
import { reaches, ungrantable } from "./bases.ts";
import { isAtMost } from "./levels.ts";

export type Standing = "in-force" | "not-yet" | "expired" | "terminated" | "unreadable";

/** What a message needs of one agreement. A union of agreements never covers: each was signed for its own purpose. */
export interface Need {
  readonly level: Level;
  readonly compartments: readonly string[];
  readonly purpose: string | undefined;
}

export type Gap = "level" | "compartments" | "purpose";

const zones = new Map<string, Intl.DateTimeFormat>();

/** The day of each zone in the current minute: days begin on whole minutes in every zone, and the flow rule is asked for each attempt. */
const days = new Map<string, { readonly minute: number; readonly day: string }>();

/** The calendar day at `now` in a zone, `YYYY-MM-DD`; throws RangeError for a zone that does not exist. */
export function dayIn(zone: string, now: number): string {
  const minute = Math.floor(now / 60_000);
  const known = days.get(zone);
  if (known?.minute === minute) return known.day;
  const day = calendarDay(zone, now);
  days.set(zone, { minute, day });
  return day;
}

function calendarDay(zone: string, now: number): string {
  let format = zones.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, calendar: "gregory", numberingSystem: "latn", year: "numeric", month: "2-digit", day: "2-digit",
    });
    zones.set(zone, format);
  }
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(now)) part[type] = value;
  return `${part.year?.padStart(4, "0")}-${part.month}-${part.day}`;
}

/** Dates are inclusive days of the agreement's own zone; the day of a termination is its last, whatever `expires` says. */
export function standing(agreement: Agreement, now: number): Standing {
  const { effective, expires, terminated, timezone } = agreement;
  if (![effective, expires, terminated].every((d) => d === undefined || isDay(d))) return "unreadable";
  let today: string;
  try {
    today = dayIn(timezone, now);
  } catch {
    return "unreadable";
  }
  if (today < effective) return "not-yet";
  if (terminated !== undefined && today > terminated) return "terminated";
  if (expires !== undefined && today > expires) return "expired";
  return "in-force";
}

/** What of the need an agreement does not cover by its terms, dates apart; empty when it covers all. */
export function gaps(agreement: Agreement, need: Need): Gap[] {
  const found: Gap[] = [];
  const reach = reaches[agreement.basis];
  if (!reach) return ["level"];
  const level = agreement.levels.some((l) => isAtMost(l, reach.level) && isAtMost(need.level, l));
  if (!level) found.push("level");
  const { purpose } = need;
  if (need.level !== "none" && !reach.isInside) {
    const named = purpose !== undefined && agreement.purposes.includes(purpose);
    if (!named || (reach.purposes && !reach.purposes.includes(purpose))) found.push("purpose");
  }
  if (!need.compartments.every((c) => grants(agreement, reach.never, c))) found.push("compartments");
  return found;
}

function grants(agreement: Agreement, never: readonly string[], compartment: string): boolean {
  if (ungrantable.includes(compartment) || never.includes(compartment) || never.includes("*")) return false;
  return agreement.compartments.includes(compartment);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
