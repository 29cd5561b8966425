import type { Code } from "../../../sdk/error.ts";
import { isaWidths } from "../delimiters.ts";
import { elementOf } from "../element.ts";
import { hasId, idOf, oddId, type X12Line } from "../segments.ts";
import type { X12Message } from "../message.ts";
import { byParent, type Place } from "../outline.ts";
import type { GroupFault, InterchangeFault, SetFault } from "./fault.ts";
import { isDate, isTime } from "./value.ts";

type EnvelopeFault = InterchangeFault | GroupFault | SetFault;

/** Control numbers, counts and elements of the envelopes of a text, and what stands outside them (X12.5, X12.6). */
export function envelopeFaults(message: X12Message): EnvelopeFault[] {
  const { lines } = message.body;
  const out: EnvelopeFault[] = [];
  const line = (at: number) => lines[at] as X12Line;
  const groups = byParent(message.outline, "GS");
  const sets = byParent(message.outline, "ST");
  const seen = new Set<string>();
  for (const place of message.envelopes("ISA")) {
    const inside = groups.get(place) ?? [];
    // One by one: a call takes no hundred thousand arguments.
    for (const fault of interchange(place, inside.length, seen, line)) out.push(fault);
    for (const fault of twice(inside, 6, "group", "19", line)) out.push(fault);
  }
  for (const place of message.envelopes("GS")) {
    const inside = sets.get(place) ?? [];
    for (const fault of group(place, inside.length, line)) out.push(fault);
    for (const fault of twice(inside, 2, "set", "23", line)) out.push(fault);
  }
  for (const place of message.envelopes("ST")) for (const fault of set(place, line)) out.push(fault);
  const last = lines.length - 1;
  lines.forEach((each, at) => {
    const id = idOf(each);
    if (at === last && each.end === "") {
      out.push(unended(lines, at));
      return;
    }
    const place = message.outline.at[at];
    if (id === oddId) out.push({ level: "interchange", code: "X12-202", at, note: "024" });
    else if (!belongs(id, place)) out.push({ level: "interchange", code: "X12-214", at, note: "024" });
  });
  return out;
}

/** What no terminator ends: text behind the last interchange, or a last segment that lacks its terminator. */
function unended(lines: readonly X12Line[], at: number): InterchangeFault {
  const before = lines[at - 1];
  const isTail = before !== undefined && hasId(before, "IEA");
  return { level: "interchange", code: isTail ? "X12-201" : "X12-203", at, note: "024", harmless: true };
}

/** Whether a segment may stand where it does: everything of a transaction set between ST and SE. */
function belongs(id: string, place: Place | undefined): boolean {
  const within = place?.loop === undefined ? place?.id : "ST";
  if (id === "ISA" || id === "IEA" || id === "TA1") return within === "ISA";
  if (id === "GS" || id === "GE") return within === "GS";
  if (id === "ST") return place?.parent?.id === "GS";
  return within === "ST";
}

/** TA105 for each element of ISA. */
const isaNotes = ["", "010", "011", "012", "013", "005", "006", "007", "008", "014", "015", "016", "017", "018", "019", "020", "027"];

function* interchange(place: Place, groups: number, seen: Set<string>, line: (at: number) => X12Line): Generator<InterchangeFault> {
  const isa = line(place.start);
  const fault = (code: Code, at: number, note: string, element?: number): InterchangeFault => ({ level: "interchange", code, at, note, ...(element !== undefined && { element }) });
  for (let n = 1; n <= 16; n++) {
    const value = elementOf(isa, n);
    if (value.length !== isaWidths[n]) yield fault("X12-204", place.start, isaNotes[n] ?? "022", n);
    else if (!isaValue(n, value)) yield fault("X12-215", place.start, isaNotes[n] ?? "022", n);
  }
  const sender = `${elementOf(isa, 6)}\n${elementOf(isa, 13)}`;
  if (seen.has(sender)) yield fault("X12-218", place.start, "025", 13);
  seen.add(sender);
  const at = closing(place, "IEA", line);
  if (at === undefined) return yield fault("X12-205", place.end - 1, "023");
  if (elementOf(line(at), 2) !== elementOf(isa, 13)) yield fault("X12-206", at, "001", 2);
  if (!isCount(elementOf(line(at), 1), groups)) yield fault("X12-207", at, "021", 1);
}

