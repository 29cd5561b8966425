import ICAL from "ical.js";
import rrule from "rrule";
import { RRuleTemporal } from "rrule-temporal";

/** What a library is asked: content lines of one component, and how many starts at most, up to an instant. */
export interface Question {
  readonly start: string;
  readonly rules: readonly string[];
  readonly others: readonly string[];
  /** VTIMEZONE text for libraries that bring no zones. */
  readonly zones: string;
  readonly most: number;
  /** Milliseconds since 1970. */
  readonly to: number;
}

/** Instants, milliseconds since 1970, in order; a floating time or a date is as if it were UTC. */
export type Peer = (question: Question) => readonly number[];

const icalJs: Peer = ({ start, rules, others, zones, most, to }) => {
  const text = ["BEGIN:VCALENDAR", zones, "BEGIN:VEVENT", start, ...rules.map((rule) => `RRULE:${rule}`), ...others, "END:VEVENT", "END:VCALENDAR"].filter((line) => line !== "").join("\r\n");
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const component = calendar.getFirstSubcomponent("vevent");
  if (!component) return [];
  const expansion = new ICAL.RecurExpansion({ component, dtstart: component.getFirstPropertyValue("dtstart") as ICAL.Time });
  const found: number[] = [];
  for (let i = 0; i < most * 3 && found.length < most; i++) {
    const next = expansion.next() as ICAL.Time | undefined;
    if (!next) break;
    // The offset of the zone at the instant, as ical.js has it; a floating time stands for itself.
    const ms = next.toUnixTime() * 1000;
    if (ms > to) break;
    found.push(ms);
  }
  return found;
};

const rruleJs: Peer = ({ start, rules, others, most, to }) => {
  const set = rrule.rrulestr([start, ...rules.map((rule) => `RRULE:${rule}`), ...others].join("\n"), { forceset: true });
  const found: number[] = [];
  set.all((date) => date.getTime() <= to && found.push(date.getTime()) < most);
  return found;
};

const temporal: Peer = ({ start, rules, others, most, to }) => {
  const text = [start, ...rules.map((rule) => `RRULE:${rule}`), ...others].join("\n");
  const set = new RRuleTemporal({ rruleString: text, includeDtstart: true, maxIterations: 200_000 });
  const found: number[] = [];
  set.all((date: { readonly epochMilliseconds: number }) => date.epochMilliseconds <= to && found.push(date.epochMilliseconds) < most);
  return found;
};

export const peers: Readonly<Record<"ical.js" | "rrule-temporal" | "rrule", Peer>> = { "ical.js": icalJs, "rrule-temporal": temporal, rrule: rruleJs };

/** The United States from 1987 on, as ical.js needs it. */
export const newYork = [
  "BEGIN:VTIMEZONE", "TZID:America/New_York",
  "BEGIN:DAYLIGHT", "DTSTART:19870405T020000", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "END:DAYLIGHT",
  "BEGIN:STANDARD", "DTSTART:19671029T020000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "END:STANDARD",
  "BEGIN:DAYLIGHT", "DTSTART:20070311T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "END:DAYLIGHT",
  "BEGIN:STANDARD", "DTSTART:20071104T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "END:STANDARD",
  "END:VTIMEZONE",
].join("\r\n");
