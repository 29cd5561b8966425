import { expect, test } from "vitest";
import type { Agreement } from "../config/project.ts";
import { backDated } from "./back-dated.ts";
import { endings, when } from "./ending.ts";
import { agreement, channel, destination, partner } from "./testing/given.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
const ways = [channel({ destinations: [destination({ sends: "phi", purpose: "HOPERAT" })] })];
const ending = (...agreements: readonly Partial<Agreement>[]) => {
  const acme = partner({ agreements: agreements.map((over, i) => agreement({ id: `A-${i}`, timezone: "UTC", ...over })) });
  return endings(ways, () => acme, now);
};

test.each([[0, 1, "today"], [1, 1, "tomorrow"], [2, 7, "in 2 days"], [7, 7, "in 7 days"], [8, 30, "in 8 days"], [31, 60, "in 31 days"], [60, 60, "in 60 days"]])(
  "an agreement whose last day is in %s days is warned of at %s",
  (days, within, said) => {
    const [found] = ending({ expires: inDays(days) });
    expect(found).toEqual({ channel: "visits", destination: "out", partner: "acme", agreement: "A-0", lastDay: inDays(days), daysLeft: days, within });
    expect(found && when(found)).toBe(said);
  },
);

test("not when it lasts, when a renewal follows at once, or when it has ended already", () => {
  expect(ending({ expires: inDays(61) })).toEqual([]);
  expect(ending({ expires: inDays(5) }, { effective: inDays(6), expires: inDays(400) })).toEqual([]);
  expect(ending({ expires: inDays(5) }, { expires: inDays(400) })).toEqual([]);
  expect(ending({ expires: inDays(-1) })).toEqual([]);
});

test("a gap of a day before the renewal is an end, and a termination counts before the last day", () => {
  expect(ending({ expires: inDays(5) }, { effective: inDays(7), expires: inDays(400) })).toMatchObject([{ daysLeft: 5 }]);
  expect(ending({ expires: inDays(400), terminated: inDays(3) })).toMatchObject([{ daysLeft: 3, lastDay: inDays(3) }]);
});

test("with several owners it ends with the first of their agreements", () => {
  const owners = ["northside", "riverside"];
  const two = [channel({ classification: { level: "phi", compartments: [], owners, obligations: [] }, destinations: [destination({ sends: "phi", purpose: "HOPERAT" })] })];
  const acme = partner({ agreements: [agreement({ id: "N", expires: "2027-12-31" }), agreement({ id: "R", owners: ["riverside"], expires: inDays(9), timezone: "UTC" })] });
  expect(endings(two, () => acme, now)).toMatchObject([{ agreement: "R", daysLeft: 9 }]);
});

test("a renewal that covers days which have passed without one is back-dated", () => {
  const of = (...agreements: readonly Partial<Agreement>[]) => new Map([["acme", partner({ agreements: agreements.map((over) => agreement({ timezone: "UTC", ...over })) })]]);
  const ended = of({ expires: inDays(-3) });
  expect(backDated(ended, of({ expires: inDays(300) }), now)).toEqual(["acme"]);
  expect(backDated(ended, of({ expires: inDays(-3) }, { id: "A-2", effective: inDays(-2), expires: inDays(300) }), now)).toEqual(["acme"]);
  expect(backDated(ended, of({ expires: inDays(-3) }, { id: "A-2", effective: inDays(0), expires: inDays(300) }), now)).toEqual([]);
  expect(backDated(of({ expires: inDays(3) }), of({ expires: inDays(300) }), now)).toEqual([]);
  expect(backDated(new Map(), of({ expires: inDays(300) }), now)).toEqual([]);
});
