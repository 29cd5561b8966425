import { pattern, type Pattern, type Strength } from "./patterns.ts";

/** Year, month and day as digits. */
export type Day = readonly [string, string, string];

const months = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
] as const;

/** The day a value begins with: `19800102…`, `1980-01-02…`, `01/02/1980`; nothing for a year or a month alone. */
export function dayOf(value: string): Day | undefined {
  const head = value.charCodeAt(0);
  if (head < 48 || head > 57) return undefined;
  const iso = /^(\d{4})(-?)(\d\d)\2(\d\d)(?=$|[T\s]|\d{2,6}(?:[.+-]|$)|[+-])/.exec(value);
  if (iso) return plausible(iso[1], iso[3], iso[4]);
  const us = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(value);
  return us ? plausible(us[3], us[1]?.padStart(2, "0"), us[2]?.padStart(2, "0")) : undefined;
}

/** The forms in which a day is written. A birth date is looked for in all of them, other days in the long ones. */
export function datePatterns(kind: string, [y, m, d]: Day, strength: Strength): Pattern[] {
  const found: (Pattern | undefined)[] = [[y, m, d], [m, d, y], [d, m, y]].map((form) => pattern(kind, strength, form, { isOpen: true }));
  if (strength === "strong") {
    const [m1, d1, yy] = [String(Number(m)), String(Number(d)), y.slice(2)];
    const long = months[Number(m) - 1] ?? "";
    for (const word of new Set([long, long.slice(0, 3)])) {
      for (const day of new Set([d, d1])) found.push(pattern(kind, strength, [word, day, y]), pattern(kind, strength, [day, word, y]), pattern(kind, strength, [day, word, yy]));
    }
    found.push(pattern(kind, strength, [m, d, yy]), pattern(kind, strength, [d, m, yy]), pattern(kind, strength, [yy, m, d]));
    if (m1 !== m || d1 !== d) found.push(pattern(kind, strength, [m1, d1, y]), pattern(kind, strength, [d1, m1, y]));
  }
  return found.filter((p) => p !== undefined);
}

function plausible(y = "", m = "", d = ""): Day | undefined {
  const inRange = y >= "1850" && y <= "2200" && m >= "01" && m <= "12" && d >= "01" && d <= "31";
  return inRange ? [y, m, d] : undefined;
}
