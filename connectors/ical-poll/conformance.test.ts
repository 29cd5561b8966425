import { connectorConformance, settled, type Sender, type SourceHost } from "../../engine/sdk/testing/index.ts";
import icalPoll from "./index.ts";

const encode = (text: string) => new TextEncoder().encode(text);
let events = 0;

interface Kept {
  readonly uid: string;
  readonly text: string;
  readonly answers: ("positive" | "negative")[];
}

/** A feed for each host. What the source remembers of an event, it has taken. */
const servers = new WeakMap<SourceHost, { all: Kept[]; told: Set<string> }>();

function serverOf(host: SourceHost) {
  let server = servers.get(host);
  if (!server) {
    const made = (server = { all: [] as Kept[], told: new Set<string>() });
    servers.set(host, made);
    host.answer = () => ({ status: 200, headers: {}, body: encode(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${made.all.map(({ text }) => text).join("")}END:VCALENDAR\r\n`) });
  }
  return server;
}

function tell(host: SourceHost, refusedBefore: number): void {
  const { all, told } = serverOf(host);
  const isRefused = host.problems.filter(({ code }) => code === "ICL-107").length > refusedBefore;
  const known = host.memory.get("uma") ?? new Map<string, Uint8Array>();
  for (const { uid, answers } of all) {
    if (told.has(uid) || !known.has(host.context.opaque(uid))) continue;
    told.add(uid);
    answers.push(isRefused ? "negative" : "positive");
  }
}

connectorConformance(icalPoll, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { calendars: { uma: "/uma.ics" }, every: "1s" },
    opens: 0,
    message: (text) => encode(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-CALENDAR-OF:uma\r\nBEGIN:VEVENT\r\nUID:e${++events}\r\nSUMMARY:${text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`),
    connect(host): Sender {
      const { all } = serverOf(host);
      const answers: ("positive" | "negative")[] = [];
      return {
        send: (message) => {
          const [text = ""] = /BEGIN:VEVENT\r\n[\s\S]*END:VEVENT\r\n/.exec(new TextDecoder().decode(message)) ?? [];
          all.push({ uid: /UID:(\S+)/.exec(text)?.[1] ?? "", text, answers });
        },
        answers: () => answers,
        heard: () => host.asked.map(({ headers, path }) => [headers, path]),
        vanish: () => {},
      };
    },
    async fetches(host) {
      serverOf(host);
      const before = host.problems.filter(({ code }) => code === "ICL-107").length;
      await host.clock.advance(1000);
      for (let i = 0; i < 60; i++) await settled();
      tell(host, before);
    },
  },
});
