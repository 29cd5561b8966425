import { afterEach, describe, expect, test } from "vitest";
import { EngineError, type Envelope, type OutboundResponse, type Source } from "../../engine/sdk/index.ts";
import { completeOptions, settled, SourceHost } from "../../engine/sdk/testing/index.ts";
import { sourceOptions } from "./options.ts";
import { icalPollSource } from "./source.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const event = (uid: string, summary = "block", more = "") => `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTAMP:20260301T080000Z\r\nSUMMARY:${summary}\r\n${more}END:VEVENT\r\n`;
const feed = (...events: string[]) => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.join("")}END:VCALENDAR\r\n`;
const ok = (text: string, headers: Readonly<Record<string, string>> = {}): OutboundResponse => ({ status: 200, headers, body: encode(text) });
const status = (code: number, headers: Readonly<Record<string, string>> = {}): OutboundResponse => ({ status: code, headers, body: new Uint8Array() });

const sources: Source[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) await source.stop();
});

/** Rounds of a minute; `answers` in their order, the last one again and again. */
async function polled(answers: readonly (OutboundResponse | EngineError | ((envelope: Envelope) => OutboundResponse))[], options: Readonly<Record<string, unknown>> = {}) {
  const host = new SourceHost();
  let at = 0;
  host.answer = (envelope) => {
    const answer = answers[Math.min(at++, answers.length - 1)] ?? status(500);
    return typeof answer === "function" ? answer(envelope) : answer;
  };
  const source = icalPollSource(completeOptions(sourceOptions, { calendars: { uma: "/uma.ics" }, every: "1m", ...options }));
  sources.push(source);
  const settle = async () => {
    for (let i = 0; i < 60; i++) await settled();
  };
  await source.start(host.context);
  await settle();
  const round = async (times = 1) => {
    for (let i = 0; i < times; i++) {
      await host.clock.advance(60_000);
      await settle();
    }
  };
  const said = () => host.received.map((raw) => new TextDecoder().decode(raw)).map((text) => `${/UID:(\S+)/.exec(text)?.[1]} ${/STATUS:CANCELLED/.test(text) ? "cancelled" : /SUMMARY:(.*)\r/.exec(text)?.[1]}`);
  return { host, source, round, said, problems: () => host.problems.map(({ code, counts }) => `${code}${counts ? ` ${JSON.stringify(counts)}` : ""}`) };
}

describe("what changes", () => {
  test("new, changed and gone are one message each; what stays as it is, or is only stamped anew, is none", async () => {
    const stamped = event("b").replace("20260301T08", "20260302T09");
    const { round, said, problems } = await polled([ok(feed(event("a"), event("b"))), ok(feed(event("a", "moved"), stamped)), ok(feed(stamped)), ok(feed(stamped))]);
    await round(3);
    expect(said()).toEqual(["a block", "b block", "a moved", "a cancelled"]);
    expect(problems()).toEqual(['ICL-106 {"count":1}']);
  });

  test("what comes back as it was is taken again", async () => {
    const { host, round, said } = await polled([ok(feed(event("a"))), ok(feed(event("a", "b"))), ok(feed(event("a"))), ok(feed(event("a", "b")))]);
    await round(3);
    expect(said()).toEqual(["a block", "a b", "a block", "a b"]);
    expect(new Set(host.identities).size).toBe(4);
  });

  test("gone is only counted where the channel says so", async () => {
    const { round, said, problems } = await polled([ok(feed(event("a"), event("b"))), ok(feed(event("b")))], { vanished: "count" });
    await round();
    expect([said(), problems()]).toEqual([["a block", "b block"], ['ICL-106 {"count":1}']]);
  });

  test("after a crash between the receipt and what is known of it, the same id comes again", async () => {
    const { host, round } = await polled([ok(feed(event("a")))]);
    for (const name of host.memory.get("uma")?.keys() ?? []) host.memory.get("uma")?.delete(name);
    await round();
    expect(host.identities).toHaveLength(2);
    expect(host.identities[0]).toBe(host.identities[1]);
  });

  test("each message says whose calendar it is, and names are opaque in the record", async () => {
    const { host } = await polled([ok(feed(event("a")))]);
    expect(new TextDecoder().decode(host.received[0])).toContain("X-CALENDAR-OF:uma\r\n");
    expect([...(host.memory.get("uma")?.keys() ?? [])].filter((name) => name !== "calendar").every((name) => name.startsWith("opaque-"))).toBe(true);
  });
});

describe("conditions", () => {
  test("ETag, then Last-Modified, then none; 304 changes nothing", async () => {
    const { host, round, said } = await polled([ok(feed(event("a")), { etag: '"1"', "last-modified": "Mon, 02 Mar 2026 08:00:00 GMT" }), status(304), ok(feed(event("a", "c")), { "last-modified": "Tue, 03 Mar 2026 08:00:00 GMT" }), ok(feed(event("a", "c")))]);
    await round(4);
    expect(host.asked.map(({ headers }) => headers?.["if-none-match"] ?? headers?.["if-modified-since"] ?? "")).toEqual(["", '"1"', '"1"', "Tue, 03 Mar 2026 08:00:00 GMT", ""]);
    expect(said()).toEqual(["a block", "a c"]);
  });

  test("304 for ever is told once a day, and the calendar is fetched whole meanwhile", async () => {
    const { host, round, problems, said } = await polled([ok(feed(event("a")), { etag: '"1"' }), ({ headers }) => (headers?.["if-none-match"] ? status(304) : ok(feed(event("a", "unseen")), { etag: '"1"' }))], { every: "12h", stale: "2d" });
    for (let i = 0; i < 4; i++) {
      await host.clock.advance(12 * 3_600_000);
      await round(0);
      for (let n = 0; n < 60; n++) await settled();
    }
    // Behind the 304 something had changed.
    expect([problems(), said()]).toEqual([[], ["a block", "a unseen"]]);
  });

  test("a calendar that really does not change is told of by its age", async () => {
    const { host, problems } = await polled([ok(feed(event("a")), { etag: '"1"' }), ({ headers }) => (headers?.["if-none-match"] ? status(304) : ok(feed(event("a")), { etag: '"1"' }))], { every: "12h", stale: "2d" });
    for (let i = 0; i < 7; i++) {
      await host.clock.advance(12 * 3_600_000);
      for (let n = 0; n < 60; n++) await settled();
    }
    expect(problems()).toEqual(['ICL-105 {"count":2}', 'ICL-105 {"count":3}']);
  });

  test("304 to a request without a condition is no calendar", async () => {
    const { problems, said } = await polled([status(304)]);
    expect([problems(), said()]).toEqual([["ICL-103"], []]);
  });
});

describe("bad days", () => {
  const whole = ok(feed(event("a"), event("b")));
  test.each([
    ["half written", ok(feed(event("a", "new")).slice(0, 80)), 'ICS-003 {"line":1}'],
    ["a page of HTML", ok("<html>sorry</html>"), 'ICS-001 {"line":1}'],
    ["cut on the way", new EngineError("NET-208", { sent: true }), "NET-208"],
    ["a server fault", status(500), "ICL-101"], ["not now", status(429, { "retry-after": "1" }), "ICL-110"], ["not ours", status(401), "ICL-104"], ["gone", status(404), "ICL-104"],
    ["too large", { ...ok("x"), truncated: true }, "ICL-102"],
  ] as const)("%s: nothing is taken, nothing is lost, and the next whole one goes on", async (_, bad, problem) => {
    const { round, said, problems } = await polled([whole, bad, ok(feed(event("a", "later"), event("b")))]);
    await round();
    expect([said(), problems()]).toEqual([["a block", "b block"], [problem]]);
    await round();
    expect(said()).toEqual(["a block", "b block", "a later"]);
  });

  test("larger than the channel takes", async () => {
    const { problems, said } = await polled([ok(feed(event("a", "x".repeat(2000))))], { largest: "1kb" });
    expect([problems(), said()]).toEqual([["ICL-102"], []]);
  });

  test("empty once is not believed, twice it is", async () => {
    const { round, said, problems } = await polled([whole, ok(feed()), ok(feed())]);
    await round();
    expect([said(), problems()]).toEqual([["a block", "b block"], ['ICL-109 {"count":2}']]);
    await round();
    expect(said().slice(2).sort()).toEqual(["a cancelled", "b cancelled"]);
  });

  test("whoever asks to be left alone is", async () => {
    const { host, round } = await polled([status(503, { "retry-after": "300" })]);
    await round(4);
    expect(host.asked).toHaveLength(1);
    await round(2);
    expect(host.asked).toHaveLength(2);
  });

  test("what the channel refuses is told and passed; what the engine cannot take now comes again", async () => {
    const { host, round, problems } = await polled([whole]);
    expect(host.received).toHaveLength(2);
    const other = await polled([whole]);
    other.host.verdict = async () => ({ kind: "refused", code: "FLW-101" });
    await other.round();
    expect(problems()).toEqual([]);
    await round();
    expect(host.received).toHaveLength(2);
  });
});
