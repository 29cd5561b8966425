import { newCalendar } from "../../codec/ical/index.ts";
import type { PublishedTime } from "./feed-file.ts";

export interface BusyCalendar {
  readonly times: readonly PublishedTime[];
  readonly summary: string;
  readonly refreshMs: number;
  /** UID of the time that begins at a minute. */
  readonly uid: (since: number) => string;
}

/**
 * A feed as calendars read it (RFC 5545): busy times and a constant summary, nothing else. Times that touch or overlap are one, so that nobody counts what
 * is behind them. The same times give the same bytes.
 */
export function busyCalendar({ times, summary, refreshMs, uid }: BusyCalendar): string {
  const calendar = newCalendar({ METHOD: "PUBLISH" });
  const [root] = calendar.all("VCALENDAR");
  const refresh = `PT${Math.max(1, Math.round(refreshMs / 60_000))}M`;
  root?.add("REFRESH-INTERVAL", refresh, { VALUE: "DURATION" }).add("X-PUBLISHED-TTL", refresh);
  for (const { since, until, at } of merged(times)) {
    root?.addComponent("VEVENT").add("UID", uid(since)).add("DTSTAMP", utc(at)).add("DTSTART", utc(since * 60_000)).add("DTEND", utc(until * 60_000)).add("SUMMARY", summary).add("TRANSP", "OPAQUE");
  }
  // A calendar has at least one component (3.6).
  if (times.length === 0) root?.addComponent("VFREEBUSY").add("UID", uid(0)).add("DTSTAMP", utc(0));
  return calendar.toString();
}

/** By their beginning, as they come. */
function merged(times: readonly PublishedTime[]): PublishedTime[] {
  const out: PublishedTime[] = [];
  for (const each of times) {
    const before = out.at(-1);
    if (before && each.since <= before.until) out[out.length - 1] = { since: before.since, until: Math.max(before.until, each.until), at: Math.max(before.at, each.at) };
    else out.push(each);
  }
  return out;
}

function utc(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
}
