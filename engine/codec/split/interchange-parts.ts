import { EngineError, type Code } from "../../sdk/error.ts";
import type { X12Unit } from "./interchange.ts";
import { type Cut, Pieces, type SplitProblem } from "./splitter.ts";

/** One segment in a stream, terminator included. */
export interface StreamSegment {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The element separator, as a byte. */
  readonly element: number;
  readonly offset: number;
  readonly line: number;
  /** Its terminator came. */
  readonly isEnded: boolean;
}

/** An open envelope: its header, where it began, and how many parts it has. */
interface Open {
  readonly header: Uint8Array;
  readonly control: string;
  readonly at: { readonly offset: number; readonly line: number };
  count: number;
}

/** What `claim` cuts a transaction set by: the claims of an 837 and its levels, those of an 835 and its headers of claims (LX). */
const claimSets: Readonly<Record<string, { readonly claim: string; readonly level: string; readonly after?: string }>> = {
  "837": { claim: "CLM", level: "HL" },
  // What the payer settles with the provider (PLB) is of no claim: it is a message of its own.
  "835": { claim: "CLP", level: "LX", after: "PLB" },
};

/** A hierarchical level of an 837, or a header of claims of an 835: its segments up to the first claim or level inside it. */
interface Level {
  readonly id: string;
  readonly pieces: Uint8Array[];
}

/** Puts messages together from segments. */
export class Parts {
  readonly #unit: X12Unit;
  readonly #from: number;
  readonly #limit: number;
  readonly #kept = new Pieces();
  #problems: SplitProblem[] = [];
  #interchange: Open | undefined;
  #group: Open | undefined;
  #set: (Open & { readonly claims: (typeof claimSets)[string] | undefined }) | undefined;
  #element = 42;
  #terminator: Uint8Array = new Uint8Array([126]);
  #heading: Uint8Array[] = [];
  #levels: Level[] = [];
  /** The segment before was one of those behind the claims. */
  #isAfter = false;
  /** Segments of the claim at hand; -1: none is open. */
  #claim = -1;

  constructor(unit: X12Unit, from: number, limit: number) {
    this.#unit = unit;
    this.#from = from;
    this.#limit = limit;
  }

  get held(): number {
    return this.#kept.size;
  }

  /** No interchange is open. */
  get isBetween(): boolean {
    return this.#interchange === undefined;
  }

  problems(): readonly SplitProblem[] {
    const told = this.#problems;
    this.#problems = [];
    return told;
  }

