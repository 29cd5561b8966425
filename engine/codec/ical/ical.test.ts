import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { detectFormat } from "../detect.ts";
import { octets } from "./fold.ts";
import { fromJcal, newCalendar, parseIcal, toJcal } from "./index.ts";
import { problemsOf } from "./problems.ts";

const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return [error.code, error.safe];
  }
  return undefined;
};
const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join("");
const visit = lines(
  "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clinic//EN", "METHOD:REQUEST",
  "BEGIN:VEVENT", "UID:v1@clinic.example", "DTSTAMP:20260301T080000Z", "DTSTART;TZID=Europe/Berlin:20260309T143000", "SUMMARY:Visit\\, room 3\\nbring ca", " rd", "CATEGORIES:video,first\\, long",
  'ATTENDEE;CN="Roe, Rita";PARTSTAT=NEEDS-ACTION:mailto:rita@example.org', "ATTENDEE;CN=Dr ^'Who^';ROLE=CHAIR:mailto:who@example.org",
  "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:soon", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT",
  "BEGIN:VEVENT", "UID:v1@clinic.example", "DTSTAMP:20260301T080000Z", "GEO:52.5;13.4", "DTSTART:20260310T143000Z", "END:VEVENT", "END:VCALENDAR",
);

describe("reading iCalendar", () => {
  it("finds values by component, property, element and parameter", () => {
    const msg = parseIcal(visit);
    expect([msg.type, msg.controlId, msg.get("VCALENDAR/METHOD"), msg.get("VCALENDAR/VEVENT[2]/DTSTART")]).toEqual(["REQUEST", "v1@clinic.example", "REQUEST", "20260310T143000Z"]);
    expect([msg.get("VEVENT/SUMMARY"), msg.get("vevent/categories.2"), msg.get("VEVENT[2]/GEO.2")]).toEqual(["Visit, room 3\nbring card", "first, long", "13.4"]);
    expect([msg.values("VEVENT/ATTENDEE;CN"), msg.get("VEVENT/ATTENDEE[2];ROLE"), msg.values("VEVENT/DTSTART")]).toEqual([["Roe, Rita", 'Dr "Who"'], "CHAIR", ["20260309T143000", "20260310T143000Z"]]);
    expect([msg.get("VEVENT/VALARM/TRIGGER"), msg.get("VEVENT/NOTHING"), msg.all("VEVENT").map((each) => each.get("VALARM/ACTION"))]).toEqual(["-PT15M", "", ["DISPLAY", ""]]);
    for (const { path, value } of msg.leaves()) expect([path, msg.get(path)]).toEqual([path, value]);
    expect(failure(() => msg.get("VEVENT/"))).toEqual(["ICS-101", {}]);
    expect(failure(() => msg.set("VTODO/UID", "x"))).toEqual(["ICS-102", {}]);
  });

  it("reads what senders write: other line ends, a mark, groups, empty lines, small letters", () => {
    for (const text of [visit.replaceAll("\r\n", "\n"), visit.replaceAll("\r\n", "\r"), `\uFEFF${visit}`, visit.replace("BEGIN:VEVENT", "\r\nbegin:vevent"), visit.replace("SUMMARY", "a.summary")]) {
      const msg = parseIcal(text);
      expect([msg.toString() === text, msg.get("VEVENT/SUMMARY"), detectFormat(text)]).toEqual([true, "Visit, room 3\nbring card", "ical"]);
    }
  });

  it.each([
    ["hello", "ICS-001", { line: 1 }],
    ["\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nEND:VCALENDAR\r\n", "ICS-002", { line: 4 }],
    ["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n", "ICS-003", { line: 1 }],
    ["BEGIN:A\r\n".repeat(40), "ICS-004", { line: 33, most: 32 }],
    ["BEGIN:\u0000\r\n", "ICS-006", { line: 1 }],
    ["", "ICS-001", { line: 1 }],
  ])("%j is broken: %s", (text, code, safe) => {
    expect(failure(() => parseIcal(text))).toEqual([code, safe]);
  });
});

