import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { simulator } from "./simulator.ts";

/** What goes wrong with the next answer. `half`: the text ends in the middle. `cut`: it ends before its Content-Length. `empty`: a calendar without events. */
export type CalendarTrouble = "half" | "cut" | "empty" | "fault" | "busy";

export interface CalendarHost {
  /** A calendar as its owner keeps it: the lines of its components. */
  put(name: string, ...lines: readonly string[]): void;
  /** For the next answers of a calendar, one each. */
  trouble(name: string, ...kinds: CalendarTrouble[]): void;
  /** Says of this calendar "not modified" to whoever names an ETag, whatever has changed. */
  readonly frozen: Set<string>;
  /** Answers 304, by calendar. */
  readonly notModified: Map<string, number>;
  /** Requests, by calendar. */
  readonly asked: Map<string, number>;
}

/** A host of calendars that answers conditional requests, as its owners' programs write them. It shares no code with the engine. */
export const calendarHost = simulator<CalendarHost>("calendar", 8068, (arrivals) => {
  const calendars = new Map<string, string>();
  const troubles = new Map<string, CalendarTrouble[]>();
  const told: CalendarHost = {
    put: (name, ...lines) => void calendars.set(name, ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example Calendars//EN", "METHOD:PUBLISH", ...lines, "END:VCALENDAR", ""].join("\r\n")),
    trouble: (name, ...kinds) => void troubles.set(name, [...(troubles.get(name) ?? []), ...kinds]),
    frozen: new Set(),
    notModified: new Map(),
    asked: new Map(),
  };
  const count = (in_: Map<string, number>, name: string) => void in_.set(name, (in_.get(name) ?? 0) + 1);
  const server = createServer((request, response) => {
    arrivals.push({ path: request.url ?? "", headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])), body: "" });
    const name = /^\/calendars\/(\w+)\.ics$/.exec(request.url ?? "")?.[1] ?? "";
    count(told.asked, name);
    const text = calendars.get(name) ?? ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example Calendars//EN", "END:VCALENDAR", ""].join("\r\n");
    const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
    const asked = request.headers["if-none-match"];
    const trouble = troubles.get(name)?.shift();
    const head = { "content-type": "text/calendar; charset=utf-8", etag };
    if (trouble === "fault") return void response.writeHead(500).end("fault");
    if (trouble === "busy") return void response.writeHead(503, { "retry-after": "1" }).end();
    if (trouble === "half") return void response.writeHead(200, { ...head, etag: '"half"' }).end(text.slice(0, Math.floor(text.length * 0.6)));
    if (trouble === "cut") {
      response.writeHead(200, { ...head, etag: '"cut"', "content-length": Buffer.byteLength(text) });
      return void response.write(text.slice(0, Math.floor(text.length * 0.6)), () => request.socket.destroy());
    }
    if (trouble === "empty") return void response.writeHead(200, { ...head, etag: '"empty"' }).end(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example Calendars//EN", "END:VCALENDAR", ""].join("\r\n"));
    if (asked !== undefined && (asked === etag || told.frozen.has(name))) {
      count(told.notModified, name);
      return void response.writeHead(304, { etag: asked }).end();
    }
    response.writeHead(200, head).end(text);
  });
  return { server, told };
});
