import { readFileSync } from "node:fs";
import { decode } from "../../../engine/codec/bytes/index.ts";
import { detectFormat, fromJcal, parseIcal, toJcal } from "../../../engine/codec/index.ts";
import { problemsOf } from "../../../engine/codec/validate.ts";
import { codeOf } from "../../../engine/sdk/error.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";

const folder = "ical/collective-icalendar";

interface Row {
  readonly read: boolean;
  readonly faults: readonly string[];
}
const verdicts = (JSON.parse(readFileSync(new URL("../verdicts/ical.json", import.meta.url), "utf8")) as { readonly files: Readonly<Record<string, Row>> }).files;

/** Whether a file can be read, the faults that it has, and the way back to its bytes. */
const files: Corpus = {
  name: folder,
  cases: () => filesIn(folder, /\.ics$/),
  check: (name) => {
    const wanted = verdicts[name];
    if (wanted === undefined) return { ok: false, differs: "no verdict" };
    const bytes = bytesOf(folder, name);
    const found = faultsOf(bytes);
    const figures = { unreadable: found.read ? 0 : 1, faulty: found.read && found.faults.length > 0 ? 1 : 0 };
    if (found.read !== wanted.read || found.faults.join() !== [...wanted.faults].sort().join()) return { ok: false, differs: `read ${found.read} ${found.faults.join()}`, figures };
    return { ...(found.read ? roundTripped(bytes, "ical") : { ok: true }), figures };
  },
};

function faultsOf(bytes: Uint8Array): Row {
  try {
    const tree = parseIcal(decode(bytes, { format: "ical" }).text);
    const errors = problemsOf(tree).filter(({ severity }) => severity === "error");
    return { read: true, faults: [...new Set(errors.map(({ code }) => code))].sort() };
  } catch (error) {
    return { read: false, faults: [codeOf(error, "CLI-999" as never)] };
  }
}

/** The format told by content: all that can be read, and jCal as JSON. */
const told: Corpus = {
  name: `${folder}:detect`,
  cases: () => filesIn(folder, /\.(?:ics|jcal)$/).filter((name) => name.endsWith(".jcal") || (verdicts[name]?.read ?? false)),
  check: (name) => {
    const found = detectFormat(bytesOf(folder, name).toString("utf8"));
    if (found === (name.endsWith(".jcal") ? "json" : "ical")) return { ok: true };
    const differs = `told as ${found}`;
    return /^\s*BEGIN:(?:MYCOMP|V\b)/i.test(bytesOf(folder, name).toString("utf8").replace("\uFEFF", ""))
      ? { ok: false, differs, explained: "a component of no standard at the top is told by its name alone, which any text may begin with" }
      : { ok: false, differs };
  },
};

/** Pairs of iCalendar and jCal give each other; jCal alone comes back; every file that jCal can express comes back through it. */
const jcal: Corpus = {
  name: `${folder}:jcal`,
  cases: () => [...filesIn(folder, /\.jcal$/), ...filesIn(folder, /\.ics$/).filter((name) => verdicts[name]?.read === true)],
  check: (name) => (name.endsWith(".jcal") ? pairHolds(name) : comesBack(name)),
};

function pairHolds(name: string): Verdict {
  const given: unknown = JSON.parse(bytesOf(folder, name).toString("utf8"));
  const differs: string[] = [];
  if (!isSame(toJcal(parseIcal(fromJcal(given))), given)) differs.push("jCal through iCalendar");
  const pair = name.replace(/_jcal\.jcal$/, "_ical.ics");
  const hasPair = pair !== name && filesIn(folder, /\.ics$/).includes(pair);
  if (hasPair && !isSame(toJcal(parseIcal(bytesOf(folder, pair).toString("utf8"))), given)) differs.push("iCalendar as jCal");
  return { ok: differs.length === 0, differs: differs.join(), figures: { pairs: hasPair ? 1 : 0 } };
}

function comesBack(name: string): Verdict {
  const message = parseIcal(bytesOf(folder, name).toString("utf8"));
  try {
    const first = toJcal(message);
    return { ok: isSame(toJcal(parseIcal(fromJcal(JSON.parse(JSON.stringify(first))))), first) };
  } catch (error) {
    const code = codeOf(error, "CLI-999" as never);
    const faults = verdicts[name]?.faults ?? [];
    const isTold = (code === "ICS-105" && faults.includes("ICS-202")) || (code === "ICS-104" && faults.includes("ICS-208")) || (code === "ICS-103" && faults.includes("ICS-209"));
    return isTold ? { ok: true, figures: { inexpressible: 1 } } : { ok: false, differs: code };
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export const corpora: readonly Corpus[] = [files, told, jcal];
