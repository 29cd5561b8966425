import type { CaseSpec, WorkOwner } from "../config/case-spec.ts";
import type { Code } from "../sdk/index.ts";
import type { Period } from "./facts.ts";
import type { Stamp } from "./stamp.ts";

/** A case as it is known. Keys and what it has in common are keyed hashes. */
export interface CaseRow {
  readonly kind: string;
  readonly key: string;
  readonly state: string;
  readonly stamp?: Stamp;
  readonly same?: readonly (readonly string[])[];
  readonly openedAt: number;
  readonly movedAt: number;
  /** The message that moved it last, and its channel. */
  readonly message: number;
  readonly channel: string;
  readonly dueAt?: number;
  /** What it books now; absent: its channel says nothing of times, and what it booked stays. */
  readonly bookings?: readonly Booking[];
  /** By what it becomes due after its next move. */
  readonly due?: CaseSpec["due"];
}

/** A time of somebody, who is a keyed hash. */
export interface Booking extends Period {
  readonly what: string;
  readonly who: string;
}

/** What is known of cases. */
export interface Known {
  find(kind: string, key: string): CaseRow | undefined;
  /** Cases that have booked some of this time. */
  booked(booking: Booking): readonly { readonly kind: string; readonly key: string }[];
}

/** The facts of a message with every value hashed. */
export interface HashedFacts {
  readonly cases: readonly { readonly key: string; readonly state: string; readonly stamp?: Stamp; readonly times?: readonly Period[] }[];
  readonly problem?: Code;
  readonly same: readonly (readonly string[])[];
  readonly booked: readonly string[];
  readonly known: readonly (string | undefined)[];
  readonly analytes?: readonly Code[];
}

/** What is decided of a message: the same for all of its destinations, and again after a crash. */
export type CaseVerdict =
  /** `isMatched` false: its case, or another that it belongs to, was not known, and it goes on nevertheless. */
  | { readonly kind: "passes"; readonly state?: string; readonly previous?: string; readonly isMatched: boolean }
  | { readonly kind: "held"; readonly code: Code; readonly list: string; readonly owner: string }
  | { readonly kind: "filtered" | "refused"; readonly code: Code };

/** Somebody's work. `waitsFor`: the case whose coming ends it; `until`: when the message goes on without it. */
export interface NewItem extends WorkOwner {
  readonly code: Code;
  readonly waitsFor?: { readonly kind: string; readonly key: string };
  readonly until?: number;
  /** The case that it is about, whose next move ends it; else it is about the message. */
  readonly about?: { readonly kind: string; readonly key: string };
}

export interface Decision {
  readonly verdict: CaseVerdict;
  /** Cases as they are now; none unless the message passes. */
  readonly moved: readonly CaseRow[];
  readonly items: readonly NewItem[];
}

export interface Asked {
  readonly spec: CaseSpec;
  readonly facts: HashedFacts;
  readonly message: number;
  readonly channel: string;
  readonly at: number;
}

interface Finding {
  readonly code: Code;
  readonly how: "hold" | "filter" | "refuse" | "deliver";
  readonly item: NewItem;
}

/**
 * Pure: a message moves all of its cases or none. What is wrong with one of them holds the whole message, since half of it cannot be sent; only what the
 * channel lets go on unmatched moves the others.
 */
export function decide(asked: Asked, book: Known): Decision {
  const { spec, facts, at } = asked;
  const moved = new Map<string, CaseRow>();
  const findings: Finding[] = [];
  const add = (code: Code, how: Finding["how"], { list, owner }: WorkOwner, more: Partial<NewItem> = {}) => findings.push({ code, how, item: { code, list, owner, ...more } });
  const missing = (code: Code, waitsFor?: NewItem["waitsFor"]) => {
    const { unmatched } = spec;
    const until = waitsFor && unmatched?.do === "hold" && unmatched.forMs !== undefined ? { until: at + unmatched.forMs } : {};
    add(code, unmatched?.do ?? "hold", unmatched ?? spec, { ...(waitsFor && { waitsFor }), ...until });
  };
  if (facts.problem !== undefined) add(facts.problem, "hold", spec);
  else if (facts.cases.length === 0) missing("CAS-101");
  let previous: string | undefined;
  for (const [i, fact] of facts.cases.entries()) {
    const row = moved.get(fact.key) ?? book.find(spec.kind, fact.key);
    if (i === 0) previous = row?.state;
    const wrong = row && against(row, fact, asked);
    if (wrong !== undefined) add(wrong, wrong === "CAS-103" || (wrong === "CAS-104" && spec.stale === "refuse") ? spec.stale : "hold", spec);
    else if (!row || !isBehind(fact.state, row, spec)) {
      if (row === undefined && !spec.opens) missing("CAS-102", { kind: spec.kind, key: fact.key });
      // Who delivers what nobody ordered holds what follows against it: an older one must not follow its correction.
      moved.set(fact.key, after(row, fact, asked));
    }
  }
  const conflict = spec.overlap && conflictIn([...moved.values()], asked, book);
  if (spec.overlap && conflict) add(conflict, conflict === "CAS-120" ? spec.overlap.do : "hold", spec.overlap);
  for (const [i, other] of spec.known.entries()) {
    const key = facts.known[i];
    if (key !== undefined && book.find(other.kind, key)) continue;
    add("CAS-108", other.do, other, key === undefined ? {} : { waitsFor: { kind: other.kind, key } });
  }
  const { analytes } = spec;
  // A unit is never let go unseen; a flag that is missing is somebody's to know, and the message stays as it is.
  for (const code of analytes ? (facts.analytes ?? []) : []) add(code, code === "CAS-114" ? (analytes?.do ?? "hold") : code === "CAS-115" ? "hold" : "deliver", analytes ?? spec);
  return concluded(findings, [...moved.values()], asked, previous);
}