function isaValue(n: number, value: string): boolean {
  switch (n) {
    case 1:
    case 3:
    case 5:
    case 7:
      return /^[0-9A-Z]{2}$/.test(value);
    case 6:
    case 8:
      return value.trim() !== "";
    case 9:
      return isDate(value);
    case 10:
      return isTime(value);
    case 12:
      return /^\d{5}$/.test(value);
    case 13:
      return /^\d{9}$/.test(value);
    case 14:
      return /^[01]$/.test(value);
    case 15:
      return /^[PTI]$/.test(value);
    default:
      return true;
  }
}

function* group(place: Place, sets: number, line: (at: number) => X12Line): Generator<EnvelopeFault> {
  const gs = line(place.start);
  const fault = (code: Code, at: number, note: string, element?: number): GroupFault => ({ level: "group", code, at, note, ...(element !== undefined && { element }) });
  if (!/^[A-Z0-9]{2}$/.test(elementOf(gs, 1))) yield fault("X12-216", place.start, "1", 1);
  if (!/^\d{1,9}$/.test(elementOf(gs, 6))) yield fault("X12-216", place.start, "6", 6);
  if (!/^\d{6}[0-9A-Z]{0,6}$/.test(elementOf(gs, 8))) yield fault("X12-216", place.start, "2", 8);
  for (const [element, isRight] of [[2, isFilled], [3, isFilled], [4, isDate], [5, isTime], [7, isFilled]] as const) {
    if (!isRight(elementOf(gs, element))) yield { level: "interchange", code: "X12-216", at: place.start, note: "024", element };
  }
  const at = closing(place, "GE", line);
  if (at === undefined) return yield fault("X12-208", place.end - 1, "3");
  if (elementOf(line(at), 2) !== elementOf(gs, 6)) yield fault("X12-209", at, "4", 2);
  if (!isCount(elementOf(line(at), 1), sets)) yield fault("X12-210", at, "5", 1);
}

/** Control numbers that come again among the parts of one envelope. */
function* twice(places: readonly Place[], element: number, level: "group" | "set", note: string, line: (at: number) => X12Line): Generator<GroupFault | SetFault> {
  const seen = new Set<string>();
  for (const { start } of places) {
    const control = elementOf(line(start), element);
    if (seen.has(control)) yield { level, code: "X12-218", at: start, note, element };
    seen.add(control);
  }
}

function* set(place: Place, line: (at: number) => X12Line): Generator<SetFault> {
  const st = line(place.start);
  const fault = (code: Code, at: number, note: string, element: number): SetFault => ({ level: "set", code, at, note, element });
  if (!/^\d{3}$/.test(elementOf(st, 1))) yield fault("X12-217", place.start, "6", 1);
  if (!/^[0-9A-Za-z]{4,9}$/.test(elementOf(st, 2))) yield fault("X12-217", place.start, "7", 2);
  const at = closing(place, "SE", line);
  if (at === undefined) return yield fault("X12-211", place.end - 1, "2", 1);
  if (elementOf(line(at), 2) !== elementOf(st, 2)) yield fault("X12-212", at, "3", 2);
  if (!isCount(elementOf(line(at), 1), at - place.start + 1)) yield fault("X12-213", at, "4", 1);
}

function closing(place: Place, id: string, line: (at: number) => X12Line): number | undefined {
  const last = place.own.at(-1);
  return last !== undefined && hasId(line(last), id) ? last : undefined;
}

/** Leading zeros are allowed in a count. */
function isCount(said: string, has: number): boolean {
  return /^\d{1,10}$/.test(said) && Number(said) === has;
}

function isFilled(value: string): boolean {
  return value.trim() !== "";
}
