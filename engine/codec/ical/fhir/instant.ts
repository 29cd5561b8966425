import type { Moment } from "../recur/moment.ts";
import { writeWhen } from "../recur/times.ts";
import { wallOf } from "../recur/zone.ts";

/** A FHIR instant with the offset of its zone: `2026-03-09T14:30:00+01:00`. */
export function fhirInstant({ instant, zone, isUtc }: Pick<Moment, "instant" | "zone" | "isUtc">): string {
  const offset = Math.round(zone.offsetAt(instant) / 60);
  const wall = isUtc ? instant : wallOf(instant, { offsetAt: () => offset * 60 });
  const text = writeWhen({ wall, isDate: false, isUtc: false }).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6");
  if (isUtc) return `${text}Z`;
  const size = Math.abs(offset);
  return `${text}${offset < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}

/** `20260309T133000Z` of a FHIR instant or dateTime with a time; undefined for what is none. */
export function utcTime(text: unknown): string | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : writeWhen({ wall: Math.floor(ms / 1000), isDate: false, isUtc: true });
}
