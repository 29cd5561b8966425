import { IcalMessage, newCalendar, parseIcal } from "../../../codec/index.ts";
import type { IcalComponent } from "../../../codec/ical/index.ts";
import type { Line } from "../../../codec/ical/line.ts";
import { componentsIn, linesIn } from "../../../codec/ical/read.ts";
import { ianaZones } from "../../../codec/ical/recur/index.ts";
import { isRule } from "../../../codec/ical/recur/rule.ts";
import { readDuration, readWhen, writeWhen } from "../../../codec/ical/recur/times.ts";
import { EngineError } from "../../../sdk/index.ts";
import type { DeidentifyContext } from "../context.ts";
import { date, latestOf } from "../dates.ts";
import type { FormatPolicy } from "../format.ts";
import { fresh, id, idKinds } from "../ids.ts";
import { patientFrom } from "../patient.ts";
import { patientsInIcal } from "../../patients-ical.ts";
import { components, nobodysDay, parameters, policy, ruleFor, sets } from "./table.ts";
import { beyondVocabulary } from "./vocabulary.ts";

/**
 * iCalendar. Every calendar is written anew from what its rows let stand. Where dates become years no property of iCalendar can hold one, so the year of DTSTART stands in
 * X-SLUICE-YEAR, and DTSTAMP, which must be there, is a day that nobody has lived.
 */
export const ical: FormatPolicy = {
  policies: [policy],
  patientOf(raw) {
    return raw instanceof IcalMessage ? patientFrom(patientsInIcal(raw)[0]?.[0], "", undefined) : {};
  },
  deidentify(text, given) {
    const message = parseIcal(text);
    const calendars = componentsIn(message.root);
    if (calendars.length === 0 || calendars.some(({ name }) => name !== "VCALENDAR")) throw new EngineError("PHI-230");
    const latest = latestOf(message.values("VEVENT/DTSTART"));
    const context = { ...given, ...(latest !== undefined && { latest }) };
    const lowered = newCalendar({ METHOD: coded(message.get("VCALENDAR/METHOD").toUpperCase(), ruleFor(context.spec.method, "METHOD").detail) ?? "PUBLISH" });
    const root = lowered.all("VCALENDAR")[0] as IcalComponent;
    for (const calendar of calendars) {
      for (const component of componentsIn(calendar)) {
        if (!components.has(component.name)) continue;
        const written = root.addComponent(component.name);
        for (const line of linesIn(component)) write(written, line, context);
        complete(written, context);
      }
    }
    return lowered.toString();
  },
  beyondVocabulary,
};

/** What must stand and was removed. */
function complete(component: IcalComponent, context: DeidentifyContext): void {
  if (component.get("UID") === "") component.add("UID", fresh(context));
  if (component.get("DTSTAMP") === "") component.add("DTSTAMP", nobodysDay);
}

function write(into: IcalComponent, line: Line, context: DeidentifyContext): void {
  const name = line.parts?.name;
  if (name === undefined || (name === "UID" && into.get("UID") !== "")) return;
  const { action, detail } = ruleFor(context.spec.method, name);
  const [first = ""] = line.elements.map(({ value }) => value);
  switch (action) {
    case "code":
      return put(into, name, coded(name === "X-FHIR-STATUS" ? first : first.toUpperCase(), detail));
    case "count":
      return put(into, name, /^(?:0|[1-9]\d{0,2})$/.test(first) ? first : undefined);
    case "id": {
      const kind = idKinds.find((each) => each === detail);
      return put(into, name, kind && id(first, kind, context));
    }
    case "span":
      return put(into, name, span(first));
    case "rule":
      return put(into, name, isRule(first) && /^[A-Z0-9=;,+-]{1,200}$/.test(first) ? first : undefined);
    case "date":
      return dates(into, name, line, context);
    default:
      return;
  }
}

function put(into: IcalComponent, name: string, value: string | undefined): void {
  if (value !== undefined) into.add(name, value);
}

function coded(value: string, set: string): string | undefined {
  return sets.get(set)?.has(value) ? value : undefined;
}

/** Whole minutes up to a day, whole days up to 30: what a visit lasts. */
function span(text: string): string | undefined {
  const length = readDuration(text);
  if (length === undefined || length.days < 0 || length.seconds < 0 || length.days > 30 || length.seconds > 86_400 || length.seconds % 300 !== 0) return undefined;
  return `P${length.days > 0 ? `${length.days}D` : ""}${length.seconds > 0 ? `T${length.seconds / 60}M` : ""}`.replace(/^P$/, "PT0S");
}

/** As they stand on a clock that everybody has; moved, without the time of day; or the year of the start alone. */
function dates(into: IcalComponent, name: string, line: Line, context: DeidentifyContext): void {
  const { spec } = context;
  const isKept = spec.dates === "keep" || (spec.dates === undefined && spec.method === "limited-data-set");
  const values = line.elements.map(({ value }) => value);
  if (isKept) {
    const kept = values.flatMap((value) => periodOf(value) ?? []);
    if (kept.length === 0) return;
    const tzid = line.parameter("TZID");
    const isZone = tzid !== undefined && ruleFor(spec.method, "TZID", parameters).action === "zone" && ianaZones()(tzid) !== undefined && kept.every((value) => !value.includes("Z"));
    const busy = name === "FREEBUSY" ? coded(line.parameter("FBTYPE")?.toUpperCase() ?? "", ruleFor(spec.method, "FBTYPE", parameters).detail) : undefined;
    const range = name === "RECURRENCE-ID" ? coded(line.parameter("RANGE")?.toUpperCase() ?? "", ruleFor(spec.method, "RANGE", parameters).detail) : undefined;
    into.add(name, kept, { ...(isZone && { TZID: tzid }), ...valueType(name, kept), ...(busy && { FBTYPE: busy }), ...(range && { RANGE: range }) });
    return;
  }
  const moved = values.flatMap((value) => date(value.slice(0, 8).replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3"), context) ?? []);
  const [first] = moved;
  if (first === undefined) return;
  if (/^\d{4}$/.test(first)) {
    if (name === "DTSTART" && into.get("X-SLUICE-YEAR") === "") into.add("X-SLUICE-YEAR", first);
    return;
  }
  const days = moved.map((day) => day.replaceAll("-", "")).filter((day) => /^\d{8}$/.test(day));
  // Some properties have a time and no other form.
  if (days.length > 0 && /^(?:DTSTART|DTEND|DUE|RECURRENCE-ID|RDATE|EXDATE)$/.test(name)) into.add(name, days, { VALUE: "DATE" });
}

function valueType(name: string, kept: readonly string[]): { readonly VALUE?: string } {
  if (kept.every((value) => /^\d{8}$/.test(value))) return { VALUE: "DATE" };
  return name !== "FREEBUSY" && kept.every((value) => value.includes("/")) ? { VALUE: "PERIOD" } : {};
}

/** A date, a time or a period, written from what was read. */
function periodOf(value: string): string | undefined {
  const [first = "", last] = value.split("/");
  const start = readWhen(first);
  if (start === undefined) return undefined;
  if (last === undefined) return writeWhen(start);
  const end = readWhen(last);
  const length = span(last);
  if (start.isDate || (end === undefined && length === undefined)) return undefined;
  return `${writeWhen(start)}/${end ? writeWhen(end) : length}`;
}
