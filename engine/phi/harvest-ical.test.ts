import { describe, expect, test } from "vitest";
import { createBoundary } from "./index.ts";
import { labelOf } from "./label/index.ts";
import { patientsOf } from "./patients.ts";
import { destination, envelope, label, only, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();
const raw = [
  "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clinic//EN", "METHOD:REQUEST", "X-WR-CALNAME:Uma Quartzman", "X-MRN-48213:yes", "BEGIN:VEVENT", "UID:9f31c2d7-visit-7741@clinic.example", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=Europe/Berlin:20260309T143000",
  "SUMMARY:Follow-up: Bjork Thorsdottir (knee)", "DESCRIPTION:Room 3\\, call 617-555-0199\\nMRN 90017734", "LOCATION:4 Old Mill Lane\\, Millbrook", "CONTACT:Olaf Peregrine\\, +1-617-555-0143", 'ATTENDEE;CN="Lindqvist, Jane";EMAIL=jane.l@example.net;X-KEY=Tomas Okafor:mailto:patient',
  " 4711@example.org", "ATTENDEE;ROLE=CHAIR;CN=Uma Quartzman:mailto:uma@clinic.example", "ORGANIZER;CN=Desk:mailto:desk@clinic.example", "GEO:42.3601;-71.0589", "STATUS:Inga Sandoval", "URL:https://visits.example/r/K7Q2-99XB-71", "just a line of Hanna Nightingale", "END:VEVENT", "END:VCALENDAR", "",
].join("\r\n");

function refused(note: string): boolean {
  const harvest = boundary.harvest(tree(raw, "ical"), "ical");
  return boundary.guard({ envelope: envelope(JSON.stringify({ note })), harvest, label: label("none"), destination: destination({ only }), partner: partner() })?.code === "PHI-201";
}

describe("identifiers of iCalendar", () => {
  test.each([
    "Jane Lindqvist", "lindqvist, jane", "jane.l@example.net", "patient4711@example.org", "9f31c2d7-visit-7741@clinic.example", "2026-03-09", "March 9, 2026", "Bjork Thorsdottir", "617-555-0199", "90017734", "4 Old Mill Lane", "Olaf Peregrine", "6175550143", "Tomas Okafor", "Uma Quartzman",
    "42.3601;-71.0589", "Inga Sandoval", "https://visits.example/r/K7Q2-99XB-71", "Hanna Nightingale", "48213",
  ])("%s does not leave", (note) => {
    expect(refused(note)).toBe(true);
  });
  test.each(["REQUEST", "VCALENDAR", "booked", "Millwright", "2025-01-01", "VERSION 2.0", "NEEDS-ACTION"])("%s leaves", (note) => {
    expect(refused(note)).toBe(false);
  });
});

test("who it is about: attendees, but not who organizes or chairs", () => {
  expect(patientsOf(tree(raw, "ical"), "ical", "northside").patients).toEqual([{ owner: "northside", ids: ["mailto:patient4711@example.org"] }]);
  expect(patientsOf(tree(raw, "ical"), "ical", "northside", "VEVENT/UID").patients).toEqual([{ owner: "northside", ids: ["9f31c2d7-visit-7741@clinic.example"] }]);
});

test.each([["PUBLIC", false], ["PRIVATE", true], ["CONFIDENTIAL", true], ["X-OURS", true]])("CLASS:%s restricts: %s", (value, restricts) => {
  expect(labelOf(tree(raw.replace("STATUS:Inga Sandoval", `CLASS:${value}`), "ical")).unknown).toBe(restricts);
});