  segment(segment: StreamSegment, end: number, out: Cut[]): void {
    const { bytes, start, element } = segment;
    if (is(bytes, start, "ISA", element)) return this.#begin(segment, out);
    if (this.#interchange === undefined) return this.#tell("X12-201", segment);
    if (this.#unit === "interchange") this.#keep(segment);
    if (is(bytes, start, "GS", element)) this.#beginGroup(segment, out);
    else if (is(bytes, start, "ST", element)) this.#beginSet(segment, out);
    else if (is(bytes, start, "SE", element)) this.#endSet(segment, end, out);
    else if (is(bytes, start, "GE", element)) this.#endGroup(segment, end, out);
    else if (is(bytes, start, "IEA", element)) this.#end(segment, end, out);
    else if (is(bytes, start, "TA1", element) && this.#group === undefined) this.#loose(segment, end, out);
    else this.#inside(segment, out);
  }

  /** The stream is over: what is open is given as far as it came. */
  finish(at: { readonly offset: number; readonly line: number }): readonly Cut[] {
    const out: Cut[] = [];
    this.#close(at.offset, out);
    return out;
  }

  #begin(segment: StreamSegment, out: Cut[]): void {
    this.#close(segment.offset, out);
    this.#interchange = opened(segment, 13);
    this.#element = segment.element;
    this.#terminator = segment.bytes.slice(segment.end - 1, segment.end);
    if (this.#unit === "interchange") this.#keep(segment);
  }

  #beginGroup(segment: StreamSegment, out: Cut[]): void {
    this.#closeGroup(segment.offset, out);
    if (this.#interchange) this.#interchange.count++;
    this.#group = opened(segment, 6);
    if (this.#unit === "group") this.#keep(segment);
  }

  #beginSet(segment: StreamSegment, out: Cut[]): void {
    this.#closeSet(segment.offset, out);
    if (this.#group === undefined) this.#tell("X12-214", segment);
    else this.#group.count++;
    this.#set = { ...opened(segment, 2), claims: this.#unit === "claim" ? claimSets[elementOf(segment, 1)] : undefined };
    this.#set.count = 1;
    this.#heading = [];
    this.#levels = [];
    this.#claim = -1;
    this.#isAfter = false;
    if (this.#set.claims) this.#heading.push(this.#set.header);
    else if (this.#unit !== "interchange") this.#keep(segment);
  }

  #inside(segment: StreamSegment, out: Cut[]): void {
    const set = this.#set;
    if (set === undefined) return this.#tell("X12-214", segment);
    set.count++;
    if (!set.claims) {
      if (this.#unit !== "interchange") this.#keep(segment);
      return;
    }
    const { bytes, start, element } = segment;
    const { claim, level, after } = set.claims;
    const isLevel = is(bytes, start, level, element);
    const isAfter = after !== undefined && is(bytes, start, after, element);
    const isClaim = is(bytes, start, claim, element) || (isAfter && !this.#isAfter);
    if (isLevel || isClaim) this.#endClaim(segment.offset, out);
    this.#isAfter = isAfter;
    if (isAfter) this.#levels = [];
    if (isLevel) {
      // Levels that are not above this one are over.
      const parent = level === "HL" ? elementOf(segment, 2) : undefined;
      while (this.#levels.length > 0 && this.#levels.at(-1)?.id !== parent) this.#levels.pop();
      this.#levels.push({ id: elementOf(segment, 1), pieces: [] });
    }
    if (isClaim) this.#claim = 0;
    if (this.#claim >= 0) {
      this.#claim++;
      this.#keep(segment);
    } else (this.#levels.at(-1)?.pieces ?? this.#heading).push(copyOf(segment));
  }

  #endSet(segment: StreamSegment, end: number, out: Cut[]): void {
    const set = this.#set;
    if (set === undefined) return this.#tell("X12-214", segment);
    set.count++;
    this.#counts(segment, "X12-213", set.count, elementOf(segment, 1));
    if (elementOf(segment, 2) !== set.control) this.#tell("X12-212", segment);
    this.#set = undefined;
    if (set.claims) return this.#endClaim(end, out, set);
    if (this.#unit === "interchange") return;
    this.#keep(segment);
    if (this.#unit !== "group") this.#emit(end, out, [], this.#closing(1));
  }

  #endGroup(segment: StreamSegment, end: number, out: Cut[]): void {
    this.#closeSet(segment.offset, out);
    const group = this.#group;
    if (group === undefined) return this.#tell("X12-214", segment);
    this.#counts(segment, "X12-210", group.count, elementOf(segment, 1));
    if (elementOf(segment, 2) !== group.control) this.#tell("X12-209", segment);
    this.#group = undefined;
    if (this.#unit !== "group") return;
    this.#keep(segment);
    this.#emit(end, out, [], [this.#trailer("IEA", 1, this.#interchange)]);
  }

  #end(segment: StreamSegment, end: number, out: Cut[]): void {
    const interchange = this.#interchange;
    this.#closeGroup(segment.offset, out);
    if (interchange === undefined) return;
    this.#counts(segment, "X12-207", interchange.count, elementOf(segment, 1));
    if (elementOf(segment, 2) !== interchange.control) this.#tell("X12-206", segment);
    if (this.#unit === "interchange") this.#emit(end, out, undefined, []);
    this.#interchange = undefined;
  }

  /** A TA1 stands alone between the groups: it is a message, where messages are smaller than interchanges. */
  #loose(segment: StreamSegment, end: number, out: Cut[]): void {
    if (this.#unit === "interchange") return;
    this.#keep(segment);
    this.#emit(end, out, [], [this.#trailer("IEA", 0, this.#interchange)]);
  }

  #endClaim(end: number, out: Cut[], set = this.#set): void {
    if (this.#claim < 0 || set === undefined) return;
    const above = [...this.#heading, ...this.#levels.flatMap(({ pieces }) => pieces)];
    const trailers = [this.#trailer("SE", above.length + this.#claim + 1, set), ...this.#closing(1)];
    this.#claim = -1;
    this.#emit(end, out, above, trailers);
  }

  /** What another envelope, or the end, finds open. */
  #close(end: number, out: Cut[]): void {
    this.#closeGroup(end, out);
    if (this.#interchange === undefined) return;
    this.#problems.push({ code: "X12-205", ...this.#interchange.at });
    if (this.#unit === "interchange") this.#emit(end, out, undefined, []);
    this.#interchange = undefined;
  }

  #closeGroup(end: number, out: Cut[]): void {
    this.#closeSet(end, out);
    if (this.#group === undefined) return;
    this.#problems.push({ code: "X12-208", ...this.#group.at });
    this.#group = undefined;
    if (this.#unit === "group") this.#emit(end, out, [], []);
  }

  #closeSet(end: number, out: Cut[]): void {
    const set = this.#set;
    if (set === undefined) return;
    this.#problems.push({ code: "X12-211", ...set.at });
    this.#set = undefined;
    if (set.claims) {
      // The last claim may be cut off: it goes without its SE, so that nobody takes it for whole.
      if (this.#claim >= 0) this.#emit(end, out, [...this.#heading, ...this.#levels.flatMap(({ pieces }) => pieces)], []);
      this.#claim = -1;
    } else if (this.#unit === "transaction" || this.#unit === "claim") this.#emit(end, out, [], []);
  }

  /** `above` undefined: the message is what was kept alone; else ISA, and GS where one is open, stand in front. */
  #emit(end: number, out: Cut[], above: readonly Uint8Array[] | undefined, trailers: readonly Uint8Array[]): void {
    if (end <= this.#from) return this.#kept.clear();
    const group = this.#unit === "group" ? undefined : this.#group;
    const heads = above === undefined ? [] : [this.#interchange?.header, group?.header, ...above].filter((each) => each !== undefined);
    const bytes = this.#kept.take(concat(heads), concat(trailers));
    if (bytes.length > this.#limit) throw new EngineError("X12-005", { offset: end, limit: this.#limit });
    out.push({ bytes, end });
  }

  #closing(sets: number): Uint8Array[] {
    return this.#group === undefined ? [this.#trailer("IEA", 0, this.#interchange)] : [this.#trailer("GE", sets, this.#group), this.#trailer("IEA", 1, this.#interchange)];
  }

  #trailer(id: string, count: number, { control = "" }: Partial<Open> = {}): Uint8Array {
    const element = String.fromCharCode(this.#element);
    return concat([ascii(`${id}${element}${count}${element}${control}`), this.#terminator]);
  }

  #keep(segment: StreamSegment): void {
    this.#kept.add(segment.bytes.subarray(segment.start, segment.end));
    if (this.#kept.size > this.#limit) throw new EngineError("X12-005", { offset: segment.offset, limit: this.#limit });
  }

  #counts(segment: StreamSegment, code: Code, has: number, said: string): void {
    const says = /^\d{1,10}$/.test(said) ? Number(said) : -1;
    if (says !== has) this.#problems.push({ code, offset: segment.offset, line: segment.line, has, says });
  }

  #tell(code: Code, { offset, line }: StreamSegment): void {
    this.#problems.push({ code, offset, line });
  }
}

function opened(segment: StreamSegment, control: number): Open {
  return { header: copyOf(segment), control: elementOf(segment, control), at: { offset: segment.offset, line: segment.line }, count: 0 };
}

function copyOf({ bytes, start, end }: StreamSegment): Uint8Array {
  return bytes.slice(start, end);
}

/** An element of an envelope or a level, which is ASCII. */
function elementOf({ bytes, start, end, element, isEnded }: StreamSegment, n: number): string {
  const stop = isEnded ? end - 1 : end;
  let from = start;
  for (let i = 0; i < n; i++) {
    from = bytes.indexOf(element, from) + 1;
    if (from === 0 || from > stop) return "";
  }
  const next = bytes.indexOf(element, from);
  return String.fromCharCode(...bytes.subarray(from, Math.min(next < 0 ? stop : next, stop, from + 64)));
}

function is(bytes: Uint8Array, at: number, id: string, element: number): boolean {
  for (let i = 0; i < id.length; i++) if (bytes[at + i] !== id.charCodeAt(i)) return false;
  return bytes[at + id.length] === element;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function concat(all: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(all.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const each of all) {
    out.set(each, at);
    at += each.length;
  }
  return out;
}
