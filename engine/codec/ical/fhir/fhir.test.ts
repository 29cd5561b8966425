import { describe, expect, it } from "vitest";
import { EngineError } from "../../../sdk/error.ts";
import { parseJson } from "../../json/index.ts";
import { validatorOf } from "../../validate.ts";
import { parseIcal } from "../index.ts";
import { problemsOf } from "../problems.ts";
import { fhirToIcal, icalToFhir } from "./index.ts";
import type { Json } from "./terms.ts";

const now = Date.UTC(2026, 2, 1, 8);
const calendar = (method: string, ...lines: readonly string[]) => parseIcal(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", ...(method === "" ? [] : [`METHOD:${method}`]), ...lines, "END:VCALENDAR", ""].join("\r\n"));
const visit = (...lines: readonly string[]) => [
  "BEGIN:VEVENT", "UID:v1@clinic.example", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=Europe/Berlin:20260309T143000", "DTEND;TZID=Europe/Berlin:20260309T150000", "SUMMARY:Video visit", "DESCRIPTION:bring the card", "SEQUENCE:2", "PRIORITY:5",
  "CATEGORIES:telehealth", "LOCATION:Room 3", 'ATTENDEE;CN="Roe, Rita";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:rita@example.org', "ATTENDEE;CN=Scanner;CUTYPE=RESOURCE;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION:urn:x:scanner", "ORGANIZER;CN=Clinic:mailto:desk@clinic.example", ...lines, "END:VEVENT",
];
const code = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
  }
  return undefined;
};
const one = (resources: readonly Json[]) => {
  expect(resources).toHaveLength(1);
  return resources[0] as Record<string, unknown>;
};

