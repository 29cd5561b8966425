import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeliveryWindow } from "../config/delivery-window.ts";
import { DeliveryHours } from "./hours.ts";

const minuteMs = 60_000;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const pad = (value: number) => String(value).padStart(2, "0");

/** Every minute is asked of the zone by itself, in words. */
function naive({ days, from, to, timezone }: DeliveryWindow): (at: number) => boolean {
  const words = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const dayBefore = new Map(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day, index, week) => [day, week.at(index - 1)]));
  return (at) => {
    const [weekday = "", time = ""] = words.format(at).toLowerCase().split(/[ ,]+/);
    const on = (day: string | undefined) => (days as readonly string[]).includes(day ?? "");
    if (from < to) return on(weekday) && time >= from && time < to;
    return (on(weekday) && time >= from) || (on(dayBefore.get(weekday)) && time < to);
  };
}

/** Both changes of the clock, north and south, by half an hour, at midnight, and a zone without any. */
const around = [
  ["America/New_York", "2026-03-08T07:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["America/Santiago", "2026-09-06T04:00Z"],
  ["America/Santiago", "2026-04-05T03:00Z"],
  ["Asia/Kathmandu", "2026-06-01T00:00Z"],
] as const;

const anyTime = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 15, 29, 30, 45, 59)),
  fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })),
).map(([hours, minutes]) => `${pad(hours)}:${pad(minutes)}`);

test("is open exactly in the minutes in which a clock on the wall says so, through every change of the clock", () => {
  const windows = fc.record({ days: fc.subarray([...days], { minLength: 1 }), from: anyTime, to: anyTime });
  fc.assert(
    fc.property(windows, fc.constantFrom(...around), fc.boolean(), (hours, [timezone, change], steps) => {
      const window = { ...hours, timezone };
      const expected = naive(window);
      const asked = new DeliveryHours(window);
      const begin = Date.parse(change) - 1500 * minuteMs;
      for (let minute = 0; minute < 3000; minute++) {
        const at = begin + minute * minuteMs;
        const { open, until } = asked.at(at);
        if (open !== expected(at)) expect.fail(`${JSON.stringify(window)} at ${new Date(at).toISOString()}`);
        // What is said of the time ahead holds to the minute before its end, and not at its end; what never changes ends eight days after it was looked at first.
        if (steps) continue;
        const [last, next] = [expected(until - minuteMs), expected(until)];
        if (last !== open || (next === open && until < begin + 8 * 1440 * minuteMs)) expect.fail(`${JSON.stringify(window)} until ${new Date(until).toISOString()}`);
        minute += 47;
      }
    }),
    { numRuns: 120 },
  );
});

test("names the next opening across a weekend and midnight", () => {
  const weekdaysOnly = new DeliveryHours({ days: ["mon", "tue", "wed", "thu", "fri"], from: "07:00", to: "19:00", timezone: "America/New_York" });
  expect(weekdaysOnly.at(Date.parse("2026-11-06T23:59:59Z"))).toMatchObject({ open: true, until: Date.parse("2026-11-07T00:00Z") });
  expect(weekdaysOnly.at(Date.parse("2026-11-07T00:00Z"))).toMatchObject({ open: false, until: Date.parse("2026-11-09T12:00Z") });
  const night = new DeliveryHours({ days: ["fri"], from: "22:00", to: "04:00", timezone: "UTC" });
  expect(night.at(Date.parse("2026-11-07T03:59Z"))).toMatchObject({ open: true, until: Date.parse("2026-11-07T04:00Z") });
  expect(night.at(Date.parse("2026-11-07T04:00Z"))).toMatchObject({ open: false, until: Date.parse("2026-11-13T22:00Z") });
});

test("a whole day that follows itself never closes", () => {
  const always = new DeliveryHours({ days: [...days], from: "08:00", to: "08:00", timezone: "Europe/Berlin" });
  const now = Date.parse("2026-10-24T00:00Z");
  expect(always.at(now).open).toBe(true);
  expect(always.at(now).until).toBeGreaterThan(now + 7 * 1440 * minuteMs);
});
