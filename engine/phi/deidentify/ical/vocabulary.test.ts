import { expect, test } from "vitest";
import { parseIcal } from "../../../codec/index.ts";
import { context } from "../given.fixture.ts";
import { ical } from "./index.ts";

const raw = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:v1", "DTSTAMP:20260301T080000Z", "DTSTART:20260309T143000Z", "DURATION:PT30M", "STATUS:CONFIRMED", "SEQUENCE:2", "SUMMARY:Request for Ms Event", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
const lowered = ical.deidentify(raw, context(ical.patientOf(parseIcal(raw))));
const beyond = (text: string) => ical.beyondVocabulary?.(text, parseIcal(raw), { method: "safe-harbor" });

test("what the policy writes is its own words, but for the token, lengths and counts", () => {
  const uid = parseIcal(lowered).get("VEVENT/UID");
  expect(lowered).toContain("METHOD:REQUEST");
  expect(beyond(lowered)?.split("\n").filter((value) => value !== uid)).toEqual(["PT30M", "2"].filter((value) => lowered.includes(`:${value}`)));
  expect(beyond(lowered)).not.toMatch(/REQUEST|CONFIRMED|VEVENT|2026|00010101/);
});

test("a value that is none of the policy's words stays to be looked at", () => {
  expect(beyond(lowered.replace("METHOD:REQUEST", "METHOD:EVENTSON"))).toContain("EVENTSON");
  expect(beyond(lowered.replace("STATUS:CONFIRMED", "STATUS;FBTYPE=EVENTSON:CONFIRMED"))).toContain("EVENTSON");
  expect(beyond(lowered.replace("X-SLUICE-YEAR:2026", "X-SLUICE-YEAR:2026;"))).toBeUndefined();
});

test("a line of another kind, and all of the text is looked at", () => {
  for (const line of ["X-OWN:Event", "BEGIN:EVENTSON", "Event", "SUMMARY;X=a b:c", "VERSION:2.0 Event"]) {
    const text = lowered.replace("END:VEVENT", `${line}\r\nEND:VEVENT`);
    const left = beyond(text);
    expect(left === undefined || left.includes(line.split(":")[1] ?? line)).toBe(true);
  }
  expect(beyond(lowered.replaceAll("\r\n", "\n"))).toBeUndefined();
  expect(beyond(`Event ${lowered}`)).toBeUndefined();
});
