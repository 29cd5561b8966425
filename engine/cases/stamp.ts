/** What says which of two messages is newer. Stamps of different kinds cannot be compared. */
export interface Stamp {
  readonly kind: "time" | "number";
  /** Milliseconds since 1970, or the number. */
  readonly value: number;
}

/** HL7 v2 DTM (chapter 2A.3.22) from a day on, and dates of X12 (format D8): parts from the left, the zone at the end. */
const compact = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)?(\d\d)?(\.\d{1,4})?)?([+-]\d{4})?$/;
/** FHIR date, dateTime and instant: ISO 8601. */
const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
/** A version number; longer ones are times. */
const version = /^\d{1,7}$/;

/** Reads a stamp; `undefined`: it is none. A time without a zone is taken as UTC, since one sender writes all of its times in one zone. */
export function stampOf(text: string): Stamp | undefined {
  if (version.test(text)) return { kind: "number", value: Number(text) };
  const value = iso.test(text) ? Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes("T") ? text : `${text}Z`) : compactTime(text);
  return value === undefined || Number.isNaN(value) ? undefined : { kind: "time", value };
}

function compactTime(text: string): number | undefined {
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "+0000"] = compact.exec(text) ?? [];
  if (year === undefined || Number(month) > 12 || Number(month) < 1 || Number(day) > 31 || Number(day) < 1 || Number(hour) > 24) return undefined;
  const offset = (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute) - offset, Number(second)) + Number(fraction) * 1000;
}
