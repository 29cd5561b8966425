import { describe, expect, it } from "vitest";
import { parseIcal } from "../../../codec/index.ts";
import { parameterNames, propertyNames } from "../../../codec/ical/properties.ts";
import { problemsOf } from "../../../codec/validate.ts";
import { context, type Given } from "../given.fixture.ts";
import { ical } from "./index.ts";
import { components, parameters, properties } from "./table.ts";

const planted = {
  word: (n: number) => `Qzvxk${n}Jwq`,
  digits: (n: number) => `9${String(n).padStart(3, "0")}7731046`,
  short: (n: number) => `4${n % 10}7${n % 7}3`,
  date: (n: number) => `1977${String((n % 9) + 1).padStart(2, "0")}${String((n % 18) + 10)}`,
  time: (n: number) => `1977${String((n % 9) + 1).padStart(2, "0")}${String((n % 18) + 10)}T${String((n % 12) + 10)}3017Z`,
  rule: (n: number) => `FREQ=DAILY;UNTIL=1977${String((n % 9) + 1).padStart(2, "0")}${String((n % 18) + 10)}`,
  span: (n: number) => `PT9${n}7731S`,
  symbols: (n: number) => `Ö'Vxk-${n}/Qz`,
} as const;
type Kind = keyof typeof planted;
const kinds = Object.keys(planted) as Kind[];

interface Planted {
  readonly text: string;
  readonly values: readonly { readonly kind: Kind; readonly value: string }[];
}

const inside = (...lines: readonly string[]) => ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", "METHOD:PUBLISH", ...lines, "END:VCALENDAR", ""].join("\r\n");

/** Values of every kind at one property: plain, as another type, in every parameter, in a list, in the calendar itself, in components that are kept and in others. */
function plant(name: string): Planted {
  const values: { kind: Kind; value: string }[] = [];
  const next = (kind: Kind) => {
    const value = planted[kind](values.length + 1);
    values.push({ kind, value });
    return value;
  };
  const property = (kind: Kind) => [
    `${name}:${next(kind)}`, `${name};VALUE=DATE:${next(kind)}`, `${name};VALUE=TEXT:${next(kind)},${next(kind)};${next(kind)}`,
    ...[...parameterNames, "X-OWN"].map((parameter) => `${name};${parameter}="${next(kind)}":${next(kind)}`),
  ];
  const component = (type: string, kind: Kind) => [`BEGIN:${type}`, ...property(kind), `END:${type}`];
  const lines = kinds.flatMap((kind) => [...property(kind), ...[...components, "VALARM", "VTIMEZONE", "X-OWN"].flatMap((type) => component(type, kind)), "BEGIN:VEVENT", ...component("VALARM", kind), "END:VEVENT"]);
  return { text: inside(...lines), values };
}

const lowered = (text: string, over: Given = {}) => ical.deidentify(text, context({ ...ical.patientOf(parseIcal(text)), ...over }));
const limited: Given = { spec: { method: "limited-data-set", dates: "keep", ids: "surrogate" } };
const everywhere = [...propertyNames, "X-OWN", "X-FHIR-STATUS", "X-WR-CALNAME"];

describe("the table of iCalendar", () => {
  it("has a row for every property and parameter that the codec knows", () => {
    expect(propertyNames.filter((name) => !properties.has(name))).toEqual([]);
    expect([...parameterNames].filter((name) => !parameters.has(name))).toEqual([]);
  });
});

describe.each(everywhere)("values at %s", (name) => {
  const { text, values } = plant(name);
  it("Safe Harbor lets none stand", () => {
    const out = lowered(text).toLowerCase();
    expect(values.filter(({ value }) => out.includes(value.toLowerCase()))).toEqual([]);
    expect(out).not.toMatch(/x-own|1977\d/);
  });
  it("dates that move are other days", () => {
    const out = lowered(text, { spec: { method: "expert", dates: "shift", ids: "pseudonym" } }).toLowerCase();
    expect(values.filter(({ kind, value }) => kind !== "date" && out.includes(value.toLowerCase()))).toEqual([]);
  });
  it("a limited data set lets dates stand where its column says so, and nothing else", () => {
    const out = lowered(text, limited);
    const left = values.filter(({ value }) => out.toLowerCase().includes(value.toLowerCase())).map(({ kind }) => kind);
    const { action } = properties.get(name)?.limited ?? { action: "rm" };
    expect([...new Set(left)].filter((kind) => !["date", "time", ...(action === "rule" ? ["rule"] : [])].includes(kind))).toEqual([]);
    expect(left.length > 0).toBe(action === "date" || action === "rule");
    expect(() => parseIcal(out)).not.toThrow();
  });
});

describe("what stands", () => {
  const visit = inside(
    "BEGIN:VEVENT", "UID:v1@clinic.example", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=Europe/Berlin:20260309T143000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;BYDAY=MO", "STATUS:CONFIRMED", "CLASS:PRIVATE", "PRIORITY:5", "SEQUENCE:2",
    "SUMMARY:Visit of Jane Rivera", "ATTENDEE;CN=Jane Rivera:mailto:jane@example.net", "LOCATION:4 Elm St", "END:VEVENT",
  );
  it("under Safe Harbor: status, length, year", () => {
    const out = parseIcal(lowered(visit));
    expect(["STATUS", "CLASS", "PRIORITY", "SEQUENCE", "DURATION", "X-SLUICE-YEAR", "DTSTAMP", "DTSTART", "RRULE", "SUMMARY"].map((name) => out.get(`VEVENT/${name}`))).toEqual(["CONFIRMED", "PRIVATE", "5", "2", "PT30M", "2026", "00010101T000000Z", "", "", ""]);
    expect(out.get("VEVENT/UID")).not.toBe("");
    expect(out.toString()).not.toMatch(/Rivera|jane|Elm|v1@|Berlin/i);
    expect(problemsOf(out)).toEqual([]);
  });
  it("in a limited data set: the dates, the zone and the rule too", () => {
    const out = parseIcal(lowered(visit, limited));
    expect(["DTSTART", "DTSTART;TZID", "DTSTAMP", "RRULE"].map((name) => out.get(`VEVENT/${name}`))).toEqual(["20260309T143000", "Europe/Berlin", "20260301T080000Z", "FREQ=WEEKLY;BYDAY=MO"]);
  });
  it("an id is the same token wherever it stands, and what is no calendar is refused", () => {
    const twice = parseIcal(lowered(visit.replace("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:v1@clinic.example\r\nEND:VEVENT\r\nEND:VCALENDAR")));
    expect(twice.get("VEVENT[2]/UID")).toBe(twice.get("VEVENT/UID"));
    expect(() => lowered("BEGIN:VEVENT\r\nSUMMARY:Jane\r\nEND:VEVENT\r\n")).toThrow("PHI-230");
  });
});
