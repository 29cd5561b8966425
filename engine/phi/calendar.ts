/** Days since 1970-01-01 of the proleptic Gregorian calendar, or nothing when no calendar has that day. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1850 || year > 2200) return undefined;
  const time = Date.UTC(year, month - 1, day);
  return new Date(time).getUTCMonth() === month - 1 ? time / msPerDay : undefined;
}

/** The day of a year, 1 to 366 (ISO 8601 ordinal date). */
export function ordinalDay(year: number, day: number): number | undefined {
  const first = dayNumber(year, 1, 1);
  return first === undefined || day < 1 || day > 366 ? undefined : first + day - 1;
}

/** ISO 8601 week date: week 1 holds 4 January, day 1 is Monday. */
export function weekDay(year: number, week: number, day: number): number | undefined {
  const fourth = dayNumber(year, 1, 4);
  if (fourth === undefined || week < 1 || week > 53 || day < 1 || day > 7) return undefined;
  return fourth - ((((fourth + 3) % 7) + 7) % 7) + (week - 1) * 7 + day - 1;
}

export const msPerDay = 86_400_000;

/** Day 25569 of the spreadsheets is 1970-01-01; day 719162 since 0001-01-01 is as well. */
export const serialOfEpoch = 25_569;
export const ticksOfEpoch = 719_162;

const names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;
const rest = ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"] as const;

/** The month of a word, `Jan`, `january` or `Sept`, 1 to 12; 0 for another word. */
export function monthOf(word: string): number {
  if (word.length < 3 || word.length > 9) return 0;
  const lower = word.toLowerCase();
  const at = names.findIndex((name) => lower.startsWith(name));
  if (at < 0) return 0;
  const tail = lower.slice(3);
  return tail === "" || tail === rest[at] || (at === 8 && tail === "t") ? at + 1 : 0;
}
