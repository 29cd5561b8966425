import type { DeidentifyContext } from "./context.ts";

/** Ages over 89 and whatever says them are identifiers (45 CFR 164.514(b)(2)(i)(C)). */
const oldest = 89;
const dayMs = 86_400_000;
/** It is already tomorrow somewhere: a birthday counts from its first hour on Earth. */
const ahead = 14 * 3_600_000;

/** Days in a unit of age: UCUM, and the words that senders write. */
const days: Readonly<Record<string, number>> = {
  "": 365.25, a: 365.25, y: 365.25, yr: 365.25, yrs: 365.25, year: 365.25, years: 365.25,
  mo: 30.4375, mon: 30.4375, month: 30.4375, months: 30.4375, wk: 7, w: 7, week: 7, weeks: 7, d: 1, day: 1, days: 1, h: 1 / 24, hr: 1 / 24,
};

/** An age as it may stand: itself, `90+`, or nothing where it would help to say that somebody is over 89. `unit` as UCUM or a word; default years. */
export function age(value: string | number, context: DeidentifyContext, unit = ""): string | undefined {
  const text = String(value).trim();
  const perUnit = days[unit.trim().toLowerCase()];
  if (!/^\d{1,5}(?:\.\d{1,2})?$/.test(text) || perUnit === undefined) return undefined;
  const years = (Number(text) * perUnit) / 365.25;
  if (years > oldest + 1 - 1e-9) return "90+";
  return isOld(context) || years + sinceRecord(context) > oldest + 1 ? undefined : text;
}

/** Whether a number with this unit says more than 89 years. Without a unit of time nobody knows what it says. */
export function isOldAge(value: string | number, unit: string): boolean {
  const perUnit = unit === "" ? undefined : days[unit.trim().toLowerCase()];
  return perUnit !== undefined && (Number(value) * perUnit) / 365.25 > oldest + 1 - 1e-9;
}

/** Whether the patient is 90 or more, at the latest date of the record or now. */
export function isOld(context: DeidentifyContext): boolean {
  const { birth } = context;
  if (birth === undefined || !/^\d{4}/.test(birth)) return false;
  // What is not known of the date counts as the earliest it can be.
  const born = `${birth.slice(0, 8)}${birth.length < 6 ? "0101" : birth.length < 8 ? "01" : ""}`;
  // The 29th of February comes a day early where there is none.
  const birthday = born.slice(4) === "0229" ? "0228" : born.slice(4);
  const at = reference(context);
  const years = Number(at.slice(0, 4)) - Number(born.slice(0, 4)) - (at.slice(4) < birthday ? 1 : 0);
  return years > oldest;
}

/** A birth year that stands beside the years of a record says an age: the difference may be 89 at most. */
export function hidesBirthYear(year: number, context: DeidentifyContext): boolean {
  return referenceYear(context) - year > oldest || isOld(context);
}

/** Whether the year of an event says an age over 89: by itself, or beside the birth year where that may stand. */
export function reveals(year: number, context: DeidentifyContext): boolean {
  if (referenceYear(context) - year > oldest) return true;
  const born = context.birth === undefined ? undefined : Number(context.birth.slice(0, 4));
  return born !== undefined && !hidesBirthYear(born, context) && year - born > oldest;
}

/** The latest date of the record, or now; what lies more than a year ahead is a term, not something that happened. */
function reference(context: DeidentifyContext): string {
  let day = references.get(context);
  if (day === undefined) references.set(context, (day = referenceOf(context)));
  return day;
}

/** Every date of a message asks for it. */
const references = new WeakMap<DeidentifyContext, string>();

function referenceOf({ latest, now }: DeidentifyContext): string {
  const today = dayText(now + ahead);
  return latest !== undefined && latest > today && latest <= dayText(now + 366 * dayMs) ? latest : today;
}

export function referenceYear(context: DeidentifyContext): number {
  return Number(reference(context).slice(0, 4));
}

/** Years since the record, of which an age without a birth date grows. */
function sinceRecord(context: DeidentifyContext): number {
  const { latest, birth } = context;
  return birth === undefined && latest !== undefined ? Math.max(0, referenceYear(context) - Number(latest.slice(0, 4))) : 0;
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10).replaceAll("-", "");
}
