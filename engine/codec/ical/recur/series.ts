import { EngineError } from "../../../sdk/error.ts";
import type { IcalComponent, IcalMessage } from "../message.ts";
import { type Budget, expandRule } from "./expand.ts";
import { ianaZones } from "./iana.ts";
import { type Clocks, type Moment, momentAt, momentIn, momentOf, onClockOf } from "./moment.ts";
import { readRule, type Rule } from "./rule.ts";
import { type Duration, daySeconds, readDuration } from "./times.ts";
import { zonesOf } from "./vtimezone.ts";
import type { Zones } from "./zone.ts";

/** What of a series is asked for. */
export interface Window {
  /** Milliseconds since 1970, inclusive. */
  readonly from: number;
  /** Milliseconds since 1970, exclusive. */
  readonly to: number;
  /** At most this many occurrences; more are `ICS-304`. Default 1000. */
  readonly limit?: number;
  /** The IANA zone of times and dates that name none. Default UTC. */
  readonly floating?: string;
  /** Zones that the message does not define. Default: those of `Intl`. */
  readonly zones?: Zones;
}

/** One instance of a component: what the rule gave, or what took its place. */
export interface Occurrence {
  /** The event as it is described: the series, or the component that overrides this instance. */
  readonly component: IcalComponent;
  readonly start: Moment;
  /** Exclusive; of a series without DTEND and DURATION the start, for a date the next day. */
  readonly end: Moment;
  /** The start that the series has for this instance (RECURRENCE-ID); undefined for a component that does not recur. */
  readonly recurrenceId: Moment | undefined;
}

const mostSteps = 500_000;

/**
 * Instances of the events (or `name`) of a message in a window, by start: RRULE, RDATE, EXRULE and EXDATE, overrides by RECURRENCE-ID with or without
 * RANGE=THISANDFUTURE, in the zones that the message defines or names. Those that overlap the window count. Throws `ICS-301` to `ICS-304`.
 */
export function occurrences(message: IcalMessage, window: Window, name = "VEVENT"): readonly Occurrence[] {
  const clocks = clocksOf(message, window);
  const found: Occurrence[] = [];
  const budget: Budget = { left: mostSteps };
  for (const series of seriesIn(message.all(name))) {
    for (const each of expanded(series, clocks, window, budget)) {
      found.push(each);
      if (found.length > (window.limit ?? 1000)) throw new EngineError("ICS-304", { most: window.limit ?? 1000 });
    }
  }
  return found.sort((a, b) => a.start.instant - b.start.instant);
}

export function clocksOf(message: IcalMessage, { floating = "UTC", zones: others = ianaZones() }: Pick<Window, "floating" | "zones">): Clocks {
  const zones = zonesOf(message, others);
  const own = floating === "UTC" ? others("Etc/UTC") : others(floating);
  if (own === undefined) throw new EngineError("ICS-302");
  return { zones, floating: own };
}

/** A component with a rule, and what overrides its instances. */
interface Series {
  readonly main: IcalComponent | undefined;
  readonly overrides: readonly IcalComponent[];
}

/** By UID. Of several without RECURRENCE-ID the one of the highest SEQUENCE, then the latest DTSTAMP, is in force (RFC 5546 2.1.5); so it is of overrides. */
export function seriesIn(components: readonly IcalComponent[]): readonly Series[] {
  const byUid = new Map<string, IcalComponent[]>();
  for (const [i, each] of components.entries()) {
    const uid = each.get("UID") || `\u0000${i}`;
    (byUid.get(uid) ?? byUid.set(uid, []).get(uid))?.push(each);
  }
  return [...byUid.values()].map((all) => {
    const ids = new Map<string, IcalComponent>();
    for (const each of all) {
      const id = each.get("RECURRENCE-ID") === "" ? "" : `${each.get("RECURRENCE-ID;TZID")}:${each.get("RECURRENCE-ID")}`;
      const before = ids.get(id);
      if (before === undefined || isNewer(each, before)) ids.set(id, each);
    }
    const main = ids.get("");
    ids.delete("");
    return { main, overrides: [...ids.values()] };
  });
}

function isNewer(a: IcalComponent, b: IcalComponent): boolean {
  const [x, y] = [Number(a.get("SEQUENCE")) || 0, Number(b.get("SEQUENCE")) || 0];
  return x === y ? a.get("DTSTAMP") >= b.get("DTSTAMP") : x > y;
}

