import type { Code } from "../../sdk/error.ts";
import { isTime, same, sameCode, sameFlags, sameRange, sameReportStatus, sameStatus, sameTime, sameUnit, sameValue } from "./agree.ts";
import { isUnitSpelling } from "../v2-to-fhir/vital-signs.ts";
import { type Order, type Report, type Result, squeezed } from "./report.ts";

/** What a message of results and what was made of it do not have in common: a code and a place, never a value. */
export interface ClinicalDifference {
  readonly code: Code;
  /** In what was received; of what was added, in what was made. */
  readonly path: string;
  /** Codes of the result that it is about, for exceptions by test. */
  readonly tests: readonly string[];
}

/** Holds what was made of a message against it (security-reliability CS-2): each result with its code, value, unit, range, flags, status and time, comments, patient, order, specimen. */
export function compareReports(received: Report, sent: Report): readonly ClinicalDifference[] {
  return [...patients(received, sent), ...orders(received, sent), ...results(received, sent), ...comments(received, sent), ...specimens(received, sent)];
}

function patients(received: Report, sent: Report): ClinicalDifference[] {
  const [was] = received.patients;
  const differs = (path: string): ClinicalDifference[] => [{ code: "CLN-111", path, tests: [] }];
  const ids = new Set(sent.patients.flatMap((each) => each.ids));
  // FHIR may name a patient by an identifier alone (Observation.subject.identifier).
  if (was === undefined) return [...ids].every((id) => received.identifiers.has(id)) ? [] : differs(sent.patients[0]?.path ?? "");
  if (!received.patients.every((each) => each.ids.every((id) => ids.has(id)))) return differs(was.path);
  const known = new Set(received.patients.flatMap((each) => [...each.ids, ...each.others]));
  const allowed = received.form === "fhir" && sent.form === "hl7v2" ? new Set([...known, ...received.identifiers]) : known;
  if (![...ids].every((id) => allowed.has(id))) return differs(was.path);
  // A name or a date that is left out is the boundary's business; one that is another is another person.
  const [families, births] = [received.patients.flatMap((each) => each.families), received.patients.map(({ birth }) => birth).filter(Boolean)];
  const named = new Set(families.map(spelled));
  const isOther = sent.patients.some((each) =>
    (each.families.length > 0 && families.length > 0 && !each.families.some((family) => named.has(spelled(family)))) ||
    (each.birth !== "" && births.length > 0 && !births.some((birth) => birth.startsWith(each.birth) || each.birth.startsWith(birth))));
  return isOther ? differs(was.path) : [];
}

/** Capitals make nobody another person. */
function spelled(family: string): string {
  return family.normalize("NFC").trim().toUpperCase();
}

function orders(received: Report, sent: Report): ClinicalDifference[] {
  const isSameForm = received.form === sent.form;
  const left = new Set(sent.orders);
  return received.orders.flatMap((was, i): ClinicalDifference[] => {
    const found: ClinicalDifference[] = [];
    const add = (code: Code) => found.push({ code, path: was.path, tests: was.code.codes });
    const is = nearest(was, left) ?? sent.orders[i];
    if (is) left.delete(is);
    if (!was.numbers.every((number) => sent.identifiers.has(number))) add("CLN-112");
    if (is === undefined) return found;
    const [hl7, fhir] = received.form === "hl7v2" ? [was, is] : [is, was];
    if (!(isSameForm ? same(was.code, is.code) : sameCode(hl7.code, fhir.code))) add("CLN-108");
    if (!(isSameForm ? was.status === is.status : sameReportStatus(hl7.status, fhir.status))) add("CLN-107");
    if (!(isSameForm ? was.time === is.time : isTimeKept(hl7, fhir, sent))) add("CLN-109");
    return found;
  });
}

/** The one with the most numbers in common, and with its code where several have as many. */
function nearest({ numbers, code }: Order, among: ReadonlySet<Order>): Order | undefined {
  let best: { readonly order: Order; readonly score: number } | undefined;
  for (const order of among) {
    const shared = order.numbers.filter((number) => numbers.includes(number)).length;
    const score = shared === 0 ? 0 : shared + (code.codes.some((each) => order.code.codes.includes(each)) ? 0.5 : 0);
    if (score > (best?.score ?? 0)) best = { order, score };
  }
  return best?.order;
}

/** The time may stand with the results alone. */
function isTimeKept(hl7: Order, fhir: Order, sent: Report): boolean {
  if (fhir.time !== "" && isTime(hl7.time)) return sameTime(hl7.time, fhir.time);
  if (sent.form === "hl7v2") return fhir.time === "" || hl7.time !== "";
  return !isTime(hl7.time) || sent.results.some(({ time }) => time !== "");
}

/** Observations that HL7's map makes of PD1, which is no result: LOINC 75320-2, advance directive. */
const aboutPatient: ReadonlySet<string> = new Set(["75320-2"]);

