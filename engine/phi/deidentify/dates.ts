import type { DeidentifyContext } from "./context.ts";
import { hidesBirthYear, reveals } from "./ages.ts";

/** A date as HL7 v2 (`19800102…`) or ISO 8601 (`1980-01-02…`) writes it, as far as its day. */
export interface Written {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
  readonly hyphens: boolean;
}

/** Whether a date says when somebody was born: toward Safe Harbor its year alone can say an age over 89 (45 CFR 164.514(b)(2)(i)(C)). */
export type DateRole = "birth" | "event";

const dayMs = 86_400_000;

/** Reads a date; nothing for what is none, or lies outside 1850 to 2200. */
export function dateIn(value: string): Written | undefined {
  const found = /^\s*(\d{4})(?:(-?)(\d\d)(?:\2(\d\d)(?=$|[\sT.+-]|\d{2}))?)?(?=$|[\s.T+-]|\d{2})/.exec(value);
  if (!found) return undefined;
  const [, y, hyphen, m, d] = found;
  const [year, month, day] = [Number(y), Number(m ?? 1), Number(d ?? 1)];
  if (year < 1850 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return { year, ...(m !== undefined && { month }), ...(d !== undefined && { day }), hyphens: hyphen === "-" };
}

/** The latest of these dates as `YYYYMMDD`, for `DeidentifyContext.latest`. What is no date is passed over. */
export function latestOf(values: Iterable<string>): string | undefined {
  let latest: string | undefined;
  for (const value of values) {
    const date = dateIn(value);
    if (!date) continue;
    const digits = `${pad(date.year, 4)}${pad(date.month ?? 12)}${pad(date.day ?? 28)}`;
    if (latest === undefined || digits > latest) latest = digits;
  }
  return latest;
}

/** The year alone, or nothing where even the year would say an age over 89. */
export function year(value: string, context: DeidentifyContext, role: DateRole = "event"): string | undefined {
  const date = dateIn(value);
  if (!date) return undefined;
  const isTold = role === "birth" ? hidesBirthYear(date.year, context) : reveals(date.year, context);
  return isTold ? undefined : pad(date.year, 4);
}

/** What `spec.dates` says: the year alone; moved by the patient's days, without time of day; or as it stands. Written as it came. */
export function date(value: string, context: DeidentifyContext, role: DateRole = "event"): string | undefined {
  const { dates } = rules(context);
  if (dates === "year") return year(value, context, role);
  const read = dateIn(value);
  if (!read) return undefined;
  if (dates === "keep") return isPlainDate(value) ? value.trim() : undefined;
  // Determined by an expert or not: nobody's shift hides an age over 89.
  if (context.spec.method !== "limited-data-set" && year(value, context, role) === undefined) return undefined;
  return shifted(read, context);
}

/** When something was written down or sent, by field of HL7 v2 and element of FHIR. */
const recordTimes: ReadonlySet<string> = new Set(["MSH-7", "EVN-2", "ORC-9", "OBR-22", "Meta.lastUpdated", "Observation.issued", "DiagnosticReport.issued"]);

/**
 * Whether a time is left out beside dates that move: it is about when the partner gets the message, so moved it would say by how many days all the
 * patient's dates have moved.
 */
export function isUntold(path: string, context: DeidentifyContext): boolean {
  return rules(context).dates === "shift" && recordTimes.has(path);
}

/** Safe Harbor knows years alone, whatever is written. */
function rules({ spec }: DeidentifyContext): Pick<DeidentifyContext["spec"], "dates"> {
  return spec.method === "safe-harbor" || spec.method === "aggregate" ? { dates: "year" } : spec;
}

/** Whole days, so that intervals stay. A month counts from its middle, a year from the first of July. Nobody's date moves without a patient. */
function shifted({ year, month, day, hyphens }: Written, { mint, owner, partner, patient }: DeidentifyContext): string | undefined {
  if (patient === undefined) return undefined;
  const from = Date.UTC(year, (month ?? 7) - 1, day ?? (month === undefined ? 1 : 15));
  const moved = new Date(from + mint.shiftDays(owner, partner, patient) * dayMs);
  const parts = [pad(moved.getUTCFullYear(), 4)];
  if (month !== undefined) parts.push(pad(moved.getUTCMonth() + 1));
  if (day !== undefined) parts.push(pad(moved.getUTCDate()));
  return parts.join(hyphens ? "-" : "");
}

/** A date, or date and time with zone, and nothing beside it. */
function isPlainDate(value: string): boolean {
  return /^\d{4}(?:\d{2}){0,5}(?:\.\d{1,6})?(?:[+-]\d{4})?$|^\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/.test(value.trim());
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, "0");
}
