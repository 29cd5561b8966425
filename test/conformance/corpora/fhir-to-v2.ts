import { type Hl7Message, parseHl7 } from "../../../engine/codec/index.ts";
import { BackMapper, type BackOptions } from "../../../engine/codec/fhir-to-v2/index.ts";
import { checkHl7 } from "../../../engine/codec/hl7v2/strict/index.ts";
import { Mapper } from "../../../engine/codec/v2-to-fhir/index.ts";
import { readBackTables, readMapTables } from "../../../engine/sandbox/map-tables.ts";
import { codeOf } from "../../../engine/sdk/error.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import reasons from "../verdicts/fhir-to-v2.json" with { type: "json" };

/** HL7 v2 to FHIR and back: the fields below must say the same again. What does not has a reason in `verdicts/fhir-to-v2.json`, or is wrong. */
const stated: Readonly<Record<string, readonly string[]>> = {
  PID: ["3.1", "3.5", "5.1.1", "5.2", "7", "8.1", "11.1.1", "11.3", "11.4", "11.5", "13", "14", "16.1", "29", "30"],
  PV1: ["2.1", "3.1", "3.2", "3.3", "7.1", "7.2.1", "10.1", "19.1", "36.1", "44", "45"],
  NK1: ["2.1.1", "2.2", "3.1"],
  AL1: ["2.1", "3.1", "3.2", "5"],
  DG1: ["3.1", "3.2", "5"],
  OBR: ["2.1", "3.1", "4.1", "4.2", "4.3", "7", "8", "16.1", "16.2.1", "22", "25"],
  OBX: ["3.1", "3.2", "3.3", "5", "6.1", "7", "8", "11", "14", "16.1", "17.1"],
  NTE: ["3"],
  SPM: ["4.1", "17.1", "18"],
  SCH: ["1.1", "2.1", "7.1", "8.1", "9", "11.4", "11.5", "25.1"],
  AIS: ["3.1"],
  AIG: ["3.2"],
  AIL: ["3.1"],
  AIP: ["3.1", "3.2.1"],
};
const times = /^(?:PID-(?:7|29)|PV1-4[45]|DG1-5|OBR-(?:7|8|22)|OBX-14|SPM-1[78]|SCH-11)/;

interface Fact {
  readonly path: string;
  /** The order and test that a result is of. */
  readonly about: string;
  readonly value: string;
}

/** What a message says in the stated fields; repetitions apart. */
function* factsOf(message: Hl7Message): Generator<Fact> {
  let order = "";
  let test = "";
  for (const segment of message.segments) {
    const { name } = segment;
    if (name === "OBR") order = segment.get("4.1") || segment.get("4.2") || "";
    if (name === "OBX") test = `${order}/${segment.get("3.1") || segment.get("3.2")}`;
    const about = name === "OBR" ? order : name === "OBX" ? test : "";
    for (const field of stated[name] ?? []) {
      const [number = "", ...parts] = field.split(".");
      const count = segment.getRaw(number) === "" ? 0 : segment.getRaw(number).split(message.delimiters.repetition).length;
      for (let n = 1; n <= count; n++) {
        const at = [`${number}[${n}]`, ...parts].join(".");
        // A unit belongs to a number.
        const path = name === "OBX" && number === "6" && !/^(?:NM|SN)$/.test(segment.get("2") ?? "") ? "OBX-6 of words" : `${name}-${field}`;
        const value = plain(path, path === "OBX-5" ? result(segment, n) : path === "PID-13" || path === "PID-14" ? telecom(segment, `${number}[${n}]`) : (segment.get(at) ?? ""));
        if (value !== "") yield { path, about, value };
      }
    }
  }
}

type Segment = ReturnType<Hl7Message["all"]>[number];

/** A result whatever its type: number, comparator and range without their delimiters, a code, or words. */
function result(segment: Segment, n: number): string {
  const type = segment.get("2") ?? "";
  const part = (i: number) => segment.get(`5[${n}].${i}`) ?? "";
  if (type === "SN") return `${part(1) === "=" ? "" : part(1)}${part(2)}${part(3)}${part(4)}`;
  if (["CE", "CWE", "CNE", "CF"].includes(type)) return part(1) || part(2) || part(9);
  if (type === "ED") return part(5);
  return type === "DR" ? `${part(1)}/${part(2)}` : part(1);
}

/** A number by its digits, or an address. */
function telecom(segment: Segment, at: string): string {
  const part = (i: number) => segment.get(`${at}.${i}`) ?? "";
  return part(4) || (part(12) || [part(5), part(6), part(7), part(8)].join("") || part(1)).replaceAll(/\D/g, "");
}

function plain(path: string, value: string): string {
  const text = value.trim();
  // To the minute, as it stands in its own zone: FHIR writes seconds that nobody wrote.
  if (times.test(path)) return /^\d{4,}/.test(text) ? text.replace(/[+-]\d{4}$/, "").slice(0, 12) : text;
  return path === "NTE-3" || path === "OBX-5" ? text.replaceAll(/\\\.(?:br|sp)\\?\d*\\|\r\n?|\n/g, " ").replaceAll(/\s+/g, " ").replace(/^\+?(\d+)\.$/, "$1") : text;
}

const held: { forward?: Mapper; back?: BackMapper } = {};

