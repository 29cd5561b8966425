import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../../sdk/error.ts";
import { parseIcal } from "../index.ts";
import { type Example, hardCases, startsOf, workedExamples } from "./examples.fixture.ts";
import { ianaZones, occurrences, type Window, writeWhen } from "./index.ts";
import { civilOf, dayOf, daySeconds, weekdayOf } from "./times.ts";
import { instantOf } from "./zone.ts";

const all: Window = { from: Date.UTC(1900, 0), to: Date.UTC(2100, 0), limit: 100_000 };
const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
  }
  return undefined;
};
const calendar = (...lines: readonly string[]) => parseIcal(["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\r\n"));
const event = (...lines: readonly string[]) => ["BEGIN:VEVENT", "UID:1", ...lines, "END:VEVENT"];
const local = (message: ReturnType<typeof calendar>, window: Window = all) => occurrences(message, window).map(({ start }) => writeWhen(start));
const instants = (message: ReturnType<typeof calendar>, window: Window = all) => occurrences(message, window).map(({ start }) => new Date(start.instant * 1000).toISOString().slice(0, 16));

function read({ start, rule, exdate, zone = "America/New_York" }: Example, to: string) {
  const tzid = start.length === 8 ? ";VALUE=DATE" : `;TZID=${zone}`;
  const message = calendar(...event(`DTSTART${tzid}:${start}`, `RRULE:${rule}`, ...(exdate ? [`EXDATE${tzid}:${exdate}`] : [])));
  return occurrences(message, { from: all.from, to: Date.UTC(Number(to.slice(0, 4)), Number(to.slice(4, 6)) - 1, Number(to.slice(6, 8)) + 1, 12), limit: 5000 }).map(({ start: each }) => onClock(each, zone));
}

/** The clock of the zone, also for a time in a gap. */
function onClock(start: { readonly instant: number; readonly isDate: boolean; readonly wall: number; readonly isUtc: boolean }, zone: string): string {
  if (start.isDate) return writeWhen(start);
  const offset = ianaZones()(zone)?.offsetAt(start.instant) ?? 0;
  return writeWhen({ ...start, wall: start.instant + offset, isUtc: false });
}

describe.each([["worked examples of RFC 5545 3.8.5.3", workedExamples], ["hard cases", hardCases]] as const)("%s", (_, examples) => {
  it.each(examples)("$what: $rule", (example) => {
    const wanted = startsOf(example);
    const found = read(example, wanted.at(-1) ?? "");
    const isEndless = !/COUNT|UNTIL/.test(example.rule);
    expect(isEndless ? found.slice(0, wanted.length) : found).toEqual(wanted);
  });
});

describe("time zones", () => {
  const berlin = ["BEGIN:VTIMEZONE", "TZID:Own", "BEGIN:STANDARD", "DTSTART:19701025T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT", "END:VTIMEZONE"];

  it("uses the definition of the message as it is given, else the IANA database", () => {
    const rule = "RRULE:FREQ=MONTHLY;COUNT=4;INTERVAL=3";
    const expected = ["2026-01-01T08:00", "2026-04-01T07:00", "2026-07-01T07:00", "2026-10-01T07:00"];
    expect(instants(calendar(...berlin, ...event("DTSTART;TZID=Own:20260101T090000", rule)))).toEqual(expected);
    expect(instants(calendar(...event("DTSTART;TZID=Europe/Berlin:20260101T090000", rule)))).toEqual(expected);
    expect(instants(calendar(...event("DTSTART;TZID=/example.org/2026/Europe/Berlin:20260101T090000", rule)))).toEqual(expected);
    const lie = berlin.map((line) => line.replace("TZOFFSETTO:+0200", "TZOFFSETTO:+0530"));
    expect(instants(calendar(...lie, ...event("DTSTART;TZID=Own:20260701T090000")))).toEqual(["2026-07-01T03:30"]);
    expect(failure(() => local(calendar(...event("DTSTART;TZID=Nowhere/City:20260101T090000"))))).toBe("ICS-302");
  });

  it("agrees with the IANA database at every hour around the changes", () => {
    const message = calendar(...berlin, ...event("DTSTART;TZID=Own:20260101T090000"));
    const [first] = occurrences(message, all);
    const iana = ianaZones()("Europe/Berlin");
    for (let hour = dayOf(2026, 3, 28) * 24; hour < dayOf(2026, 11, 1) * 24; hour++) expect(first?.start.zone.offsetAt(hour * 3600)).toBe(iana?.offsetAt(hour * 3600));
  });

  it("reads times that do not occur, and those that occur twice, by 3.3.5", () => {
    const zone = ianaZones()("America/New_York") ?? { offsetAt: () => 0 };
    const at = (month: number, day: number, hour: number, minute: number) => new Date(instantOf(dayOf(2007, month, day) * daySeconds + hour * 3600 + minute * 60, zone) * 1000).toISOString();
    expect([at(3, 11, 2, 30), at(11, 4, 1, 30), at(3, 11, 1, 59), at(3, 11, 3, 0), at(11, 4, 2, 0)]).toEqual([
      "2007-03-11T07:30:00.000Z", "2007-11-04T05:30:00.000Z", "2007-03-11T06:59:00.000Z", "2007-03-11T07:00:00.000Z", "2007-11-04T07:00:00.000Z",
    ]);
  });

  it("takes floating times and dates in the zone that is asked for, UTC as it is", () => {
    const window = { ...all, floating: "Asia/Tokyo" };
    expect(instants(calendar(...event("DTSTART:20260101T090000")), window)).toEqual(["2026-01-01T00:00"]);
    expect(instants(calendar(...event("DTSTART;VALUE=DATE:20260101")), window)).toEqual(["2025-12-31T15:00"]);
    expect(instants(calendar(...event("DTSTART:20260101T090000Z")), window)).toEqual(["2026-01-01T09:00"]);
  });
});

