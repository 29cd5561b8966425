import { parseIcal } from "../../../engine/codec/index.ts";
import { type Example, hardCases, startsOf, workedExamples } from "../../../engine/codec/ical/recur/examples.fixture.ts";
import { ianaZones, occurrences } from "../../../engine/codec/ical/recur/index.ts";
import { readWhen } from "../../../engine/codec/ical/recur/times.ts";
import { instantOf, utc } from "../../../engine/codec/ical/recur/zone.ts";
import type { IcalComponent } from "../../../engine/codec/ical/message.ts";
import { codeOf } from "../../../engine/sdk/error.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { newYork, type Peer, peers, type Question } from "../recurrence/peers.ts";
import { settled } from "../recurrence/settled.ts";

const zones = ianaZones();

/** Ours against the dates of the RFC; of each library, how many it has wrong. */
function examples(name: string, all: readonly Example[]): Corpus {
  return {
    name: `ical/recurrence:${name}`,
    cases: () => all.map(({ what }) => what),
    check: (what) => {
      const example = all.find((each) => each.what === what) as Example;
      const isDate = example.start.length === 8;
      const zone = isDate ? utc : (zones(example.zone ?? "America/New_York") ?? utc);
      const wanted = startsOf(example).map((start) => instantOf(readWhen(start)?.wall ?? 0, zone) * 1000);
      const head = isDate ? ";VALUE=DATE" : `;TZID=${example.zone ?? "America/New_York"}`;
      const question: Question = {
        start: `DTSTART${head}:${example.start}`, rules: [example.rule], others: example.exdate ? [`EXDATE${head}:${example.exdate}`] : [], zones: isDate ? "" : newYork,
        most: /COUNT|UNTIL/.test(example.rule) ? wanted.length + 5 : wanted.length, to: Date.UTC(2045, 0),
      };
      const figures: Record<string, number> = {};
      for (const [peer, ask] of Object.entries(peers)) figures[`${peer}_wrong`] = isSame(told(ask, question), wanted) ? 0 : 1;
      return { ok: isSame(told(ours, question), wanted), differs: "other dates than the RFC's", figures };
    },
  };
}

const ours: Peer = ({ start, rules, others, most, to }) => {
  const message = parseIcal(["BEGIN:VEVENT", start, ...rules.map((rule) => `RRULE:${rule}`), ...others, "END:VEVENT", ""].join("\r\n"));
  const first = readWhen(message.get("VEVENT/DTSTART"))?.wall ?? 0;
  // A window that grows until it holds enough.
  for (let days = 30; ; days *= 4) {
    const end = Math.min(to, (first + days * 86_400) * 1000);
    const found = occurrences(message, { from: (first - 2 * 86_400) * 1000, to: end, limit: 100_000 });
    if (found.length >= most || end === to) return found.slice(0, most).map(({ start: each }) => each.instant * 1000);
  }
};

function told(ask: Peer, question: Question): readonly number[] | string {
  try {
    return ask(question);
  } catch (error) {
    return codeOf(error, "CLI-999" as never);
  }
}

function isSame(a: readonly number[] | string, b: readonly number[] | string): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const folder = "ical/collective-icalendar";
const kinds = ["VEVENT", "VTODO", "VJOURNAL", "VAVAILABILITY/AVAILABLE", "VTIMEZONE/STANDARD", "VTIMEZONE/DAYLIGHT"];

function recurring(file: string): readonly { readonly name: string; readonly component: IcalComponent }[] {
  try {
    const message = parseIcal(bytesOf(folder, file).toString("utf8"));
    return kinds.flatMap((kind) => message.all(kind).map((component, i) => ({ name: `${file} ${kind}[${i + 1}]`, component }))).filter(({ component }) => component.values("RRULE").length + component.values("RDATE").length > 0);
  } catch {
    return [];
  }
}

/** Every component of the corpus that recurs: ours against two that others wrote. */
const corpus: Corpus = {
  name: "ical/recurrence:corpus",
  cases: () => filesIn(folder, /\.ics$/).flatMap((file) => recurring(file).map(({ name }) => name)),
  check: (name) => {
    const file = name.slice(0, name.lastIndexOf(" "));
    const component = recurring(file).find((each) => each.name === name)?.component as IcalComponent;
    const question = questionOf(file, component);
    const mine = told(ours, question);
    const figures: Record<string, number> = { compared: 1 };
    const differing: string[] = [];
    // rrule-temporal takes no set of dates without a rule; the set of rrule does.
    for (const peer of question.rules.length > 0 ? (["ical.js", "rrule-temporal"] as const) : (["ical.js", "rrule"] as const)) {
      const theirs = told(peers[peer], question);
      const isEqual = typeof mine !== "string" && typeof theirs !== "string" && isSame([...theirs].sort((a, b) => a - b), mine);
      figures[`${peer}_differs`] = isEqual ? 0 : 1;
      if (!isEqual) differing.push(`${peer} ${typeof theirs === "string" ? "fails" : theirs.length} against ${typeof mine === "string" ? mine : mine.length}`);
    }
    if (differing.length === 0) return { ok: true, figures };
    const rule = settled.find(({ which }) => which.test(name))?.rule;
    return { ok: false, differs: differing.join("; "), figures, ...(rule !== undefined && { explained: `docs/conformance/recurrence.md: ${rule}` }) } satisfies Verdict;
  },
};

/** The lines of a component as they would stand in an event of their own, periods by their starts; zones of the file that define themselves go with them. */
function questionOf(file: string, component: IcalComponent): Question {
  const lines = component.toString().replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const named = (name: string) => lines.filter((line) => new RegExp(`^${name}[;:]`).test(line));
  // What names no zone of the IANA database is asked on its own clock.
  const zoned = (line: string) => line.replace(/;TZID=("[^"]*"|[^;:]*)/, (_, tzid: string) => (zones(tzid.replaceAll('"', "")) ? `;TZID=${tzid.replaceAll('"', "")}` : "")).replace(/;VALUE=DATE-TIME/, "");
  const starts = (line: string) => (/;VALUE=PERIOD/.test(line) ? line.replace(/;VALUE=PERIOD/, "").replace(/:.*$/, (values) => values.replace(/\/[^,]*/g, "")) : line);
  const text = bytesOf(folder, file).toString("utf8").replaceAll("\r\n", "\n");
  const defined = [...text.matchAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE/g)].map(([zone]) => zone.replaceAll("\n", "\r\n")).join("\r\n");
  return {
    start: zoned(named("DTSTART")[0] ?? ""),
    rules: named("RRULE").map((line) => line.slice("RRULE:".length)),
    others: [...named("RDATE"), ...named("EXDATE"), ...named("EXRULE")].map(zoned).map(starts),
    zones: component.name === "STANDARD" || component.name === "DAYLIGHT" ? "" : defined,
    most: 40,
    to: Date.UTC(2060, 0),
  };
}

export const corpora: readonly Corpus[] = [examples("rfc5545-3.8.5.3", workedExamples), examples("hard", hardCases), corpus];