function check(folder: string, file: string): Verdict {
  const forward = (held.forward ??= new Mapper(readMapTables(), "conformance"));
  const back = (held.back ??= new BackMapper(readBackTables()));
  const message = read(folder, file);
  const { bundle } = forward.map(message);
  const known = ["2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8"].includes(message.version);
  // An ORU without an OBR says no result; what it says of the patient goes back as an update.
  const event = message.type.startsWith("ORU") && message.all("OBR").length === 0 ? "ADT^A08" : message.type;
  const options = { ...(known ? { version: message.version } : {}) } as BackOptions;
  let again: Hl7Message;
  try {
    again = back.map(bundle, { ...options, event }, { now: Date.UTC(2026, 2, 9), controlId: "C1" }).message;
  } catch (error) {
    const code = codeOf(error, "CLI-999");
    if (code === "MAP-101") return { ok: false, explained: "the event is not one that is written back, and is refused (MAP-101)", differs: event };
    if (code === "MAP-002" && (message.values("PID-3.1").length === 0 || message.values("OBX-3").length < message.all("OBX").length || message.values("OBR-4").length < message.all("OBR").length)) return { ok: false, explained: "what the message cannot be without is not in the original either, and is refused (MAP-002)", differs: code };
    throw error;
  }
  const invalid = checkHl7(again).filter(({ severity, code }) => severity === "error" && code !== "HL7-409");
  const said = JSON.stringify(bundle);
  const got = new Map<string, number>();
  for (const fact of factsOf(again)) got.set(keyOf(fact), (got.get(keyOf(fact)) ?? 0) + 1);
  const figures: Record<string, number> = { facts: 0, equal: 0, invalid: invalid.length };
  const lost: string[] = [];
  const returned = new Map<string, number>();
  const why = new Set<string>();
  for (const fact of factsOf(message)) {
    figures["facts"] = (figures["facts"] ?? 0) + 1;
    const key = keyOf(fact);
    const left = got.get(key) ?? 0;
    if (left > 0) {
      got.set(key, left - 1);
      figures["equal"] = (figures["equal"] ?? 0) + 1;
      returned.set(fact.value, (returned.get(fact.value) ?? 0) + 1);
      continue;
    }
    const name = reasonOf(fact, said, got, returned.get(fact.value) ?? 0);
    if (name === undefined) lost.push(fact.path);
    else {
      figures[name] = (figures[name] ?? 0) + 1;
      why.add(name);
    }
    if (process.env["MAP_DIFFERENCES"] !== undefined) console.error(`${name ?? "LOST"}\t${file}\t${fact.path}\t${fact.about}\t${fact.value}`);
  }
  if (process.env["MAP_DIFFERENCES"] !== undefined) for (const { code, path } of invalid) console.error(`INVALID\t${file}\t${code} ${path}`);
  const wrong = [...lost, ...invalid.filter(({ code, path }) => !original(message, code, path)).map(({ code, path }) => `${code} ${path}`)];
  if (wrong.length > 0) return { ok: false, differs: wrong.join(" "), figures };
  return why.size === 0 ? { ok: true, figures } : { ok: false, explained: [...why].map((each) => (reasons.reasons as Readonly<Record<string, string>>)[each] ?? each).join("; "), differs: [...why].join(" "), figures };
}

function keyOf({ path, about, value }: Fact): string {
  return `${path} ${about} ${value}`;
}

/** Why a fact did not come back: the first rule that fits, or that FHIR does not hold it, or not as often. */
function reasonOf({ path, about, value }: Fact, bundle: string, got: ReadonlyMap<string, number>, returned: number): string | undefined {
  if (about.startsWith("/") && [...got].some(([key, n]) => n > 0 && key.startsWith(`${path} `) && key.endsWith(`${about} ${value}`))) return "own";
  if (times.test(path) && value.length > 8 && [...got].some(([key, n]) => n > 0 && key === `${path} ${about} ${value.slice(0, 8)}`)) return "zone";
  const rule = (reasons.rules as readonly { readonly path: string; readonly value?: string; readonly reason: string }[]).find((each) => new RegExp(each.path).test(path) && new RegExp(each.value ?? "").test(value));
  if (rule !== undefined) return rule.reason;
  const wanted = times.test(path) ? [value.slice(0, 4), value.slice(4, 6), value.slice(6, 8)].filter((each) => each !== "").join("-") : JSON.stringify(value);
  return bundle.split(wanted).length - 1 > returned ? undefined : "unmapped";
}

/** A fault that the original has in the same place is its own. */
function original(message: Hl7Message, code: string, path: string): boolean {
  return checkHl7(message).some((each) => each.code === code && each.path.replaceAll(/\[\d+\]/g, "") === path.replaceAll(/\[\d+\]/g, ""));
}

function read(folder: string, file: string): Hl7Message {
  return parseHl7(bytesOf(folder, file).toString("utf8").replaceAll(/\r\n?|\n/g, "\r"));
}

function corpus(folder: string): Corpus {
  return {
    name: `${folder}:fhir-to-v2`,
    cases: () => filesIn(folder, /\.hl7$/).filter((file) => /^\uFEFF?MSH\|[^\r\n]*\|(?:ORU|ADT|SIU)\^/.test(bytesOf(folder, file).toString("utf8"))),
    check: (file) => check(folder, file),
    summary: (figures) => ({ comes_back: Math.round(((figures.get("equal") ?? 0) / Math.max(1, figures.get("facts") ?? 0)) * 1000) / 1000 }),
  };
}

export const corpora: readonly Corpus[] = ["hl7v2/microsoft-fhir-converter", "hl7v2/cdc-reportstream-mapping", "hl7v2/cdc-reportstream-datatests", "hl7v2/cdc-data-exchange-hl7"].map(corpus);
