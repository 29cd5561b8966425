/** Ages up to this one are told (45 CFR 164.514(b)(2)(i)(C)). */
const oldest = 89;

/** Values of a field `age-band`: 0 to 89, and `90+`. */
export const agesTold = oldest + 2;

/** Values of a field `year`: from 89 years ago to the next year. */
export const yearsTold = oldest + 2;

export function isAgeTold(value: unknown): value is number | "90+" {
  return value === "90+" || (Number.isInteger(value) && !Object.is(value, -0) && (value as number) >= 0 && (value as number) <= oldest);
}

/** A birth year or the year of an event, none of which says by itself that somebody is over 89. Without `now`: a year at all. */
export function isYearTold(value: unknown, now?: number): value is number {
  if (!Number.isInteger(value)) return false;
  const year = value as number;
  if (now === undefined) return year >= 1850 && year <= 2200;
  const current = new Date(now).getUTCFullYear();
  return year >= current - oldest && year <= current + 1;
}
