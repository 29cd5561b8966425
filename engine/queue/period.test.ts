import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Periods } from "./period.ts";

const at = (text: string) => Date.parse(text);

describe("reporting periods", () => {
  it.each([
    ["month", "America/New_York", "2026-11-30T23:59:59-05:00", "2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00", "2026-11-01", "2026-11-30"],
    ["month", "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", "2028-02-01", "2028-02-29"],
    ["month", "Pacific/Auckland", "2026-12-31T23:00:00Z", "2026-12-31T11:00:00Z", "2027-01-31T11:00:00Z", "2027-01-01", "2027-01-31"],
    ["week", "Europe/Berlin", "2026-11-22T22:30:00Z", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-16", "2026-11-22"],
    ["day", "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", "2026-09-06", "2026-09-06"],
    ["day", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01", "2026-11-01"],
  ] as const)("a %s in %s around %s", (every, timezone, instant, from, to, first, last) =>
    expect(new Periods({ every, timezone }).of(at(instant))).toEqual({ from: at(from), to: at(to), first, last }));
  it("follow one another without a gap, in any zone", () => {
    const zone = fc.constantFrom("America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Beirut", "America/Havana", "Pacific/Apia", "UTC");
    fc.assert(
      fc.property(zone, fc.constantFrom("day", "week", "month"), fc.integer({ min: at("2012-01-01T00:00:00Z"), max: at("2037-01-01T00:00:00Z") }), (timezone, every, instant) => {
        const periods = new Periods({ every, timezone });
        const { from, to } = periods.of(instant);
        expect(from <= instant && instant < to).toBe(true);
        expect([periods.of(from).to, periods.of(to - 1).from, periods.of(to).from]).toEqual([to, from, to]);
      }),
      { numRuns: 500 },
    );
  });
});
