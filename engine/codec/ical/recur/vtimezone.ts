import type { Line } from "../line.ts";
import type { IcalMessage } from "../message.ts";
import { type Component, componentsIn, linesIn } from "../read.ts";
import { expandRule } from "./expand.ts";
import { readRule, type Rule } from "./rule.ts";
import { civilOf, dayOf, daySeconds, readOffset, readWhen, type When } from "./times.ts";
import type { Zone, Zones } from "./zone.ts";

/** The zones that a message defines, used as they are given, and behind them others. */
export function zonesOf(message: IcalMessage, others: Zones): Zones {
  const own = new Map<string, Component>();
  for (const top of componentsIn(message.root)) {
    for (const each of [top, ...componentsIn(top)]) {
      const tzid = each.name === "VTIMEZONE" ? textIn(each, "TZID") : "";
      if (tzid !== "") own.set(tzid, each);
    }
  }
  const made = new Map<string, Zone | undefined>();
  return (tzid) => {
    const component = own.get(tzid);
    if (component === undefined) return others(tzid);
    if (!made.has(tzid)) made.set(tzid, definedZone(component) ?? others(tzid));
    return made.get(tzid);
  };
}

/** From when on an offset holds. */
interface Onset {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

interface Observance {
  readonly start: When;
  readonly from: number;
  readonly to: number;
  readonly rules: readonly Rule[];
  readonly dates: readonly When[];
}

/** RFC 5545 3.6.5: at each instant the observance counts that began last. */
function definedZone(component: Component): Zone | undefined {
  const observances = componentsIn(component).flatMap((each) => (each.name === "STANDARD" || each.name === "DAYLIGHT" ? observance(each) : []));
  if (observances.length === 0) return undefined;
  let onsets: readonly Onset[] = [];
  let known = Number.NEGATIVE_INFINITY;
  return {
    offsetAt(instant) {
      if (instant > known) {
        known = dayOf(civilOf(Math.floor(instant / daySeconds)).year + 20, 1, 1) * daySeconds;
        onsets = observances.flatMap((each) => onsetsOf(each, known)).sort((a, b) => a.at - b.at);
      }
      return offsetIn(onsets, instant);
    },
  };
}

function offsetIn(onsets: readonly Onset[], instant: number): number {
  let low = 0;
  let high = onsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((onsets[middle] as Onset).at <= instant) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? (onsets[0]?.from ?? 0) : (onsets[low - 1] as Onset).to;
}

/** What lacks a start or an offset says nothing. */
function observance(component: Component): Observance[] {
  const start = readWhen(textIn(component, "DTSTART"));
  const [from, to] = [readOffset(textIn(component, "TZOFFSETFROM")), readOffset(textIn(component, "TZOFFSETTO"))];
  if (start === undefined || from === undefined || to === undefined) return [];
  const values = (name: string) => linesIn(component).flatMap((line: Line) => (line.parts?.name === name ? line.elements.map(({ value }) => value) : []));
  const dates = values("RDATE").flatMap((value) => readWhen(value) ?? []);
  return [{ start, from, to, rules: values("RRULE").map(readRule), dates }];
}

/** Onsets are local times in the offset before them; UNTIL is UTC. */
function onsetsOf({ start, from, to, rules, dates }: Observance, until: number): Onset[] {
  const onset = (wall: number, isUtc = false): Onset => ({ at: isUtc ? wall : wall - from, from, to });
  const found = [onset(start.wall), ...dates.map(({ wall, isUtc }) => onset(wall, isUtc))];
  for (const rule of rules) {
    const isPast = (wall: number) => rule.until !== undefined && (rule.until.isUtc ? wall - from : wall) > rule.until.wall;
    for (const wall of expandRule(rule, start, { to: until, isPast, budget: { left: 100_000 }, hasStart: false })) found.push(onset(wall));
  }
  return found;
}

function textIn(component: Component, name: string): string {
  return linesIn(component).find((line) => line.parts?.name === name)?.elements[0]?.value ?? "";
}