function results(received: Report, sent: Report): ClinicalDifference[] {
  const left = new Set(sent.results);
  const byCode = new Map<string, Result[]>();
  for (const result of sent.results) for (const key of keysOf(result)) byCode.set(key, [...(byCode.get(key) ?? []), result]);
  const candidates = (was: Result) => [...new Set(keysOf(was).flatMap((key) => byCode.get(key) ?? []))].filter((is) => left.has(is));
  // Those that are all there come first, so that what is left is what differs.
  const changed = received.results.filter((was) => {
    const is = candidates(was).find((each) => differing(received, was, each).length === 0);
    return is === undefined || !left.delete(is);
  });
  const unpaired: Result[] = [];
  const found: ClinicalDifference[] = [];
  for (const was of changed) {
    const [best] = candidates(was).map((is) => ({ is, codes: differing(received, was, is) })).toSorted((a, b) => a.codes.length - b.codes.length);
    if (best === undefined) unpaired.push(was);
    else {
      left.delete(best.is);
      found.push(...best.codes.map((code) => ({ code, path: was.path, tests: was.code.codes })));
    }
  }
  const rest = [...left];
  for (const was of unpaired) {
    if (isDocument(was) && isKeptAsText(was, sent)) continue;
    const is = rest.shift();
    const codes: readonly Code[] = is === undefined ? (sent.form === "fhir" && isKeptAsText(was, sent) && was.status === "" ? [] : ["CLN-101"]) : [...new Set<Code>(["CLN-108", ...differing(received, was, is)])];
    found.push(...codes.map((code) => ({ code, path: was.path, tests: was.code.codes })));
  }
  return [...found, ...rest.filter(({ code }) => !code.codes.some((each) => aboutPatient.has(each))).map(({ path, code }): ClinicalDifference => ({ code: "CLN-102", path, tests: code.codes }))];
}

/** By what a result is looked for: its codes, else its names, else nothing. */
function keysOf({ code }: Result): readonly string[] {
  const keys = code.codes.length > 0 ? code.codes : code.texts;
  return keys.length === 0 ? [""] : keys.map(squeezed);
}

function differing({ form }: Report, was: Result, is: Result): readonly Code[] {
  const [hl7, fhir] = form === "hl7v2" ? [was, is] : [is, was];
  const isSame = was.value.whole === is.value.whole && isSameForm(was, is);
  const aspects: readonly (readonly [Code, () => boolean])[] = isSameForm(was, is)
    ? [
        ["CLN-108", () => same(was.code, is.code) && was.subId === is.subId],
        ["CLN-103", () => isSame && was.type === is.type],
        ["CLN-104", () => same(was.unit, is.unit)],
        ["CLN-105", () => same(was.range, is.range)],
        ["CLN-106", () => same(was.flags, is.flags)],
        ["CLN-107", () => was.status === is.status],
        ["CLN-109", () => was.time === is.time],
      ]
    : [
        ["CLN-108", () => sameCode(hl7.code, fhir.code)],
        ["CLN-103", () => sameValue(hl7, fhir) || (isDocument(hl7) && fhir.value.texts.length === 0)],
        ["CLN-104", () => isDocument(hl7) || sameUnit(hl7, fhir, isUnitSpelling)],
        ["CLN-105", () => sameRange(hl7.range, fhir.range)],
        ["CLN-106", () => sameFlags(hl7.flags, fhir.flags)],
        ["CLN-107", () => sameStatus(hl7, fhir)],
        ["CLN-109", () => isObserved(hl7, fhir, form)],
      ];
  return aspects.flatMap(([code, isKept]) => (isKept() ? [] : [code]));
}

/** OBX-14 is kept with the result; what is stated for the order alone may stand with its report alone. */
function isObserved(hl7: Result, fhir: Result, form: Report["form"]): boolean {
  if (fhir.time === "") return form === "fhir" || !hl7.isOwnTime || !isTime(hl7.time);
  if (hl7.time === "") return form === "hl7v2";
  return !isTime(hl7.time) || sameTime(hl7.time, fhir.time);
}

/** The type of a value is a data type of its form. */
function isSameForm(a: Result, b: Result): boolean {
  return a.path.startsWith("OBX") === b.path.startsWith("OBX");
}

/** Encapsulated data and references: FHIR has attachments for them, of several resources. */
function isDocument({ type }: Result): boolean {
  return type === "ED" || type === "RP";
}

/** What became text of a report or an attachment: every part of it stands there. */
function isKeptAsText({ value }: Result, sent: Report): boolean {
  const parts = value.codes.length > 0 ? value.codes : value.texts;
  const longest = parts.map(squeezed).reduce((a, b) => (b.length > a.length ? b : a), "");
  return longest !== "" && sent.words().includes(longest);
}

function comments(received: Report, sent: Report): ClinicalDifference[] {
  if (received.comments.length === 0) return [];
  const differs = (i: number): ClinicalDifference => ({ code: "CLN-110", path: received.form === "hl7v2" ? `NTE[${i + 1}]` : "note", tests: [] });
  if (received.form === "hl7v2" && sent.form === "hl7v2") {
    const left = [...sent.comments];
    return received.comments.flatMap((comment, i) => {
      const at = left.indexOf(comment);
      if (at < 0) return [differs(i)];
      left.splice(at, 1);
      return [];
    });
  }
  const words = sent.form === "fhir" ? sent.words() : squeezed([...sent.comments, ...sent.results.flatMap(({ value }) => value.texts)].join(""));
  return received.comments.flatMap((comment, i) => (words.includes(squeezed(comment)) ? [] : [differs(i)]));
}

function specimens(received: Report, sent: Report): ClinicalDifference[] {
  const differs = (path: string): ClinicalDifference => ({ code: "CLN-113", path, tests: [] });
  if (received.form === sent.form) {
    return received.specimens.flatMap((was, i) => (sent.specimens[i]?.what === was.what && sent.specimens[i]?.time === was.time ? [] : [differs(was.path)]));
  }
  // A transform need not make a Specimen; one that it makes was taken when the message says.
  const times = [...received.specimens.map(({ time }) => time), ...received.orders.map(({ time }) => time)].filter((time) => time !== "");
  return sent.specimens.flatMap(({ time, path }) =>
    time === "" || times.length === 0 || times.some((each) => (received.form === "hl7v2" ? sameTime(each, time) : sameTime(time, each))) ? [] : [differs(path)]);
}