describe("problems of iCalendar", () => {
  it.each<[string, string, string, string]>([
    ["VERSION:2.0", "", "ICS-205", "VCALENDAR/VERSION"],
    ["DTSTART:20260310T143000Z", "DTSTART:20260230T143000Z", "ICS-208", "VEVENT[2]/DTSTART"],
    ["DTSTART:20260310T143000Z", "DTSTART:20260310", "ICS-208", "VEVENT[2]/DTSTART"],
    ["DTSTAMP:20260301T080000Z", "DTSTAMP:20260301T080000", "ICS-208", "VEVENT/DTSTAMP"],
    ["GEO:52.5;13.4", "GEO:52.5", "ICS-208", "VEVENT[2]/GEO"],
    ["GEO:52.5;13.4", "RRULE:FREQ=WEEKLY;BYMONTHDAY=1", "ICS-208", "VEVENT[2]/RRULE"],
    ["GEO:52.5;13.4", "DURATION:PT", "ICS-208", "VEVENT[2]/DURATION"],
    ["GEO:52.5;13.4", "SEQUENCE:1\r\nSEQUENCE:2", "ICS-206", "VEVENT[2]/SEQUENCE"],
    ["GEO:52.5;13.4", "DTEND:20260311T143000Z\r\nDURATION:PT1H", "ICS-207", "VEVENT[2]/DTEND"],
    ["GEO:52.5;13.4", "DTEND:20260309T143000Z", "ICS-214", "VEVENT[2]/DTEND"],
    ["GEO:52.5;13.4", "COMMENT;X:hi", "ICS-203", "VEVENT[2]/COMMENT"],
    ["GEO:52.5;13.4", "X_A:hi", "ICS-204", "VEVENT[2]/X_A"],
    ["GEO:52.5;13.4", "just words", "ICS-202", "VEVENT[2]/?"],
    ["GEO:52.5;13.4", 'COMMENT;X="a:hi', "ICS-202", "VEVENT[2]/?"],
    ["GEO:52.5;13.4", "COMMENT:a\u0007b", "ICS-209", "VEVENT[2]/COMMENT"],
    ["TRIGGER:-PT15M", "TRIGGER:soon", "ICS-208", "VEVENT/VALARM/TRIGGER"],
    ["DESCRIPTION:soon\r\n", "", "ICS-205", "VEVENT/VALARM/DESCRIPTION"],
    ["END:VALARM", "END:VALARMS", "ICS-217", "VEVENT/VALARM"],
  ])("%j as %j is %s at %s", (before, after, code, path) => {
    const found = problemsOf(parseIcal(visit.replace(before, after))).filter(({ severity }) => severity === "error");
    expect(found.map((problem) => [problem.code, problem.path])).toContainEqual([code, path]);
  });

  it("finds none in a sound calendar but the zone that nobody defines", () => {
    expect(problemsOf(parseIcal(visit))).toEqual([{ code: "ICS-210", path: "VEVENT/DTSTART;TZID", line: 8 }]);
    expect(problemsOf(parseIcal("BEGIN:VEVENT\nEND:VEVENT\n")).map(({ code, path, line }) => [code, path, line])).toEqual([
      ["ICS-211", "", 1], ["ICS-201", "VEVENT", 1], ["ICS-205", "VEVENT/DTSTAMP", 1], ["ICS-205", "VEVENT/UID", 1], ["ICS-205", "VEVENT/DTSTART", 1],
    ]);
  });
});