/** From an instance on, all are moved by the difference (3.8.4.4). */
interface Shift {
  readonly component: IcalComponent;
  readonly id: Moment;
  readonly start: Moment;
  readonly seconds: number;
}

function* expanded({ main, overrides }: Series, clocks: Clocks, window: Window, budget: Budget): Generator<Occurrence> {
  const from = window.from / 1000;
  const to = window.to / 1000;
  const isIn = ({ start, end }: Occurrence) => start.instant < to && (end.instant > from || start.instant >= from);
  const excluded = main ? exclusions(main, clocks, budget) : noExclusions;
  const taken = new Set<number>();
  const shifts: Shift[] = [];
  for (const component of overrides) {
    const id = momentIn(component, "RECURRENCE-ID", clocks);
    const start = momentIn(component, "DTSTART", clocks);
    if (id === undefined) throw new EngineError("ICS-303");
    taken.add(id.instant);
    if (excluded(id)) continue;
    const at = start ?? id;
    if (component.get("RECURRENCE-ID;RANGE").toUpperCase() === "THISANDFUTURE") shifts.push({ component, id, start: at, seconds: at.wall - onClockOf(id, at) });
    const occurrence = { component, start: at, end: endOf(component, at, clocks), recurrenceId: id };
    if (isIn(occurrence)) yield occurrence;
  }
  if (main === undefined) return;
  shifts.sort((a, b) => a.id.instant - b.id.instant);
  const furthest = shifts.reduce((most, { seconds }) => Math.max(most, Math.abs(seconds)), 0);
  const spare = 2 * daySeconds + furthest;
  const start = momentIn(main, "DTSTART", clocks);
  const isSingle = ["RRULE", "RDATE", "EXDATE", "EXRULE"].every((name) => main.values(name).length === 0);
  if (start === undefined && main.values("RDATE").length === 0) throw new EngineError("ICS-303");
  const longest = Math.max(0, ...overrides.concat(main).map((each) => lengthOf(each, clocks)));
  for (const { at: id, end } of startsOf(main, start, clocks, { from: from - spare - longest, to: to + spare, budget })) {
    if (taken.has(id.instant) || excluded(id)) continue;
    const shift = shifts.findLast((each) => each.id.instant <= id.instant);
    if (shift === undefined) {
      const occurrence = { component: main, start: id, end: end ?? endOf(main, id, clocks), recurrenceId: isSingle ? undefined : id };
      if (isIn(occurrence)) yield occurrence;
      continue;
    }
    const moved = momentAt({ wall: onClockOf(id, shift.start) + shift.seconds, isDate: shift.start.isDate, isUtc: shift.start.isUtc }, shift.start.tzid, shift.start.zone);
    const occurrence = { component: shift.component, start: moved, end: endOf(shift.component, moved, clocks), recurrenceId: id };
    if (isIn(occurrence)) yield occurrence;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly budget: Budget;
}

/** DTSTART, what RRULE gives and RDATE adds, each instant once; a period of RDATE brings its own end. */
function* startsOf(main: IcalComponent, start: Moment | undefined, clocks: Clocks, { from, to, budget }: Span): Generator<{ readonly at: Moment; readonly end?: Moment | undefined }> {
  const seen = new Set<number>();
  const isNew = ({ instant }: Moment) => !seen.has(instant) && seen.add(instant) !== undefined;
  // A period says more than a rule or DTSTART that gives the same instant.
  const dates = datesOf(main, "RDATE", clocks).sort((a, b) => Number(b.end !== undefined) - Number(a.end !== undefined));
  for (const each of dates) if (each.at.instant >= from && each.at.instant <= to && isNew(each.at)) yield each;
  if (start === undefined) return;
  const rules = main.values("RRULE").map(readRule);
  if (rules.length === 0 && isNew(start)) yield { at: start };
  for (const rule of rules) {
    for (const wall of expandRule(rule, start, { from: from + start.zone.offsetAt(from), to: to + start.zone.offsetAt(to), isPast: untilOf(rule, start), budget, hasStart: true })) {
      const at = momentAt({ wall, isDate: start.isDate, isUtc: start.isUtc }, start.tzid, start.zone);
      if (isNew(at)) yield { at };
    }
  }
}

/** UNTIL is inclusive. In UTC it is an instant; a date where the start has a time takes its whole day, on the clock of the start. */
function untilOf({ until }: Rule, start: Moment): (wall: number) => boolean {
  if (until === undefined) return () => false;
  if (until.isDate || start.isDate) return (wall) => Math.floor(wall / daySeconds) > Math.floor(until.wall / daySeconds);
  if (!until.isUtc) return (wall) => wall > until.wall;
  return (wall) => momentAt({ wall, isDate: false, isUtc: start.isUtc }, start.tzid, start.zone).instant > until.wall;
}

function datesOf(main: IcalComponent, name: string, clocks: Clocks): { readonly at: Moment; readonly end?: Moment | undefined }[] {
  return main.values(name).length === 0
    ? []
    : Array.from({ length: countOf(main, name) }, (_, i) => {
        const path = `${name}[${i + 1}]`;
        const tzid = main.get(`${path};TZID`) || undefined;
        return main.values(path).flatMap((value) => {
          const [first = "", last] = value.split("/");
          const at = momentOf(first, tzid, clocks);
          if (at === undefined) throw new EngineError("ICS-301");
          return [{ at, end: last === undefined ? undefined : (momentOf(last, tzid, clocks) ?? after(at, readDuration(last))) }];
        });
      }).flat();
}

function countOf(component: IcalComponent, name: string): number {
  return component.node.items.filter((item) => "parts" in item && item.parts?.name === name).length;
}

/** EXDATE by instant; a date excludes what begins on its day. EXRULE (RFC 2445) as a rule from DTSTART. */
function exclusions(main: IcalComponent, clocks: Clocks, budget: Budget): (at: Moment) => boolean {
  const instants = new Set<number>();
  const days = new Set<number>();
  for (const { at } of datesOf(main, "EXDATE", clocks)) {
    if (at.isDate) days.add(at.wall / daySeconds);
    else instants.add(at.instant);
  }
  const start = momentIn(main, "DTSTART", clocks);
  const rules = start ? main.values("EXRULE").map(readRule) : [];
  return (at) => {
    if (instants.has(at.instant) || days.has(Math.floor(at.wall / daySeconds))) return true;
    return start !== undefined && rules.some((rule) => gives(rule, start, onClockOf(at, start), budget));
  };
}

const noExclusions = () => false;

function gives(rule: Rule, start: Moment, wall: number, budget: Budget): boolean {
  for (const each of expandRule(rule, start, { from: wall, to: wall, isPast: untilOf(rule, start), budget, hasStart: false })) return each === wall;
  return false;
}

/** RFC 5545 3.6.1: DTEND lasts exactly as long for each instance, in days where both are dates; DURATION by the calendar; else a day for a date, nothing for a time. */
function endOf(component: IcalComponent, start: Moment, clocks: Clocks): Moment {
  const first = momentIn(component, "DTSTART", clocks);
  const last = momentIn(component, "DTEND", clocks) ?? momentIn(component, "DUE", clocks);
  if (first && last) {
    if (first.isDate && last.isDate) return momentAt({ ...start, wall: start.wall + Math.max(0, last.wall - first.wall) }, start.tzid, start.zone);
    // On the clock of DTEND, where it has one of its own.
    const instant = start.instant + Math.max(0, last.instant - first.instant);
    return { wall: instant + last.zone.offsetAt(instant), isDate: false, isUtc: last.isUtc, tzid: last.tzid, zone: last.zone, instant };
  }
  const length = readDuration(component.get("DURATION"));
  return after(start, length ?? { days: start.isDate ? 1 : 0, seconds: 0 });
}

/** Days by the calendar, then seconds by the clock (3.3.6). */
function after(start: Moment, length: Duration | undefined): Moment {
  if (length === undefined) return start;
  const moved = momentAt({ ...start, wall: start.wall + length.days * daySeconds }, start.tzid, start.zone);
  if (length.seconds === 0) return moved;
  const instant = moved.instant + length.seconds;
  return { ...moved, isDate: false, instant, wall: instant + start.zone.offsetAt(instant) };
}

function lengthOf(component: IcalComponent, clocks: Clocks): number {
  const first = momentIn(component, "DTSTART", clocks);
  if (first === undefined) return 0;
  return Math.max(0, endOf(component, first, clocks).instant - first.instant, ...datesOf(component, "RDATE", clocks).map(({ at, end }) => (end ? end.instant - at.instant : 0)));
}
