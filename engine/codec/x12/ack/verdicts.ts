import { elementOf } from "../element.ts";
import type { ElementFault, GroupFault, InterchangeFault, SegmentFault, SetFault, X12Fault } from "../check/index.ts";
import type { X12Message } from "../message.ts";
import { byParent, type Place } from "../outline.ts";
import type { X12Line } from "../segments.ts";

/** What an acknowledgement says of one interchange. */
export interface InterchangeVerdict {
  readonly place: Place;
  /** TA105; empty: nothing is wrong with the envelope. */
  readonly notes: readonly string[];
  readonly groups: readonly GroupVerdict[];
}

export interface GroupVerdict {
  readonly place: Place;
  /** A accepted, E with errors, P in part, R rejected. */
  readonly code: "A" | "E" | "P" | "R";
  /** AK905: `4`. */
  readonly notes: readonly string[];
  /** What GE01 says, what came, and how many of them are accepted. */
  readonly included: number;
  readonly accepted: number;
  readonly sets: readonly SetVerdict[];
}

export interface SetVerdict {
  readonly place: Place;
  /** A accepted, E accepted with the errors that are told, R rejected. */
  readonly code: "A" | "E" | "R";
  /** IK502 and AK502, in order of their numbers. */
  readonly notes: readonly string[];
  /** In order of the segments; the element faults of a segment follow each other. */
  readonly faults: readonly (SegmentFault | ElementFault)[];
}

/** What was done with the text, where that is not left to each transaction set. */
export interface Fate {
  /** `true`: everything was taken, whatever its faults. `false`: nothing was. Absent: each transaction set by its own faults. */
  readonly isTaken?: boolean;
  /** It was not taken since its kind is not. */
  readonly isUnsupported?: boolean;
}

/** Sorts faults by interchange, group and transaction set. What is harmless weighs nothing. */
export function verdictsOf(message: X12Message, all: readonly X12Fault[], fate: Fate = {}): readonly InterchangeVerdict[] {
  const groups = byParent(message.outline, "GS");
  const sets = byParent(message.outline, "ST");
  // In order of the text, so that a place takes its faults from the front.
  const faults = all.filter(({ harmless }) => harmless !== true).toSorted((a, b) => a.at - b.at);
  return message.envelopes("ISA").map((place) => {
    const own = within(faults, place);
    return {
      place,
      notes: notesOf(own.filter((each): each is InterchangeFault => each.level === "interchange")),
      groups: (groups.get(place) ?? []).map((group) => groupVerdict(message, group, sets.get(group) ?? [], within(own, group), fate)),
    };
  });
}

/** Faults of the segments of a place, out of faults in order. */
function within(faults: readonly X12Fault[], { start, end }: Place): readonly X12Fault[] {
  return faults.slice(firstAt(faults, start), firstAt(faults, Math.max(end, start + 1)));
}

/** Index of the first fault at this segment or behind it. */
function firstAt(faults: readonly X12Fault[], segment: number): number {
  let [low, high] = [0, faults.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((faults[middle] as X12Fault).at < segment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function groupVerdict(message: X12Message, place: Place, places: readonly Place[], faults: readonly X12Fault[], fate: Fate): GroupVerdict {
  const notes = notesOf(faults.filter((each): each is GroupFault => each.level === "group"));
  const sets = places.map((set) => setVerdict(set, within(faults, set), fate));
  const good = sets.filter(({ code }) => code !== "R").length;
  const isRefused = fate.isTaken === false || (notes.length > 0 && fate.isTaken !== true);
  const accepted = isRefused ? 0 : good;
  const said = elementOf(message.body.lines[place.end - 1] as X12Line, 1);
  const included = /^\d{1,6}$/.test(said) ? Number(said) : sets.length;
  const whole = notes.length > 0 || sets.some(({ code }) => code === "E") ? "E" : "A";
  return { place, notes, sets, included, accepted, code: isRefused || (accepted === 0 && sets.length > 0) ? "R" : accepted < sets.length ? "P" : whole };
}

function setVerdict(place: Place, faults: readonly X12Fault[], { isTaken, isUnsupported = false }: Fate): SetVerdict {
  const inside = faults.filter((each): each is SegmentFault | ElementFault => each.level === "segment" || each.level === "element");
  const notes = notesOf(faults.filter((each): each is SetFault => each.level === "set"));
  const all = [...notes, ...(inside.length > 0 ? ["5"] : []), ...(isUnsupported ? ["1"] : [])].sort((a, b) => Number(a) - Number(b));
  const code = isTaken === false ? "R" : all.length === 0 ? "A" : isTaken ? "E" : "R";
  return { place, code, notes: all, faults: inside };
}

function notesOf(faults: readonly { readonly note: string }[]): string[] {
  return [...new Set(faults.map(({ note }) => note))];
}
