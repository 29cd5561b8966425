import { describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { Events } from "./events.ts";
import { named } from "./safe-field.ts";

test("why a lane failed stands until its head is settled", () => {
  const events = new Events(systemClock, () => {});
  events.settled("lab", "ehr", "waiting", "MLP-201");
  events.settled("lab", "ward", "delivered");
  expect([...events.failed]).toEqual([["lab/ehr", "MLP-201"]]);
  events.settled("lab", "ehr", "delivered");
  expect(events.failed.size).toBe(0);
});

describe("a log line cannot hold a payload", () => {
  const names = new Set(["lab", "ehr", "lab/ehr"]);
  const told = (log: (events: Events) => void) => {
    const lines: string[] = [];
    log(new Events(systemClock, (line) => lines.push(line), (name) => names.has(name)));
    const { at: _, ...rest } = JSON.parse(lines[0] ?? "{}") as Record<string, unknown>;
    return rest;
  };

  test("names of the project, codes and figures are told", () => {
    expect(told((events) => events.settled("lab", "ehr", "dead", "MLP-201", 7))).toEqual({ event: "dead", channel: "lab", destination: "ehr", code: "MLP-201", message: 7 });
    expect(told((events) => events.log("source-problem", { channel: named("lab"), code: "FIL-104", counts: { line: 3, offset: 120 } }))).toEqual({ event: "source-problem", channel: "lab", code: "FIL-104", line: 3, offset: 120 });
    expect(told((events) => events.log("channel-started", { channel: named("lab"), revision: "0123456789abcdef" }))).toMatchObject({ revision: "0123456789abcdef" });
  });

  test("every code of the catalogue has the form of a code", () => {
    expect(told((events) => events.log("source-problem", { channel: named("lab"), code: "HL7-301" }))).toMatchObject({ code: "HL7-301" });
  });

  // What a mistake of ours, or a connector that talks the compiler round, could hand in.
  const anything = (events: Events) => events.log.bind(events) as unknown as (event: string, fields: Record<string, unknown>) => void;
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a family name in place of a name", { channel: "rivera" }, { channel: "[6 not told]" }],
    ["a whole text", { channel: "RIVERA JANE" }, { channel: "[11 not told]" }],
    ["a number of a patient in place of a code", { code: "MRN-90017734" }, { code: "[12 not told]" }],
    ["an object in place of a figure", { channel: { toString: () => "JANE" } }, { channel: "[object not told]" }],
    ["a field nobody declared", { patient: "jane" }, {}],
  ])("%s is not", (_, fields, rest) => {
    expect(told((events) => anything(events)("not-accepted", fields))).toEqual({ event: "not-accepted", ...rest });
  });

  test("a connector counts under few words, and by figures", () => {
    const counts = { line: 3, "JANE RIVERA": 1, bytes: "90017734" } as unknown as Record<string, number>;
    expect(told((events) => events.log("source-problem", { channel: named("lab"), counts }))).toEqual({ event: "source-problem", channel: "lab", line: 3 });
  });

  test("the compiler knows a name from a text, and an event from another", () => {
    const events = new Events(systemClock, () => {});
    const text: string = "from a message";
    // @ts-expect-error a text is no name
    events.log("paused", { lane: text });
    // @ts-expect-error no such field
    events.log("paused", { patient: named("x") });
    // @ts-expect-error no such event
    anything(events) && events.log("odd", {});
  });
});
