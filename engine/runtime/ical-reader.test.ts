import { describe, expect, test } from "vitest";
import { codeOf, EngineError } from "../sdk/index.ts";
import { icalReader } from "./ical-reader.ts";

const bytes = (...lines: readonly string[]) => new TextEncoder().encode(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", ...lines, "END:VCALENDAR", ""].join("\r\n"));
const text = (given: Uint8Array | undefined) => new TextDecoder().decode(given);
const event = (uid: string, ...more: readonly string[]) => ["BEGIN:VEVENT", ...(uid === "" ? [] : [`UID:${uid}`]), "DTSTAMP:20260301T080000Z", ...more, "END:VEVENT"];
const zone = (name: string) => ["BEGIN:VTIMEZONE", `TZID:${name}`, "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"];

describe("a feed is cut", () => {
  test("by UID, each with the zones that it names, written as it was", () => {
    const [a, b] = icalReader.feed(
      bytes("X-WR-CALNAME:Uma", ...zone("Office"), ...zone("Home"), ...event("a", "DTSTART;TZID=Office:20260309T090000", "SUMMARY:folded te", " xt"), ...event("b", "DTSTART:20260309T090000Z"), ...event("a", "RECURRENCE-ID;TZID=Office:20260310T090000", "DTSTART;TZID=Office:20260310T100000")),
      "uma",
    );
    expect(text(a?.bytes)).toBe(text(bytes("X-WR-CALNAME:Uma", "X-CALENDAR-OF:uma", ...zone("Office"), ...event("a", "DTSTART;TZID=Office:20260309T090000", "SUMMARY:folded te", " xt"), ...event("a", "RECURRENCE-ID;TZID=Office:20260310T090000", "DTSTART;TZID=Office:20260310T100000"))));
    expect([b?.key, text(b?.bytes).includes("VTIMEZONE")]).toEqual(["b", false]);
  });

  test("what is stamped anew is the same version; what says something else is another", () => {
    const version = (...more: readonly string[]) => icalReader.feed(bytes(...event("a", ...more)), "uma")[0]?.version;
    const stamped = text(bytes(...event("a", "SUMMARY:x"))).replace("20260301T08", "20260401T08");
    expect(icalReader.feed(new TextEncoder().encode(stamped), "uma")[0]?.version).toBe(version("SUMMARY:x"));
    expect(version("SUMMARY:y")).not.toBe(version("SUMMARY:x"));
  });

  test("says when an event is over, but for what recurs", () => {
    const ends = (...more: readonly string[]) => icalReader.feed(bytes(...event("a", ...more)), "uma")[0]?.endsAt;
    expect(ends("DTSTART;TZID=Europe/Berlin:20260309T090000", "DURATION:PT1H")).toBe(Date.UTC(2026, 2, 9, 9));
    expect([ends("DTSTART:20260309T090000Z", "RRULE:FREQ=DAILY"), ends(), ends("DTSTART;TZID=Nowhere:20260309T090000")]).toEqual([undefined, undefined, undefined]);
  });

  test("an event without a UID is itself, and whose the calendar is cannot be said by the feed", () => {
    const [first, second] = icalReader.feed(bytes("X-CALENDAR-OF:somebody", ...event("", "SUMMARY:x"), ...event("", "SUMMARY:y")), "uma");
    expect(first?.key).not.toBe(second?.key);
    expect(text(first?.bytes).match(/X-CALENDAR-OF:\w+/g)).toEqual(["X-CALENDAR-OF:uma"]);
  });

  test.each([
    ["cut short", text(bytes(...event("a"))).slice(0, -20), "ICS-003", 1],
    ["cut inside an event", text(bytes(...event("a"))).slice(0, 70), "ICS-003", 4],
    ["an event that another end closes", text(bytes(...event("a"))).replace("END:VEVENT", "END:VCALENDAR"), "ICS-217", 7],
    ["two calendars", text(bytes(...event("a"))) + text(bytes(...event("b"))), "ICS-001", 1],
    ["no calendar", "<html></html>", "ICS-001", 1],
  ])("%s is refused whole, with its line", (_, given, code, line) => {
    try {
      icalReader.feed(new TextEncoder().encode(given), "uma");
      expect.fail("taken");
    } catch (error) {
      expect([codeOf(error, "FLW-000"), error instanceof EngineError && error.safe.line]).toEqual([code, line]);
    }
  });
});

test.each([
  ["DTSTART;TZID=Customized Zone:20260309T090000", [], "ICS-302"],
  ["DTSTART;TZID=Europe/Berlin:20260709T090000", zone("Europe/Berlin"), "ICS-305"],
  ["DTSTART;TZID=Europe/Berlin:20260309T090000", zone("Europe/Berlin"), undefined],
  ["DTSTART;TZID=Office:20260709T090000", zone("Office"), undefined],
] as const)("%s: %s", (start, zones, fault) => {
  expect(icalReader.feed(bytes(...zones, ...event("a", start)), "uma")[0]?.fault).toBe(fault);
});

test("a cancellation says so in every component", () => {
  const [item] = icalReader.feed(bytes("METHOD:PUBLISH", ...event("a", "STATUS:CONFIRMED"), ...event("a", "RECURRENCE-ID:20260310T090000Z")), "uma");
  const cancelled = text(icalReader.cancelled(item?.bytes ?? new Uint8Array()));
  expect([cancelled.match(/METHOD:CANCEL/g)?.length, cancelled.match(/STATUS:CANCELLED/g)?.length, cancelled.includes("CONFIRMED")]).toEqual([1, 2, false]);
});