describe("writing iCalendar", () => {
  it("changes one span and nothing else", () => {
    const set = (path: string, value: string | number) => parseIcal(visit).set(path, value).toString();
    expect(set("VEVENT/ATTENDEE;PARTSTAT", "ACCEPTED")).toBe(visit.replace("NEEDS-ACTION", "ACCEPTED"));
    expect(set("VEVENT/ATTENDEE[2];CN", 'a "b"; ^c')).toBe(visit.replace("Dr ^'Who^'", `"a ^'b^'; ^^c"`));
    expect(set("VEVENT/SUMMARY", "a;b,c\\d\ne")).toBe(visit.replace("Visit\\, room 3\\nbring ca\r\n rd", "a\\;b\\,c\\\\d\\ne"));
    expect(set("VEVENT/CATEGORIES.2", "x,y")).toBe(visit.replace("first\\, long", "x\\,y"));
    expect(set("VEVENT/SUMMARY", "Visit, room 3\nbring card")).toBe(visit);
    expect(set("VEVENT/SEQUENCE", 2)).toBe(visit.replace("BEGIN:VALARM", "SEQUENCE:2\r\nBEGIN:VALARM"));
    expect(set("VEVENT/ATTENDEE;RSVP", "TRUE")).toBe(visit.replace("NEEDS-ACTION", "NEEDS-ACTION;RSVP=TRUE\r\n "));
    expect(failure(() => set("VEVENT/DTSTART", "2026\n"))).toEqual(["ICS-103", {}]);
    expect(failure(() => set("VEVENT/SUMMARY", "a\u0000"))).toEqual(["ICS-103", {}]);
    const msg = parseIcal(visit);
    expect([msg.remove("VEVENT/ATTENDEE"), msg.remove("VEVENT/DTSTART;TZID"), msg.removeComponent("VEVENT/VALARM"), msg.removeComponent("VTODO")]).toEqual([2, 1, true, false]);
    expect([msg.values("VEVENT/ATTENDEE"), msg.get("VEVENT/DTSTART;TZID"), msg.all("VEVENT/VALARM")]).toEqual([[], "", []]);
  });

  it("builds a calendar", () => {
    const msg = newCalendar({ METHOD: "PUBLISH" });
    const event = msg.all("VCALENDAR")[0]?.addComponent("VEVENT");
    event?.add("UID", "1").add("CATEGORIES", ["a,b", "c"]).add("ATTENDEE", "mailto:a@example.org", { CN: 'A "B"', MEMBER: ["mailto:x@y", "mailto:z@y"] });
    expect(msg.toString()).toBe(
      lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sluice//iCalendar//EN", "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:1", "CATEGORIES:a\\,b,c", `ATTENDEE;CN=A ^'B^';MEMBER="mailto:x@y","mailto:z@y":mailto:a@example.org`, "END:VEVENT", "END:VCALENDAR"),
    );
  });

  const name = fc.stringMatching(/^X-[A-Z0-9-]{1,8}$/);
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", ";", ",", ":", "\\", '"', "^", "\t", "é", "😀", "ab".repeat(20)), maxLength: 12 });
  const property = fc.record({ name: fc.oneof(name, fc.constantFrom("SUMMARY", "DESCRIPTION", "CATEGORIES", "RESOURCES", "REQUEST-STATUS")), values: fc.array(text, { minLength: 1, maxLength: 3 }), parameters: fc.dictionary(name, fc.array(text, { minLength: 1, maxLength: 3 }), { maxKeys: 3 }) });
  const event = fc.array(property, { maxLength: 5 });

  it("reads what it wrote, in lines of at most 75 octets", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 3 }), (events) => {
        const msg = newCalendar();
        for (const properties of events) {
          const component = msg.all("VCALENDAR")[0]?.addComponent("VEVENT");
          for (const each of properties) component?.add(each.name, each.name.startsWith("X-") ? (each.values[0] ?? "") : ["SUMMARY", "DESCRIPTION"].includes(each.name) ? (each.values[0] ?? "") : each.values, each.parameters);
        }
        const written = msg.toString();
        expect(written.split("\r\n").every((line) => octets(line) <= 75)).toBe(true);
        const again = parseIcal(written);
        expect(again.toString()).toBe(written);
        for (const [n, properties] of events.entries()) {
          const counts = new Map<string, number>();
          for (const each of properties) {
            const i = (counts.get(each.name) ?? 0) + 1;
            counts.set(each.name, i);
            const isSingle = each.name.startsWith("X-") || ["SUMMARY", "DESCRIPTION"].includes(each.name);
            const at = `VEVENT[${n + 1}]/${each.name}[${i}]`;
            const read = isSingle ? [again.get(at)] : each.values.map((_, k) => again.get(`${at}.${k + 1}`));
            expect(read).toEqual(isSingle ? [each.values[0]] : each.values);
            for (const [key, all] of Object.entries(each.parameters)) expect(all.map((_, k) => again.get(`${at};${key}[${k + 1}]`))).toEqual(all);
          }
        }
        expect(toJcal(parseIcal(fromJcal(JSON.parse(JSON.stringify(toJcal(again))))))).toEqual(toJcal(again));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps any text that it can read, and an edit of any leaf changes that span alone", () => {
    const piece = fc.constantFrom("BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "SUMMARY:a\\,b\r\n", "ATTENDEE;CN=", '"x;y"', ":mailto:a\r\n", " fold", "\r\n", "\n", "\r", "\t", "GEO:1;2\r\n", "RDATE:20260101,20260102\n", "a.X-B;C=d,e:f\n", "\uFEFF", "é");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(), (pieces, n) => {
        const given = `BEGIN:VCALENDAR\r\n${pieces.join("")}\r\nEND:VCALENDAR\r\n`;
        let msg: ReturnType<typeof parseIcal>;
        try {
          msg = parseIcal(given);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          return;
        }
        expect(msg.toString()).toBe(given);
        const leaves = [...msg.leaves()].filter(({ path }) => !path.includes("?") && !/;VALUE/.test(path));
        const leaf = leaves[n % Math.max(1, leaves.length)];
        if (leaf === undefined) return;
        const edited = msg.set(leaf.path, "Z|^1").toString();
        expect([edited.startsWith(given.slice(0, leaf.start)), edited.endsWith(given.slice(leaf.end)), parseIcal(edited).get(leaf.path)]).toEqual([true, true, "Z|^1"]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("jCal", () => {
  it("writes types as RFC 7265 does, and takes them back", () => {
    const text = lines(
      "BEGIN:VEVENT", "DTSTART;TZID=Europe/Berlin:20260309T143000", "EXDATE;VALUE=DATE:20260101,20260102", "DURATION:PT1H", "GEO:52.5;13.4", "SEQUENCE:2", "REQUEST-STATUS:2.0;Success", "X-A:b\\,c", "X-B;VALUE=BOOLEAN:TRUE",
      "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20261224T000000Z;INTERVAL=2", "FREEBUSY:20260101T000000Z/PT1H", "END:VEVENT",
    );
    const jcal = toJcal(parseIcal(text));
    expect(jcal).toEqual(["vevent", [
      ["dtstart", { tzid: "Europe/Berlin" }, "date-time", "2026-03-09T14:30:00"],
      ["exdate", {}, "date", "2026-01-01", "2026-01-02"],
      ["duration", {}, "duration", "PT1H"],
      ["geo", {}, "float", [52.5, 13.4]],
      ["sequence", {}, "integer", 2],
      ["request-status", {}, "text", ["2.0", "Success"]],
      ["x-a", {}, "unknown", "b\\,c"],
      ["x-b", {}, "boolean", true],
      ["rrule", {}, "recur", { freq: "WEEKLY", byday: ["MO", "TU"], until: "2026-12-24T00:00:00Z", interval: 2 }],
      ["freebusy", {}, "period", ["2026-01-01T00:00:00Z", "PT1H"]],
    ], []]);
    expect(fromJcal(JSON.parse(JSON.stringify(jcal)))).toBe(text);
  });

  it.each([null, [], ["vevent", [], {}], ["v event", [], []], ["vevent", [["a", {}, "text"]], []], ["vevent", [["a", {}, "text", {}]], []], ["vevent", [["a", { b: 1 }, "text", "c"]], []], ["vevent", [["rrule", {}, "recur", { "a\r\nB": 1 }]], []]])("refuses %j", (jcal) => {
    expect(["ICS-103", "ICS-104"]).toContain(failure(() => fromJcal(jcal))?.[0]);
  });
});
