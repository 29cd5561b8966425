import { ExactNumber } from "../json/number.ts";

const hl7Time = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?$/;

/**
 * A v2 date or time as a FHIR one, as precise as it was: `20260309` is a day. A time that states no zone takes `zone` (`-05:00`), and without one
 * only its day is kept, since FHIR has no time without a zone. Nothing for what is no date, or has no place in the type.
 */
export function toTime(text: string, type: string, zone: string): string | undefined {
  const match = hl7Time.exec(text.trim());
  if (!match) return undefined;
  const [, year = "", month, day, hour, minute = "00", second = "00", fraction = "", stated] = match;
  if (!isDate(year, month, day) || Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = [year, month, day].filter((part) => part !== undefined).join("-");
  const offset = stated === undefined ? zone : `${stated.slice(0, 3)}:${stated.slice(3)}`;
  if (type === "date") return date;
  if (type === "time") return undefined;
  if (hour === undefined || offset === "") return type === "instant" ? undefined : date;
  return `${date}T${hour}:${minute}:${second}${fraction}${offset === "+00:00" || offset === "-00:00" ? "Z" : offset}`;
}

function isDate(year: string, month = "01", day = "01"): boolean {
  if (year === "0000" || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const leap = (Number(year) % 4 === 0 && Number(year) % 100 !== 0) || Number(year) % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return Number(day) <= (days[Number(month) - 1] ?? 0);
}

/** `1430`, `143059`: a time of day. */
function toTimeOfDay(text: string): string | undefined {
  const [, hour, minute, second = "00", fraction = ""] = /^(\d{2})(\d{2})(?:(\d{2})(\.\d{1,4})?)?(?:[+-]\d{4})?$/.exec(text) ?? [];
  return hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 ? undefined : `${hour}:${minute}:${second}${fraction}`;
}

/** A number with the very digits that were written: `1.50` stays `1.50`. */
export function toDecimal(text: string): number | ExactNumber | undefined {
  const written = text.trim().replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.$/, "").replace(/^(-?)0+(?=\d)/, "$1");
  if (!/^-?\d+(?:\.\d+)?$/.test(written)) return undefined;
  return String(Number(written)) === written ? Number(written) : new ExactNumber(written);
}

/** The text as a primitive of FHIR R4, or nothing where it is none. */
export function toPrimitive(text: string, type: string, zone: string): unknown {
  switch (type) {
    case "date":
    case "dateTime":
    case "instant":
      return toTime(text, type, zone);
    case "time":
      return toTimeOfDay(text);
    case "decimal":
      return toDecimal(text);
    case "integer":
    case "unsignedInt":
    case "positiveInt":
      return toInteger(text, type);
    case "boolean":
      return /^(?:Y|true)$/i.test(text) ? true : /^(?:N|false)$/i.test(text) ? false : undefined;
    case "code":
      return /^\S+(?: \S+)*$/.test(text) ? text : undefined;
    case "uri":
    case "url":
    case "canonical":
      return /^\S+$/.test(text) ? text : undefined;
    case "id":
      return /^[A-Za-z0-9.-]{1,64}$/.test(text) ? text : undefined;
    case "base64Binary":
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) ? text.replaceAll(/\s+/g, "") : undefined;
    default:
      return text.trim() === "" ? undefined : readable(text);
  }
}

function toInteger(text: string, type: string): number | undefined {
  const value = Number(text);
  const least = type === "positiveInt" ? 1 : type === "unsignedInt" ? 0 : -2147483648;
  return /^-?\d+$/.test(text.trim()) && value >= least && value <= 2147483647 ? value : undefined;
}

/** Formatting that HL7 v2 writes as escapes, as lines of plain text; highlighting is taken out. */
function readable(text: string): string {
  return text.replaceAll(/\\\.br\\|\\\.sp\\?\d*\\/g, "\n").replaceAll(/\\[HN]\\/g, "").replaceAll(/\r\n?/g, "\n");
}
