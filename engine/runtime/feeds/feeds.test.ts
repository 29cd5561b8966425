import { createHash } from "node:crypto";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { codeOf, SecretRef, type Envelope } from "../../sdk/index.ts";
import { isReleased, seal } from "../../phi/release.ts";
import { busyCalendar } from "./busy-calendar.ts";
import { busyUid, feedOf, feedToken } from "./feed-token.ts";
import { Feeds } from "./feeds.ts";

const keyedId = (purpose: string, ...parts: readonly string[]) => createHash("sha256").update(JSON.stringify([purpose, ...parts])).digest("hex").slice(0, 32);
let nonce = 0;
const now = Date.UTC(2026, 2, 1, 8);
const minute = (at: string) => Date.parse(at) / 60_000;
const nine = minute("2026-03-09T09:00:00Z");
const served = { secret: new SecretRef("file", "feeds"), feeds: { "uma-sample": 1, "ben-example": 1 }, summary: "Busy", keepMs: 86_400_000, refreshMs: 900_000 };
const made = () => new Feeds({ clock: { now: () => now } as never, random: { bytes: (length) => new Uint8Array(length).fill(++nonce) }, keyedId, isReleased });
const release = (value: unknown) => seal("readers", { endpoint: "calendars", body: new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)) } satisfies Envelope);
const time = (more: object = {}) => ({ feed: "uma-sample", item: "t1", start: nine, minutes: 30, busy: true, ...more });
const code = (act: () => unknown) => {
  try {
    act();
    return undefined;
  } catch (error) {
    return codeOf(error, "FLW-000");
  }
};

describe("what is published", () => {
  test("the newest of an item counts, and an older message that comes later changes nothing", () => {
    const feeds = made();
    feeds.publish("a/feed", served, release(time()), 1);
    feeds.publish("a/feed", served, release(time({ start: nine + 60 })), 3);
    feeds.publish("a/feed", served, release(time({ start: nine + 600 })), 2);
    expect(feeds.busy("a/feed", "uma-sample", 0)).toMatchObject([{ since: nine + 60, until: nine + 90 }]);
    feeds.publish("a/feed", served, release(time({ start: nine + 60, busy: false })), 4);
    expect(feeds.busy("a/feed", "uma-sample", 0)).toEqual([]);
  });

  test("what goes to another provider leaves the first one's feed; what is over is dropped", () => {
    const feeds = made();
    feeds.publish("a/feed", served, release(time()), 1);
    feeds.publish("a/feed", served, release(time({ feed: "ben-example" })), 2);
    expect([feeds.busy("a/feed", "uma-sample", 0), feeds.busy("a/feed", "ben-example", 0).length]).toEqual([[], 1]);
    feeds.publish("a/feed", served, release(time({ item: "old", start: minute("2026-02-01T09:00:00Z") })), 3);
    expect(feeds.busy("a/feed", "uma-sample", 60 * 86_400_000)).toEqual([]);
  });

  test.each([["{", "ICL-120"], ["[]", "ICL-120"], [time({ start: 1.5 }), "ICL-120"], [time({ minutes: 0 }), "ICL-120"], [time({ start: -1 }), "ICL-120"], [time({ start: 1e12 }), "ICL-120"], [time({ busy: "yes" }), "ICL-120"], [time({ item: 7 }), "ICL-120"], [time({ feed: "toString" }), "ICL-121"], [time({ feed: "nobody" }), "ICL-121"]])("%j is refused", (body, expected) => {
    expect(code(() => made().publish("a/feed", served, release(body), 1))).toBe(expected);
  });

  test("what the guard did not release is refused, and one release is published once", () => {
    const feeds = made();
    const released = release(time());
    expect(code(() => feeds.publish("a/feed", served, { partner: "readers", envelope: released.envelope } as never, 1))).toBe("NET-201");
    feeds.publish("a/feed", served, released, 1);
    expect(code(() => feeds.publish("a/feed", served, released, 1))).toBe("NET-214");
  });
});

describe("a feed", () => {
  const calendar = (times: readonly { since: number; until: number; at: number }[]) => busyCalendar({ times, summary: "Busy", refreshMs: 900_000, uid: (since) => busyUid("s", { lane: "a/feed", feed: "uma-sample" }, since) });

  test("is read by another library: busy times that touch are one, and nothing but times is in it", () => {
    const text = calendar([{ since: nine, until: nine + 30, at: now }, { since: nine + 30, until: nine + 60, at: now + 1000 }, { since: nine + 45, until: nine + 50, at: now }, { since: nine + 120, until: nine + 150, at: now }]);
    const read = new ICAL.Component(ICAL.parse(text));
    const events = read.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
    expect(events.map(({ summary, startDate, endDate }) => [summary, startDate.toJSDate().toISOString(), endDate.toJSDate().toISOString()])).toEqual([
      ["Busy", "2026-03-09T09:00:00.000Z", "2026-03-09T10:00:00.000Z"], ["Busy", "2026-03-09T11:00:00.000Z", "2026-03-09T11:30:00.000Z"],
    ]);
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(2);
    expect(new Set(text.match(/^[A-Z-]+/gm))).toEqual(new Set(["BEGIN", "VERSION", "PRODID", "METHOD", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP", "END"]));
  });

  test("is the same bytes for the same times, and a calendar without any", () => {
    const times = [{ since: nine, until: nine + 30, at: now }];
    expect(calendar(times)).toBe(calendar(times));
    expect(new ICAL.Component(ICAL.parse(calendar([]))).getAllSubcomponents().length).toBe(1);
  });
});

describe("addresses", () => {
  const token = (feed: string, epoch = 1, secret = "s", lane = "a/feed") => feedToken(secret, { lane, feed, epoch });

  test("a token opens its feed alone, and none once its number, the secret or the lane is another", () => {
    expect(token("uma-sample")).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(feedOf(token("uma-sample"), "s", "a/feed", served.feeds)).toBe("uma-sample");
    for (const other of [token("uma-sample", 2), token("uma-sample", 1, "t"), token("uma-sample", 1, "s", "b/feed"), token("nobody"), "", "x".repeat(43)]) expect(feedOf(other, "s", "a/feed", served.feeds)).toBeUndefined();
    expect(feedOf(token("uma-sample"), "s", "a/feed", { "uma-sample": 2 })).toBeUndefined();
  });
});

describe("what a source remembers", () => {
  test("comes back, is sealed, is its channel's alone, and is forgotten", () => {
    const feeds = made();
    const [uma, other] = [feeds.memoryOf("blocks"), feeds.memoryOf("others")];
    uma.write("uma", "e1", new TextEncoder().encode("SUMMARY:Rita Roe"));
    expect(new TextDecoder().decode(uma.read("uma", "e1"))).toBe("SUMMARY:Rita Roe");
    expect([uma.names("uma"), uma.names("ben"), other.names("uma"), other.read("uma", "e1")]).toEqual([["e1"], [], [], undefined]);
    uma.write("uma", "e1", undefined);
    expect([uma.names("uma"), uma.read("uma", "e1")]).toEqual([[], undefined]);
  });
});
