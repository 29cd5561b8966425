/**
 * Whether a decoded value has the form of its data type (HL7 v2 chapter 2A): DT, TM, DTM and TS, NM, SI; any text is well for all others. Days and
 * hours are checked as a calendar has them.
 */
export function hasForm(type: string, value: string): boolean {
  switch (type) {
    case "DT":
      return isDate(value);
    case "TM":
      return isTime(value);
    case "DTM":
    case "TS":
      return isMoment(value);
    case "NM":
      return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(value);
    case "SI":
      return /^\d{1,9}$/.test(value);
    default:
      return true;
  }
}

/** Types whose form is checked. */
export const formed: ReadonlySet<string> = new Set(["DT", "TM", "DTM", "TS", "NM", "SI"]);

/** YYYY[MM[DD]]. */
function isDate(value: string): boolean {
  return /^\d{4}(?:\d\d){0,2}$/.test(value) && isDay(value);
}

/** HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]. */
function isTime(value: string): boolean {
  const [, hour = "", minute = "0", second = "0"] = /^(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,4})?)?)?(?:[+-]\d{4})?$/.exec(value) ?? [];
  return hour !== "" && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && isZone(value);
}

/** YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]. */
function isMoment(value: string): boolean {
  const [, day = "", time = "", zone = ""] = /^(\d{4,8})(\d\d.*?)?([+-]\d{4})?$/.exec(value) ?? [];
  if (!isDate(day)) return false;
  return time === "" ? isZone(zone) : day.length === 8 && isTime(time + zone);
}

function isZone(value: string): boolean {
  const [, hour = "00", minute = "00"] = /[+-](\d\d)(\d\d)$/.exec(value) ?? [];
  return Number(hour) <= 14 && Number(minute) < 60;
}

function isDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), text.length < 6 ? 1 : Number(text.slice(4, 6)), text.length < 8 ? 1 : Number(text.slice(6, 8))];
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number);
}
