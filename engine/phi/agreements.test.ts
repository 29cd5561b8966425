import { describe, expect, test } from "vitest";
import { dayIn, gaps, standing } from "./agreements.ts";
import { agreement } from "./testing/given.ts";

const at = (iso: string) => Date.parse(iso);

describe("standing of an agreement", () => {
  // 2026: New York is UTC-5 in winter and UTC-4 in summer, Tokyo UTC+9.
  test.each([
    ["the first instant of the first day", {}, "2026-01-01T05:00:00Z", "in-force"],
    ["one millisecond before it", {}, "2026-01-01T04:59:59.999Z", "not-yet"],
    ["the last instant of the last day", {}, "2027-01-01T04:59:59.999Z", "in-force"],
    ["the instant after it", {}, "2027-01-01T05:00:00Z", "expired"],
    ["the last day in Tokyo ends while it is still that day in New York", { timezone: "Asia/Tokyo" }, "2026-12-31T15:00:00Z", "expired"],
    ["a summer day ends an hour earlier in UTC", { expires: "2026-07-01" }, "2026-07-02T04:00:00Z", "expired"],
    ["and not before", { expires: "2026-07-01" }, "2026-07-02T03:59:59Z", "in-force"],
    ["the day of the termination still counts", { terminated: "2026-06-30" }, "2026-07-01T03:00:00Z", "in-force"],
    ["after it expires no longer matters", { terminated: "2026-06-30" }, "2026-07-01T04:00:00Z", "terminated"],
    ["a termination does not prolong", { terminated: "2028-01-01" }, "2027-02-01T00:00:00Z", "expired"],
    ["a zone nobody knows", { timezone: "Mars/Olympus" }, "2026-06-01T00:00:00Z", "unreadable"],
    ["a date that is none", { expires: "soon" }, "2026-06-01T00:00:00Z", "unreadable"],
    ["a date that the calendar lacks", { expires: "2026-13-01" }, "2026-06-01T00:00:00Z", "unreadable"],
  ] as const)("%s", (_, over, now, expected) => {
    expect(standing(agreement(over), at(now))).toBe(expected);
  });

  test("without an end it stays in force", () => {
    const { expires: _, ...open } = agreement();
    expect(standing(open, at("2099-01-01T12:00:00Z"))).toBe("in-force");
  });

  test("a day has four, two and two digits", () => {
    expect(dayIn("UTC", at("0999-03-04T00:00:00Z"))).toBe("0999-03-04");
  });
});

describe("what an agreement covers", () => {
  const need = { level: "phi", compartments: [] as string[], purpose: "HOPERAT" } as const;
  test.each([
    ["a BAA what it lists", {}, need, []],
    ["no level above those it lists", { levels: ["limited"] }, need, ["level"]],
    ["lower levels too", {}, { ...need, level: "deidentified" }, []],
    ["not more than its basis, whatever it lists", { basis: "dua", levels: ["phi"] }, need, ["level"]],
    ["no purpose it does not list", {}, { ...need, purpose: "HMARKT" }, ["purpose"]],
    ["nothing when no purpose is stated", {}, { ...need, purpose: undefined }, ["purpose"]],
    ["no purpose its basis does not know", { basis: "treatment" }, need, ["purpose"]],
    ["a referral under treatment", { basis: "treatment", purposes: ["TREAT"] }, { ...need, purpose: "TREAT" }, []],
    ["no compartment it does not name", {}, { ...need, compartments: ["hiv"] }, ["compartments"]],
    ["one it names", { compartments: ["hiv"] }, { ...need, compartments: ["hiv"] }, []],
    ["psychotherapy notes not under a BAA", { compartments: ["psychotherapy-notes"] }, { ...need, compartments: ["psychotherapy-notes"] }, ["compartments"]],
    ["but under an authorization", { basis: "authorization", compartments: ["psychotherapy-notes"] }, { ...need, compartments: ["psychotherapy-notes"] }, []],
    ["self-pay never under payment", { basis: "payment", purposes: ["HPAYMT"], compartments: ["self-pay"] }, { level: "phi", compartments: ["self-pay"], purpose: "HPAYMT" }, ["compartments"]],
    ["card numbers under nothing", { compartments: ["pan"] }, { ...need, compartments: ["pan"] }, ["compartments"]],
    ["nothing under a basis nobody knows", { basis: "handshake" as never }, need, ["level"]],
  ] as const)("%s", (_, over, asked, expected) => {
    expect(gaps(agreement(over as never), asked)).toEqual(expected);
  });
});
