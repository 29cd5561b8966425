import { eventNames } from "../runtime/event-catalogue.ts";
import { clockTime } from "./time-text.ts";

/** An event as the engine tells it: names, numbers, codes. */
export type EventLine = Readonly<Record<string, unknown>>;

/** What an event is, by its arrow: into the engine, out of it, not yet, not at all, stopped, or of the engine itself. */
export const arrows: Readonly<Record<string, string>> = {
  stored: "<-", duplicate: "<-", "not-accepted": "<x", unanswered: "<x", "same-id-other-bytes": "<-", "source-problem": "<x",
  delivered: "->", filtered: "-/", retry: "~>", refused: "x>", rejected: "x>", dead: "x>", cancelled: "x>",
  held: "||", paused: "||", resumed: "->", retried: "~>", replayed: "~>", resolved: "->", discarded: "x>",
};

/** Events that `--kind` may name. */
export const kinds: readonly string[] = eventNames;

/** Fields that have a place of their own in the line. */
const placed: ReadonlySet<string> = new Set(["at", "event", "channel", "destination", "lane", "message", "partner", "code"]);

/** One event as one line: time, arrow, message, what, where, and whom it came from or goes to. */
export function eventLine(event: EventLine): string {
  const what = String(event["event"]);
  const arrow = arrows[what] ?? "..";
  const where = event["lane"] ?? (event["destination"] === undefined ? event["channel"] : `${event["channel"]}/${event["destination"]}`);
  const partner = event["partner"] === undefined ? "" : `${arrow.startsWith("<") ? "from" : "to"} ${event["partner"]}`;
  const rest = Object.entries(event).filter(([key]) => !placed.has(key)).map(([key, value]) => `${key}=${value}`);
  const message = event["message"] === undefined ? "" : `m${event["message"]}`;
  return [clock(String(event["at"])), arrow, message.padEnd(7), what.padEnd(12), where, partner, event["code"], ...rest]
    .filter((part) => part !== undefined && part !== "")
    .join(" ")
    .trimEnd();
}

function clock(at: string): string {
  const ms = Date.parse(at);
  return `${clockTime(ms)}.${String(ms % 1000).padStart(3, "0")}`;
}
