import { fhirToIcal, icalToFhir } from "../../../engine/codec/ical/fhir/index.ts";
import { ianaZones, occurrences } from "../../../engine/codec/ical/recur/index.ts";
import { fromJcal, parseIcal, toJcal } from "../../../engine/codec/index.ts";
import { problemsOf } from "../../../engine/codec/validate.ts";
import { EngineError } from "../../../engine/sdk/error.ts";
import type { Target } from "../target.ts";

const zones = ianaZones();

/** What refuses a text leaves the others their turn. */
function tried(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
}

export const target: Target = {
  name: "ical",
  seeds: [
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260301T080000Z\r\nDTSTART;TZID=Europe/Berlin:20260309T143000\r\nDTEND;TZID=Europe/Berlin:20260309T150000\r\nRRULE:FREQ=MONTHLY;BYDAY=-1MO,2TU;BYSETPOS=1;COUNT=4\r\nEXDATE;TZID=Europe/Berlin:20260330T143000\r\nSUMMARY:a\\, b\\n c\r\nATTENDEE;CN=\"Roe, R\";PARTSTAT=ACCEPTED:mailto:r@e\r\n xample.org\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:2\nDTSTART;TZID=Own:20260101T090000\nDURATION:PT1H\nRDATE;VALUE=PERIOD;TZID=Own:20260201T090000/PT2H\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Own:20260201T090000\nDTSTART;TZID=Own:20260201T100000\nEND:VEVENT\nBEGIN:VFREEBUSY\nUID:3\nFREEBUSY;FBTYPE=FREE:20260101T000000Z/PT3H,20260102T000000Z/20260102T010000Z\nEND:VFREEBUSY\nEND:VCALENDAR\n",
  ],
  words: ["\r\n", "\n", "\r", "\r\n ", "\t", ":", ";", ",", "=", '"', "\\", "^n", "^'", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:", "END:", "VALUE=DATE:", "TZID=", "FREQ=SECONDLY", "BYMONTH=2;BYMONTHDAY=30", "INTERVAL=999999999", "COUNT=", "99991231T235959Z", "00000101", "-P1W", "\uFEFF", "\u0000", "é"],
  run(text) {
    // Most texts lost an END; what stands between is read in a calendar of its own.
    const lines = text.replace(/^(?:BEGIN|END):.*(?:\r?\n|$)/gim, "");
    used(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`);
    used(text);
  },
};

function used(text: string): void {
  const message = parseIcal(text);
  let left = 50;
  for (const { path } of message.leaves()) if (left-- > 0 && !path.includes("?")) message.values(path);
  problemsOf(message);
  tried(() => parseIcal(fromJcal(JSON.parse(JSON.stringify(toJcal(message))))));
  tried(() => occurrences(message, { from: Date.UTC(2026, 0), to: Date.UTC(2026, 6), zones }));
  tried(() => fhirToIcal(icalToFhir(message, { from: Date.UTC(2026, 0), to: Date.UTC(2026, 3), zones }), { now: 0 }).toString());
  for (const event of message.all("VEVENT").slice(0, 3)) event.set("SUMMARY", "a;b\n").set("ATTENDEE", "mailto:a@b").set("ATTENDEE;CN", 'a "b"');
  parseIcal(message.toString());
}
