import { EngineError } from "../../../sdk/error.ts";
import { buildInterchange, type GroupOptions, type SegmentValue } from "../build.ts";
import type { ElementFault, SegmentFault, X12Fault } from "../check/index.ts";
import { elementOf, unpadded } from "../element.ts";
import type { X12Message } from "../message.ts";
import type { X12Line } from "../segments.ts";
import { type Fate, type GroupVerdict, type InterchangeVerdict, type SetVerdict, verdictsOf } from "./verdicts.ts";

export interface X12AckOptions extends Fate {
  /** Milliseconds since 1970, for the dates of the answer (UTC). */
  readonly now: number;
  /** ISA13 and GS06 of the answer; one more for each further interchange. */
  readonly controlNumber: number;
  /**
   * `TA1`: the envelope is answered and nothing else. `999`: each functional group too, by a 999 (005010X231A1), or by a 997 where it is of
   * version 4010. A 999 comes with a TA1 where ISA14 asks for one; an interchange whose envelope is rejected gets a TA1 alone.
   */
  readonly answer: "999" | "TA1";
  readonly lineEnd?: "" | "\n" | "\r\n";
}

/**
 * The answer to every interchange of a message, as interchanges: sender and receiver swapped, the delimiters and version of what came. It holds
 * control numbers, segment ids, positions and codes, and nothing else of the message. IK404 would copy the bad element, which may be anything, a name
 * in the place of a code as well, and CTX a claim number: neither is written. Groups of
 * acknowledgements (GS01 FA) are not answered: a text of nothing else gives the empty text.
 */
export function buildX12Ack(message: X12Message, faults: readonly X12Fault[], options: X12AckOptions): string {
  let out = "";
  let controlNumber = options.controlNumber;
  for (const verdict of verdictsOf(message, faults, options)) {
    const text = answerTo(verdict, message, { ...options, controlNumber });
    if (text === "") continue;
    out += text;
    controlNumber++;
  }
  return out;
}

function answerTo(verdict: InterchangeVerdict, message: X12Message, { now, controlNumber, answer, lineEnd, isTaken }: X12AckOptions): string {
  const { place, notes } = verdict;
  const lines = message.body.lines;
  const isa = lines[place.start] as X12Line;
  const element = (n: number) => elementOf(isa, n);
  const groups = verdict.groups.filter((group) => elementOf(lines[group.place.start] as X12Line, 1) !== "FA");
  const answered = answer === "999" && (notes.length === 0 || isTaken) ? groups : [];
  const isAnAnswer = verdict.groups.length > 0 ? groups.length === 0 : place.own.some((at) => lines[at]?.text.startsWith("TA1"));
  const wantsTa1 = notes.length > 0 || answer === "TA1" || element(14) === "1";
  if ((isAnAnswer && notes.length === 0) || (answered.length === 0 && !wantsTa1)) return "";
  const ta1: SegmentValue = ["TA1", formed(element(13), /^\d{1,9}$/, "000000000"), formed(element(9), /^\d{6}$/, "000000"), formed(element(10), /^\d{4}$/, "0000"), notes.length === 0 ? "A" : isTaken ? "E" : "R", notes[0] ?? "000"];
  return buildInterchange({
    sender: { qualifier: formed(element(7), /^[0-9A-Z]{2}$/, "ZZ"), id: unpadded(element(8)).slice(0, 15) },
    receiver: { qualifier: formed(element(5), /^[0-9A-Z]{2}$/, "ZZ"), id: unpadded(element(6)).slice(0, 15) },
    controlNumber,
    now,
    version: formed(element(12), /^\d{5}$/, "00501"),
    usage: formed(element(15), /^[PTI]$/, "P") as "P",
    delimiters: isa.marks,
    ...(lineEnd !== undefined && { lineEnd }),
    ...(wantsTa1 && { acknowledges: [ta1] }),
    groups: groupsOf(answered, lines, controlNumber),
  });
}

