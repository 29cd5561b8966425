import { dateAt } from "./detectors/dates.ts";
import { tokensOf } from "./tokens.ts";
import { folded } from "./fold.ts";
import { pattern, type Pattern, type Strength } from "./patterns.ts";

/** Year, month and day as digits. */
export type Day = readonly [string, string, string];

/** The day a value begins with: `19800102…`, `1980-01-02…`, `01/02/1980`, `02-Jan-1980`; nothing for a year or a month alone. */
export function dayOf(value: string): Day | undefined {
  const head = value.charCodeAt(0);
  const iso = head < 48 || head > 57 ? null : /^(\d{4})(-?)(\d\d)\2(\d\d)(?=$|[T\s]|\d{2,6}(?:[.+-]|$)|[+-])/.exec(value);
  if (iso) return plausible(iso[1], iso[3], iso[4]);
  const us = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(value);
  if (us) return plausible(us[3], us[1]?.padStart(2, "0"), us[2]?.padStart(2, "0"));
  return value.length <= 32 && /\d[\s.-]?(?:[A-Z][a-z]{2}|[A-Z]{3})|^[A-Z][a-z]{2}/.test(value) ? wordedDay(value) : undefined;
}

function wordedDay(value: string): Day | undefined {
  const tokens = tokensOf(folded(value));
  for (let i = 0; i < Math.min(tokens.count, 3); i++) {
    const day = dateAt(tokens, i);
    const number = day?.form === "date" ? day.days[0] : undefined;
    if (number === undefined) continue;
    const [y = "", m = "", d = ""] = new Date(number * 86_400_000).toISOString().slice(0, 10).split("-");
    return [y, m, d];
  }
  return undefined;
}

/** A day as digits in a row. How else it is written, the reader of dates knows (`detectors/dates`): it compares days, not signs. */
export function datePatterns(kind: string, [y, m, d]: Day, strength: Strength): Pattern[] {
  return [[y, m, d], [m, d, y], [d, m, y]].map((form) => pattern(kind, strength, form, { isOpen: true })).filter((p) => p !== undefined);
}

function plausible(y = "", m = "", d = ""): Day | undefined {
  const inRange = y >= "1850" && y <= "2200" && m >= "01" && m <= "12" && d >= "01" && d <= "31";
  return inRange ? [y, m, d] : undefined;
}
