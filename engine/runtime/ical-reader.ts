import { createHash } from "node:crypto";
import { decode, encode } from "../codec/bytes/index.ts";
import { type IcalComponent, type IcalMessage, occurrences, parseIcal } from "../codec/ical/index.ts";
import { allLines, type Component, componentsIn, linesIn } from "../codec/ical/read.ts";
import { problemsOf } from "../codec/ical/problems.ts";
import { clocksOf } from "../codec/ical/recur/series.ts";
import { ianaZones, momentIn, refuseOtherZone } from "../codec/ical/recur/index.ts";
import { type Code, codeOf, EngineError, type IcalItem, type IcalReader } from "../sdk/index.ts";

/** What a connector is given to read calendar feeds with. */
export const icalReader: IcalReader = {
  feed: (bytes, of) => itemsOf(parseIcal(decode(bytes, { format: "ical" }).text), of),
  cancelled: (item) => {
    const { text, charset } = decode(item, { format: "ical" });
    const calendar = parseIcal(text);
    calendar.set("VCALENDAR/METHOD", "CANCEL");
    for (const name of ["VEVENT", "VTODO", "VFREEBUSY"]) for (const each of calendar.all(name)) each.set("STATUS", "CANCELLED");
    return encode(calendar.toString(), charset);
  },
};

function itemsOf(message: IcalMessage, of: string): readonly IcalItem[] {
  // A text that was cut in the middle and goes on elsewhere closes what it did not open.
  const [broken] = problemsOf(message).filter(({ code }) => code === "ICS-201" || code === "ICS-217");
  if (broken) throw new EngineError(broken.code, { line: broken.line });
  const tops = message.all("VCALENDAR");
  const [calendar] = tops;
  if (!calendar || tops.length !== 1) throw new EngineError("ICS-001", { line: 1 });
  const inside = componentsIn(calendar.node);
  const zones = inside.filter(({ name }) => name === "VTIMEZONE");
  const byKey = new Map<string, Component[]>();
  for (const each of inside.filter(({ name }) => name !== "VTIMEZONE")) {
    const key = textIn(each, "UID") || written(each);
    (byKey.get(key) ?? byKey.set(key, []).get(key))?.push(each);
  }
  return [...byKey].map(([key, components]) => itemOf(key, components, zones, calendar, of));
}

function itemOf(key: string, components: readonly Component[], zones: readonly Component[], calendar: IcalComponent, of: string): IcalItem {
  const { node } = calendar;
  const eol = node.begin?.eol || "\r\n";
  const line = (text: string) => `${text}${eol}`;
  const named = new Set(components.flatMap(zoneNames));
  const own = zones.filter((zone) => named.has(textIn(zone, "TZID")));
  const said = components.map((each) => written(each)).join("");
  const text = [
    line("BEGIN:VCALENDAR"),
    ...linesIn(node).filter(({ parts }) => parts?.name !== "X-CALENDAR-OF").map(({ raw, eol: end }) => raw + (end || eol)),
    line(`X-CALENDAR-OF:${of}`),
    ...own.map((zone) => written(zone)),
    said,
    line("END:VCALENDAR"),
  ].join("");
  const version = createHash("sha256").update(JSON.stringify([own.map((zone) => written(zone)), components.map((each) => written(each, "DTSTAMP"))])).digest("hex");
  const endsAt = endOf(text);
  const fault = faultOf(text);
  return { key, bytes: new TextEncoder().encode(text), version, ...(endsAt !== undefined && { endsAt }), ...(fault !== undefined && { fault }) };
}

/** Of beginnings and ends alone: what else names a zone is of the same program. */
function faultOf(text: string): Code | undefined {
  try {
    const message = parseIcal(text);
    const clocks = clocksOf(message, {});
    const iana = ianaZones();
    for (const event of message.all("VEVENT")) {
      for (const name of ["DTSTART", "DTEND"]) {
        const moment = momentIn(event, name, clocks);
        if (moment) refuseOtherZone(moment, iana);
      }
    }
    return undefined;
  } catch (error) {
    return codeOf(error, "ICS-302");
  }
}

/** The end of what does not recur. What cannot be told here whoever reads the message will say. */
function endOf(text: string): number | undefined {
  try {
    const message = parseIcal(text);
    const events = message.all("VEVENT");
    if (events.length === 0 || events.some((each) => ["RRULE", "RDATE", "EXRULE"].some((name) => each.values(name).length > 0))) return undefined;
    const ends = occurrences(message, { from: Date.UTC(-1, 0), to: Date.UTC(9999, 0) }).map(({ end }) => end.instant * 1000);
    return ends.length === 0 ? undefined : Math.max(...ends);
  } catch {
    return undefined;
  }
}

function written(component: Component, without?: string): string {
  return [...allLines(component)].filter(({ parts }) => without === undefined || parts?.name !== without).map(({ raw, eol }) => raw + (eol || "\r\n")).join("");
}

function zoneNames(component: Component): readonly string[] {
  return [...linesIn(component).flatMap((line) => line.parameter("TZID") ?? []), ...componentsIn(component).flatMap(zoneNames)];
}

function textIn(component: Component, name: string): string {
  return linesIn(component).find((line) => line.parts?.name === name)?.elements[0]?.value ?? "";
}