const unmatched: ReadonlySet<Code> = new Set<Code>(["CAS-101", "CAS-102", "CAS-108"]);

/** Why the times of a message may not be booked: another case has some of them, two of its own have the same, or they cannot be told. */
function conflictIn(moved: readonly CaseRow[], { spec, facts }: Asked, book: Known): Code | undefined {
  const { overlap, kind } = spec;
  const booking = moved.filter(({ state }) => !overlap?.unless.includes(state));
  if (booking.length > 0 && (facts.booked.length === 0 || booking.some(({ bookings }) => !bookings || bookings.length === 0))) return "CAS-121";
  const own = new Set(moved.map(({ key }) => key));
  const isTaken = (each: Booking) => book.booked(each).some((other) => other.kind !== kind || !own.has(other.key));
  const isTwice = ({ key }: CaseRow, each: Booking) => booking.some((other) => other.key !== key && other.bookings?.some(({ who, from, to }) => who === each.who && from < each.to && to > each.from));
  return booking.some((row) => row.bookings?.some((each) => isTaken(each) || isTwice(row, each))) ? "CAS-120" : undefined;
}

function concluded(findings: readonly Finding[], moved: readonly CaseRow[], { spec, facts }: Asked, previous: string | undefined): Decision {
  const refusing = findings.find(({ how }) => how === "refuse");
  if (refusing) return { verdict: { kind: "refused", code: refusing.code }, moved: [], items: [] };
  const stopping = findings.filter(({ how }) => how === "hold");
  // A part of a message cannot be filtered.
  const stale = findings.filter(({ how }) => how === "filter");
  const isFiltered = stale.length > 0 && stale.length === facts.cases.length;
  const [first] = stopping.length > 0 ? stopping : isFiltered ? [] : stale;
  if (first) {
    const { code, list, owner } = first.item;
    return { verdict: { kind: "held", code, list, owner }, moved: [], items: [first.item] };
  }
  if (isFiltered && stale[0]) return { verdict: { kind: "filtered", code: stale[0].code }, moved: [], items: [] };
  const [about] = facts.cases;
  const verdict: CaseVerdict = { kind: "passes", ...(about && { state: about.state }), ...(previous !== undefined && { previous }), isMatched: !findings.some(({ code }) => unmatched.has(code)) };
  // Who delivers the unmatched waits for nothing.
  return { verdict, moved, items: [...findings.map(({ item: { code, list, owner } }) => ({ code, list, owner })), ...raised(spec, moved)] };
}

/** Cases that have come to a state which is somebody's work. */
function raised({ work }: CaseSpec, moved: readonly CaseRow[]): readonly NewItem[] {
  if (!work) return [];
  const { list, owner, when } = work;
  return moved.filter(({ state }) => when.includes(state)).map(({ kind, key }) => ({ code: "CAS-130", list, owner, about: { kind, key } }));
}

/** Why a known case does not take this. */
function against(row: CaseRow, { state, stamp }: HashedFacts["cases"][number], { spec, facts }: Asked): Code | undefined {
  if (row.same && !agrees(row.same, facts.same)) return "CAS-106";
  if (row.stamp && spec.stamp !== undefined) {
    if (stamp?.kind !== row.stamp.kind) return "CAS-105";
    if (stamp.value < row.stamp.value || (spec.advances && stamp.value === row.stamp.value)) return "CAS-103";
  }
  if (isBehind(state, row, spec)) return undefined;
  return spec.moves && !(Object.hasOwn(spec.moves, row.state) && spec.moves[row.state]?.includes(state)) ? "CAS-104" : undefined;
}

function isBehind(state: string, row: CaseRow, { behind }: CaseSpec): boolean {
  return behind !== undefined && Object.hasOwn(behind, row.state) && behind[row.state]?.includes(state) === true;
}

/** Each of them has a value in common; a channel that does not state them is not asked. */
function agrees(known: readonly (readonly string[])[], said: readonly (readonly string[])[]): boolean {
  return said.every((values, i) => known[i] === undefined || values.some((value) => known[i]?.includes(value)));
}

/** In these states it books nothing; a channel that says nothing of times leaves what was booked. */
function bookingsOf({ state, times }: HashedFacts["cases"][number], { spec: { overlap }, facts }: Asked): readonly Booking[] | undefined {
  if (!overlap) return undefined;
  if (overlap.unless.includes(state)) return [];
  return (times ?? []).flatMap((time) => facts.booked.map((who) => ({ what: overlap.what, who, ...time })));
}

function after(row: CaseRow | undefined, fact: HashedFacts["cases"][number], asked: Asked): CaseRow {
  const { key, state, stamp } = fact;
  const { spec, facts, message, channel, at } = asked;
  const bookings = bookingsOf(fact, asked);
  const due = spec.due ?? row?.due;
  const kept = stamp ?? row?.stamp;
  const same = row?.same ?? (facts.same.length > 0 ? facts.same : undefined);
  return {
    kind: spec.kind, key, state, message, channel,
    openedAt: row?.openedAt ?? at,
    movedAt: at,
    ...(kept && { stamp: kept }),
    ...(same && { same }),
    ...(bookings && { bookings }),
    ...(due && { due }),
    ...(due && !due.unless.includes(state) && { dueAt: at + due.inMs }),
  };
}
