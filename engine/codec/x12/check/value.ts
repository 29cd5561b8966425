import type { ElementDefinition } from "../grammar/structure.ts";

/** IK403 of a value that is not as its data element says; `undefined` when it is. Lengths come before contents, as in X12.6. */
export function valueFault(value: string, { type, min, max }: ElementDefinition, codes: readonly string[] | undefined): string | undefined {
  if (hasControl(value)) return "6";
  const kind = type.charAt(0);
  if (kind === "N" || type === "R") {
    if (!(kind === "N" ? /^-?\d+$/ : /^-?(?:\d+\.?\d*|\.\d+)(?:E-?\d+)?$/).test(value)) return "6";
    const digits = value.replace(/[-.E]/g, "").length;
    return digits < min ? "4" : digits > max ? "5" : undefined;
  }
  if (type === "DT") return value.length < min ? "4" : value.length > max ? "5" : isDate(value) ? undefined : "8";
  if (type === "TM") return value.length < min ? "4" : value.length > max ? "5" : isTime(value) ? undefined : "9";
  if (codes !== undefined && codes.length > 0) return codes.includes(value) ? undefined : "7";
  if (value.length < min) return "4";
  if (value.length > max) return "5";
  // An identifier or a text has a character that is no space.
  return value.trim() === "" ? (type === "ID" ? "7" : "6") : undefined;
}

/** IK403 of a date, time or period in the form that element 1250 names; a form that is not known is not checked. */
export function periodFault(value: string, form: string): string | undefined {
  switch (form) {
    case "D8":
      return /^\d{8}$/.test(value) && isDate(value) ? undefined : "8";
    case "D6":
      return /^\d{6}$/.test(value) && isDate(value) ? undefined : "8";
    case "DT":
      return value.length === 12 && isDate(value.slice(0, 8)) && isTime(value.slice(8)) ? undefined : "8";
    case "RD8": {
      const [from = "", to = "", more] = value.split("-");
      return more === undefined && from.length === 8 && to.length === 8 && isDate(from) && isDate(to) ? undefined : "8";
    }
    case "TM":
      return value.length === 4 && isTime(value) ? undefined : "9";
    default:
      return undefined;
  }
}

/** YYMMDD or CCYYMMDD of the calendar. No transaction set speaks of a day before 1800: such a year is a filler. */
export function isDate(value: string): boolean {
  if (!/^(?:\d{6}|\d{8})$/.test(value)) return false;
  const year = value.length === 8 ? Number(value.slice(0, 4)) : 2000 + Number(value.slice(0, 2));
  const month = Number(value.slice(-4, -2));
  const day = Number(value.slice(-2));
  if (year < 1800 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  // Two digits of a year say nothing of its century: 29 February of 00 was there in 2000.
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** HHMM, HHMMSS, HHMMSSD or HHMMSSDD. */
export function isTime(value: string): boolean {
  return /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?$/.test(value);
}

/** What no data element of type AN, ID, R or N holds. */
export function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
