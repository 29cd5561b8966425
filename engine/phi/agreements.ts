import type { Agreement, Level } from "../config/project.ts";
import { type Reach, reaches, ungrantable } from "./bases.ts";
import type { Label } from "./boundary.ts";
import { isAtMost } from "./levels.ts";

export type Standing = "in-force" | "not-yet" | "expired" | "terminated" | "unreadable";

/** What a message needs of one agreement: its whole label, for one purpose. A union of agreements never covers: each was signed for its own purpose. */
export interface Need extends Pick<Label, "level" | "compartments"> {
  /** Why it is sent, as the destination states. */
  readonly purpose: string | undefined;
  /** Whose data it is; absent: not asked. */
  readonly owners?: readonly string[];
  /** What the data may be used for; absent: anything that an agreement grants. */
  readonly purposes?: readonly string[];
  readonly method?: Label["method"];
  /** Who would get it: an expert determines for named recipients. */
  readonly recipient?: string;
}

export type Gap = "level" | "method" | "compartments" | "purpose" | "owner";

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

/** What of the need an agreement does not cover by its terms, dates apart; empty when it covers all. Of several owners it must cover one, see `cover`. */
export function gaps(agreement: Agreement, need: Need): Gap[] {
  const found: Gap[] = [];
  const reach = reaches[agreement.basis];
  if (!reach) return ["level"];
  const level = agreement.levels.some((l) => isAtMost(l, reach.level) && isAtMost(need.level, l));
  if (!level) found.push("level");
  if (level && !fitsMethod(agreement, need)) found.push("method");
  if (isOwned(need.level) && need.owners && !need.owners.some((owner) => agreement.owners.includes(owner))) found.push("owner");
  // Emergency access may lift the purpose alone: whatever else is missing stands before it.
  if (need.level !== "none" && !servesPurpose(agreement, reach, need)) found.push("purpose");
  if (!need.compartments.every((c) => grants(agreement, reach.never, c))) found.push("compartments");
  return found;
}

/** De-identified information is nobody's (164.502(d)(2)). */
export function isOwned(level: Level): boolean {
  return !isAtMost(level, "deidentified");
}

/**
 * What an expert has determined goes under that determination alone, to those it names (164.514(b)(1)(i)); what nobody can say how it was
 * de-identified goes only where patients' data may.
 */
function fitsMethod({ id, basis, determination, levels }: Agreement, { level, method, recipient }: Need): boolean {
  if (level !== "deidentified") return true;
  if (method?.startsWith("expert:")) {
    return basis === "expert-determination" && method === `expert:${id}` && recipient !== undefined && determination?.recipients.includes(recipient) === true;
  }
  if (basis === "expert-determination") return false;
  return method !== undefined || levels.some((l) => !isAtMost(l, "deidentified"));
}

/** Within the engine nothing is disclosed, so no purpose is asked; but who takes the data may not use it for more than it may be used for. */
function servesPurpose({ purposes }: Agreement, reach: Reach, need: Need): boolean {
  const allowed = need.purposes;
  if (reach.isInside) return allowed === undefined || (purposes.length > 0 && purposes.every((p) => allowed.includes(p)));
  const { purpose } = need;
  return purpose !== undefined && purposes.includes(purpose) && (reach.purposes?.includes(purpose) ?? true);
}

function grants(agreement: Agreement, never: readonly string[], compartment: string): boolean {
  if (ungrantable.includes(compartment) || never.includes(compartment) || never.includes("*")) return false;
  return agreement.compartments.includes(compartment);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
