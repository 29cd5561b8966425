import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { body, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const visit = [
  "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:v1", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=Europe/Berlin:20260309T143000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY",
  "SUMMARY:Visit", "ATTENDEE;CN=Rita:mailto:rita@example.org", "END:VEVENT", "END:VCALENDAR", "",
].join("\r\n");

async function transform(code: string, text = visit) {
  const loaded = program({ format: "ical", transform: body(code) });
  expect(await sandbox.load(loaded)).toEqual([]);
  return (await sandbox.run(loaded.channel, message(text))).results[0];
}

describe("iCalendar in the isolate", () => {
  it("reads and edits by path, and leaves as it came", async () => {
    expect(await transform('msg.set("VEVENT/SUMMARY", "a, b")')).toEqual({ kind: "output", format: "ical", text: visit.replace("Visit", "a\\, b") });
    expect(await transform("return")).toEqual({ kind: "output", format: "ical", text: visit });
  });

  it("has the time zones of the IANA database", async () => {
    const code = 'return occurrences(msg, { from: "2026-03-23T00:00:00Z", to: "2026-04-01T00:00:00Z" }).map(({ start, uid, event }) => [start, uid, event.get("SUMMARY")])';
    expect(await transform(code)).toMatchObject({ text: '[["2026-03-23T14:30:00+01:00","v1","Visit"],["2026-03-30T14:30:00+02:00","v1","Visit"]]' });
  });

  it("writes FHIR and reads it, and the same at every replay", async () => {
    const code = 'const all = icalToFhir(msg, { from: "2026-03-09T00:00:00Z", to: "2026-03-17T00:00:00Z" }); return [all.map((each) => each.start), fhirToIcal(all, { freeBusy: true }).values("VFREEBUSY/FREEBUSY"), fhirToIcal(all).get("VEVENT[2]/DTSTART")]';
    const first = await transform(code);
    expect(first).toMatchObject({ text: '[["2026-03-09T14:30:00+01:00","2026-03-16T14:30:00+01:00"],["20260309T133000Z/20260309T140000Z","20260316T133000Z/20260316T140000Z"],"20260316T133000Z"]' });
    expect(await transform(code)).toEqual(first);
    expect(await transform("return icalToFhir(msg)")).toMatchObject({ kind: "failed" });
  });

  it("keeps nothing of one message for another", async () => {
    const code = 'const { node } = msg.all("VEVENT")[0]; const { breaks, row } = node.items[0]; const had = [breaks.fold.kept, breaks.kept, row?.kept, msg.kept]; for (const each of [breaks.fold, breaks, row]) try { each.kept = 1 } catch {}; return had.join() + (Object.isFrozen(row) ? "frozen" : "")';
    expect(await transform(code)).toMatchObject({ text: ",,,frozen" });
    expect(await transform(code)).toMatchObject({ text: ",,,frozen" });
  });
});