describe("iCalendar to FHIR", () => {
  it("makes an appointment of an event", () => {
    expect(one(icalToFhir(calendar("REQUEST", ...visit())))).toEqual({
      resourceType: "Appointment", meta: { versionId: "2" }, identifier: [{ system: "urn:ietf:rfc:5545:uid", value: "v1@clinic.example" }], status: "pending",
      serviceType: [{ text: "telehealth" }], priority: 5, description: "Video visit", comment: "bring the card", minutesDuration: 30,
      start: "2026-03-09T14:30:00+01:00", _start: { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/tz-code", valueCode: "Europe/Berlin" }] },
      end: "2026-03-09T15:00:00+01:00", _end: { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/tz-code", valueCode: "Europe/Berlin" }] },
      participant: [
        { actor: { identifier: { system: "urn:ietf:rfc:3986", value: "mailto:rita@example.org" }, display: "Roe, Rita" }, required: "required", status: "accepted" },
        { actor: { type: "Device", identifier: { system: "urn:ietf:rfc:3986", value: "urn:x:scanner" }, display: "Scanner" }, required: "optional", status: "needs-action" },
        { type: [{ text: "organizer" }], actor: { identifier: { system: "urn:ietf:rfc:3986", value: "mailto:desk@clinic.example" }, display: "Clinic" }, required: "information-only", status: "accepted" },
        { actor: { type: "Location", display: "Room 3" }, required: "required", status: "accepted" },
      ],
    });
  });

  it.each([
    ["PUBLISH", [], "booked"], ["PUBLISH", ["STATUS:TENTATIVE"], "pending"], ["", ["STATUS:CONFIRMED"], "booked"], ["CANCEL", [], "cancelled"], ["PUBLISH", ["STATUS:CANCELLED"], "cancelled"],
    ["PUBLISH", ["STATUS:CONFIRMED", "X-FHIR-STATUS:noshow"], "noshow"], ["PUBLISH", ["STATUS:CANCELLED", "X-FHIR-STATUS:noshow"], "cancelled"],
  ] as const)("METHOD:%s with %j is %s", (method, lines, status) => {
    expect(one(icalToFhir(calendar(method, ...visit(...lines))))["status"]).toBe(status);
  });

  it("says why it was cancelled, and takes the newest version of a visit that moved", () => {
    expect(one(icalToFhir(calendar("CANCEL", ...visit("COMMENT:the patient is ill"))))["cancelationReason"]).toEqual({ text: "the patient is ill" });
    const moved = visit().map((line) => line.replace("SEQUENCE:2", "SEQUENCE:3").replace("20260309T14", "20260310T09").replace("20260309T15", "20260310T10"));
    expect(one(icalToFhir(calendar("REQUEST", ...visit(), ...moved)))).toMatchObject({ meta: { versionId: "3" }, start: "2026-03-10T09:30:00+01:00" });
  });

  it("makes an appointment of each instance in the window, and refuses a series without one", () => {
    const series = calendar("PUBLISH", ...visit("RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20260323T143000"));
    const found = icalToFhir(series, { from: Date.UTC(2026, 2, 10), to: Date.UTC(2026, 3, 7) });
    expect(found.map((each) => [each["start"], (each["identifier"] as readonly Json[])[1]?.["value"]])).toEqual([
      ["2026-03-16T14:30:00+01:00", "20260316T133000Z"], ["2026-03-30T14:30:00+02:00", "20260330T123000Z"], ["2026-04-06T14:30:00+02:00", "20260406T123000Z"],
    ]);
    expect(code(() => icalToFhir(series))).toBe("ICS-401");
  });

  it("refuses a zone that is defined otherwise than its name says, while the two differ", () => {
    const zoned = (offset: string, name = "Europe/Berlin") => calendar("PUBLISH", "BEGIN:VTIMEZONE", `TZID:${name}`, "BEGIN:STANDARD", "DTSTART:19700101T000000", `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, "END:STANDARD", "END:VTIMEZONE", ...visit().map((line) => line.replace("Europe/Berlin", name)));
    expect(code(() => icalToFhir(zoned("+0300")))).toBe("ICS-305");
    expect(one(icalToFhir(zoned("+0100")))["start"]).toBe("2026-03-09T14:30:00+01:00");
    expect(one(icalToFhir(zoned("+0300", "Office")))["start"]).toBe("2026-03-09T14:30:00+03:00");
  });

  it("makes an answer of a reply, and slots of free and busy times", () => {
    expect(one(icalToFhir(calendar("REPLY", ...visit("COMMENT:on my way"))))).toMatchObject({ resourceType: "AppointmentResponse", participantStatus: "accepted", actor: { display: "Roe, Rita" }, comment: "on my way", appointment: { identifier: { value: "v1@clinic.example" } } });
    const busy = calendar("PUBLISH", "BEGIN:VFREEBUSY", "UID:f1", "DTSTAMP:20260301T080000Z", "DTSTART:20260309T000000Z", "DTEND:20260310T000000Z", "ORGANIZER;CN=Dr Who:mailto:who@example.org", "FREEBUSY;FBTYPE=FREE:20260309T080000Z/PT1H,20260309T100000Z/20260309T103000Z", "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260309T120000Z/PT30M", "END:VFREEBUSY");
    const [schedule, ...slots] = icalToFhir(busy);
    expect(schedule).toMatchObject({ resourceType: "Schedule", identifier: [{ value: "f1" }], actor: [{ display: "Dr Who" }], planningHorizon: { start: "2026-03-09T00:00:00Z" } });
    expect(slots.map(({ status, start, end }) => [status, start, end])).toEqual([
      ["free", "2026-03-09T08:00:00Z", "2026-03-09T09:00:00Z"], ["free", "2026-03-09T10:00:00Z", "2026-03-09T10:30:00Z"], ["busy-unavailable", "2026-03-09T12:00:00Z", "2026-03-09T12:30:00Z"],
    ]);
    const again = fhirToIcal([schedule, ...slots], { now });
    expect(again.values("VFREEBUSY/FREEBUSY")).toEqual(["20260309T120000Z/20260309T123000Z", "20260309T080000Z/20260309T090000Z", "20260309T100000Z/20260309T103000Z"]);
    expect([again.get("VFREEBUSY/UID"), again.get("VFREEBUSY/ORGANIZER")]).toEqual(["f1", "mailto:who@example.org"]);
  });

  it("is valid FHIR R4", async () => {
    const validate = await validatorOf("fhir", {});
    const all = [
      ...icalToFhir(calendar("REQUEST", ...visit("CREATED:20260301T070000Z"))), ...icalToFhir(calendar("CANCEL", ...visit("COMMENT:ill", "X-FHIR-CANCELATION-REASON;X-SYSTEM=http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason:pat"))), ...icalToFhir(calendar("REPLY", ...visit())),
      ...icalToFhir(calendar("", "BEGIN:VEVENT", "UID:2", "DTSTAMP:20260301T080000Z", "DTSTART;VALUE=DATE:20260309", "END:VEVENT")),
      ...icalToFhir(calendar("", "BEGIN:VFREEBUSY", "UID:3", "DTSTAMP:20260301T080000Z", "FREEBUSY:20260309T080000Z/PT1H", "END:VFREEBUSY")),
    ];
    for (const each of all) expect([each["resourceType"], validate(parseJson(JSON.stringify(each), "fhir")).filter(({ severity }) => severity === "error")]).toEqual([each["resourceType"], []]);
  });
});

describe("FHIR to iCalendar", () => {
  it("gives back what came from iCalendar", () => {
    for (const [method, lines] of [["REQUEST", ["STATUS:CONFIRMED"]], ["CANCEL", ["COMMENT:the patient is ill", "STATUS:CANCELLED"]], ["REQUEST", ["STATUS:CONFIRMED", "X-FHIR-STATUS:noshow"]], ["REQUEST", ["STATUS:TENTATIVE", "X-FHIR-STATUS:waitlist"]]] as const) {
      const first = icalToFhir(calendar(method, ...visit(...lines)));
      const written = fhirToIcal(first, { now });
      expect([written.type, problemsOf(written)]).toEqual([method, []]);
      const plain = (resources: readonly Json[]) => resources.map(({ _start, _end, start, end, ...rest }) => ({ ...rest, start: Date.parse(String(start)), end: Date.parse(String(end)) }));
      expect(plain(icalToFhir(parseIcal(written.toString())))).toEqual(plain(first));
    }
  });

  const appointment = { resourceType: "Appointment", id: "a7", meta: { versionId: "4" }, status: "booked", description: "Oncology visit", start: "2026-03-09T14:30:00+01:00", end: "2026-03-09T15:00:00+01:00", comment: "Rita Roe", participant: [{ actor: { reference: "Patient/p1", display: "Rita Roe" }, status: "accepted" }, { actor: { reference: "Location/l1", display: "Ward 7" }, status: "accepted" }] };

  it("writes a bundle of another system's appointments", () => {
    const written = fhirToIcal({ resourceType: "Bundle", type: "collection", entry: [{ resource: appointment }, { resource: { resourceType: "Patient", id: "p1" } }] }, { now });
    expect(["UID", "SEQUENCE", "DTSTART", "DTEND", "STATUS", "SUMMARY", "LOCATION", "ATTENDEE", "ATTENDEE;PARTSTAT"].map((name) => written.get(`VEVENT/${name}`))).toEqual([
      "a7", "4", "20260309T133000Z", "20260309T140000Z", "CONFIRMED", "Oncology visit", "Ward 7", "urn:x-fhir:Patient%2Fp1", "ACCEPTED",
    ]);
    expect([written.type, fhirToIcal({ ...appointment, status: "cancelled" }, { now }).type, fhirToIcal({ ...appointment, participant: [] }, { now }).type]).toEqual(["REQUEST", "CANCEL", "PUBLISH"]);
  });

  it("writes a feed for others that holds times alone", () => {
    const feed = fhirToIcal([appointment, { ...appointment, id: "a8", start: "2026-03-09T13:45:00Z", end: "2026-03-09T14:15:00Z", status: "arrived" }, { ...appointment, id: "a9", status: "cancelled", start: "2026-03-09T20:00:00Z", end: "2026-03-09T21:00:00Z" }], { now, freeBusy: true });
    expect(feed.toString()).toBe(
      ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sluice//iCalendar//EN", "METHOD:PUBLISH", "BEGIN:VFREEBUSY", "UID:free-busy", "DTSTAMP:20260301T080000Z", "DTSTART:20260309T133000Z", "DTEND:20260309T141500Z", "FREEBUSY;FBTYPE=BUSY:20260309T133000Z/20260309T141500Z", "END:VFREEBUSY", "END:VCALENDAR", ""].join("\r\n"),
    );
  });

  it.each([[{ resourceType: "Patient" }], [{ ...appointment, start: undefined }], [{ ...appointment, status: "later" }], [null], [{ ...appointment, id: undefined }], [{ resourceType: "AppointmentResponse", id: "r" }]])("refuses %j", (resource) => {
    expect(code(() => fhirToIcal(resource, { now }))).toBe("ICS-402");
  });
});