/** One group of answers for each pair of parties and version. */
function groupsOf(answered: readonly GroupVerdict[], lines: readonly X12Line[], controlNumber: number): GroupOptions[] {
  const by = new Map<string, GroupVerdict[]>();
  for (const verdict of answered) {
    const gs = lines[verdict.place.start] as X12Line;
    const key = [elementOf(gs, 2), elementOf(gs, 3), isOld(gs)].join("\n");
    by.set(key, [...(by.get(key) ?? []), verdict]);
  }
  return [...by.values()].map((verdicts, i) => {
    const gs = lines[(verdicts[0] as GroupVerdict).place.start] as X12Line;
    const old = isOld(gs);
    return {
      id: "FA",
      sender: elementOf(gs, 3).slice(0, 15),
      receiver: elementOf(gs, 2).slice(0, 15),
      controlNumber: controlNumber + i,
      convention: old ? "004010" : "005010X231A1",
      sets: verdicts.map((verdict) => ({ id: old ? "997" : "999", ...(!old && { convention: "005010X231A1" }), segments: groupSegments(verdict, lines, old) })),
    };
  });
}

function groupSegments({ place, code, notes, included, accepted, sets }: GroupVerdict, lines: readonly X12Line[], old: boolean): SegmentValue[] {
  const gs = lines[place.start] as X12Line;
  const convention = formed(elementOf(gs, 8), /^[0-9A-Z]{6,12}$/, "");
  const ak1: SegmentValue = ["AK1", formed(elementOf(gs, 1), /^[0-9A-Z]{2}$/, "ZZ"), formed(elementOf(gs, 6), /^\d{1,9}$/, "0"), old ? null : convention];
  const ak9: SegmentValue = ["AK9", code, included, sets.length, accepted, ...notes.slice(0, 5)];
  return [ak1, ...sets.flatMap((set) => setSegments(set, lines, convention, old)), ak9];
}

function setSegments({ place, code, notes, faults }: SetVerdict, lines: readonly X12Line[], convention: string, old: boolean): SegmentValue[] {
  const st = lines[place.start] as X12Line;
  const own = formed(elementOf(st, 3), /^[0-9A-Z]{6,12}$/, convention);
  const out: SegmentValue[] = [["AK2", formed(elementOf(st, 1), /^\d{3}$/, "000"), formed(elementOf(st, 2), /^[0-9A-Za-z]{4,9}$/, "0000"), old ? null : own]];
  let told = -1;
  for (const fault of faults) {
    if (fault.level === "segment") {
      out.push([old ? "AK3" : "IK3", fault.segment, fault.position, null, noteOf(fault, old)], ...contextOf(fault, old));
      continue;
    }
    if (fault.at !== told) out.push([old ? "AK3" : "IK3", fault.segment, fault.position, null, "8"]);
    told = fault.at;
    out.push([old ? "AK4" : "IK4", placeOf(fault, old), fault.number, noteOf(fault, old)], ...contextOf(fault, old));
  }
  // A 997 has no code for a control number that comes twice: to it the number is wrong.
  const codes = [...new Set(old ? notes.map((note) => (note === "23" ? "7" : note)) : notes)].slice(0, 5);
  out.push([old ? "AK5" : "IK5", code, ...codes]);
  return out;
}

/** What asks for a thing that is missing: segment, position, loop (four characters) and element. A 997 has no place for it. */
function contextOf({ trigger }: SegmentFault | ElementFault, old: boolean): SegmentValue[] {
  if (trigger === undefined || old) return [];
  const { segment, position, loop, element, component } = trigger;
  return [["CTX", "SITUATIONAL TRIGGER", segment, position, /^\d{4}/.exec(loop)?.[0] ?? null, component === 0 ? element : [element, component]]];
}

/** C030: element, component, repetition. */
function placeOf({ element, component, repetition }: ElementFault, old: boolean): (string | number | null)[] {
  return [element, component === 0 ? null : component, old || repetition === 0 ? null : repetition];
}

function noteOf({ note, old }: SegmentFault | ElementFault, forOld: boolean): string {
  const said = forOld ? (old ?? note) : note;
  if (!/^(?:I?\d{1,2})$/.test(said)) throw new EngineError("X12-110");
  return said;
}

function isOld(gs: X12Line): boolean {
  return elementOf(gs, 8) < "005";
}

/** What the sender wrote is said again only in the standard's form: something else may be anything. */
function formed(value: string, form: RegExp, otherwise: string): string {
  return form.test(value) ? value : otherwise;
}