describe("sets of recurrences", () => {
  const weekly = ["DTSTART;TZID=Europe/Berlin:20260302T090000", "DTEND;TZID=Europe/Berlin:20260302T093000", "RRULE:FREQ=WEEKLY;COUNT=5"];
  it("adds RDATE, takes out EXDATE and EXRULE, and keeps periods", () => {
    const message = calendar(...event(...weekly, "RDATE;TZID=Europe/Berlin:20260304T100000,20260309T090000", "RDATE;VALUE=PERIOD:20260305T080000Z/PT2H", "EXDATE:20260316T080000Z", "EXRULE:FREQ=WEEKLY;INTERVAL=3;COUNT=2"));
    const found = occurrences(message, all).map(({ start, end }) => [new Date(start.instant * 1000).toISOString().slice(5, 16), (end.instant - start.instant) / 60]);
    expect(found).toEqual([["03-04T09:00", 30], ["03-05T08:00", 120], ["03-09T08:00", 30], ["03-30T07:00", 30]]);
    expect(local(calendar(...event(...weekly, "EXDATE;VALUE=DATE:20260309")))).toHaveLength(4);
  });

  it("puts an override in the place of its instance, and moves all from one on", () => {
    const one = event("RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000", "DTSTART;TZID=Europe/Berlin:20260310T140000", "DTEND;TZID=Europe/Berlin:20260310T150000", "SUMMARY:moved");
    const rest = event("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260323T090000", "DTSTART;TZID=Europe/Berlin:20260324T110000", "DURATION:PT1H", "SUMMARY:later");
    const message = calendar(...event(...weekly, "SUMMARY:plain"), ...one, ...rest);
    const found = occurrences(message, all).map(({ start, end, component, recurrenceId }) => [writeWhen(start).slice(4), (end.instant - start.instant) / 60, component.get("SUMMARY"), recurrenceId && writeWhen(recurrenceId).slice(4)]);
    expect(found).toEqual([
      ["0302T090000", 30, "plain", "0302T090000"],
      ["0310T140000", 60, "moved", "0309T090000"],
      ["0316T090000", 30, "plain", "0316T090000"],
      ["0324T110000", 60, "later", "0323T090000"],
      ["0331T110000", 60, "later", "0330T090000"],
    ]);
  });

  it("takes the highest SEQUENCE of a UID", () => {
    expect(local(calendar(...event("SEQUENCE:2", "DTSTART:20260302T090000Z"), ...event("SEQUENCE:1", "DTSTART:20260303T090000Z")))).toEqual(["20260302T090000Z"]);
  });

  it("finds what overlaps the window, far from the start too", () => {
    const daily = calendar(...event("DTSTART:19700101T230000Z", "DTEND:19700102T010000Z", "RRULE:FREQ=DAILY"));
    expect(local(daily, { from: Date.UTC(2050, 0, 2), to: Date.UTC(2050, 0, 3) })).toEqual(["20500101T230000Z", "20500102T230000Z"]);
    const each = calendar(...event("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=3;BYMINUTE=4"));
    expect(local(each, { from: Date.UTC(2028, 0), to: Date.UTC(2029, 0) })).toHaveLength(60);
  });

  it("ends on rules that fit no day, and refuses what is too much", () => {
    const endless = (rule: string) => calendar(...event("DTSTART:20260101T000000Z", `RRULE:${rule}`));
    const window = { from: Date.UTC(2026, 0), to: Date.UTC(9999, 0) };
    expect(local(endless("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), window)).toEqual(["20260101T000000Z"]);
    expect(failure(() => local(endless("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"), window))).toBe("ICS-304");
    expect(failure(() => local(endless("FREQ=SECONDLY;INTERVAL=999999999;COUNT=999999999"), window))).toBe(undefined);
    expect(failure(() => local(endless("FREQ=SECONDLY"), window))).toBe("ICS-304");
    expect(failure(() => local(endless("FREQ=DAILY"), { ...window, limit: 10 }))).toBe("ICS-304");
  });

  it.each(["FREQ=FORTNIGHTLY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;BYWEEKNO=2", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYYEARDAY=2", "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;FREQ=DAILY", "COUNT=2", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;NOW=1"])("refuses %s", (rule) => {
    expect(failure(() => local(calendar(...event("DTSTART:20260101T000000Z", `RRULE:${rule}`))))).toBe("ICS-301");
  });

  it("gives every day of the calendar its date and weekday", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9998 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), (year, month, day) => {
        const n = dayOf(year, month, day);
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        expect([n, civilOf(n), (weekdayOf(n) + 1) % 7]).toEqual([date.getTime() / 86_400_000, { year, month, day }, date.getUTCDay()]);
      }),
    );
  });
});
