import type { Code } from "../../sdk/error.ts";
import type { Line } from "./line.ts";
import { propertyRow } from "./properties.ts";
import { type Component, componentsIn, linesIn } from "./read.ts";
import { readWhen } from "./recur/times.ts";

/** Properties that a component must have (RFC 5545 3.6). */
const needed: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null) as object, {
  VCALENDAR: ["PRODID", "VERSION"],
  VEVENT: ["DTSTAMP", "UID"],
  VTODO: ["DTSTAMP", "UID"],
  VJOURNAL: ["DTSTAMP", "UID"],
  VFREEBUSY: ["DTSTAMP", "UID"],
  VTIMEZONE: ["TZID"],
  STANDARD: ["DTSTART", "TZOFFSETTO", "TZOFFSETFROM"],
  DAYLIGHT: ["DTSTART", "TZOFFSETTO", "TZOFFSETFROM"],
  VALARM: ["ACTION", "TRIGGER"],
});

/** What each kind of alarm must have besides (3.6.6). */
const ofAlarm: Readonly<Record<string, readonly string[]>> = { DISPLAY: ["DESCRIPTION"], EMAIL: ["DESCRIPTION", "SUMMARY", "ATTENDEE"] };

/** Properties that may stand once in most components and often in these. */
const oftenIn: Readonly<Record<string, readonly string[]>> = { DESCRIPTION: ["VJOURNAL", "VCALENDAR", "VLOCATION", "VRESOURCE", "PARTICIPANT"], RRULE: [], EXRULE: [] };

export interface Lack {
  readonly code: Code;
  /** Of the property; empty for the component as a whole. */
  readonly name: string;
}

/** What a component lacks, has too often, or says against itself. */
export function* required(component: Component, parents: readonly Component[]): Generator<Lack> {
  const lines = new Map<string, Line[]>();
  for (const line of linesIn(component)) {
    const name = line.parts?.name;
    if (name !== undefined) (lines.get(name) ?? lines.set(name, []).get(name))?.push(line);
  }
  const has = (name: string) => lines.has(name);
  for (const name of needsOf(component, lines, parents)) if (!has(name)) yield { code: "ICS-205", name };
  const children = componentsIn(component);
  if (component.name === "VTIMEZONE" && !children.some(({ name }) => name === "STANDARD" || name === "DAYLIGHT")) yield { code: "ICS-205", name: "" };
  if (component.name === "VCALENDAR" && children.length === 0) yield { code: "ICS-215", name: "" };
  if (component.name in needed) {
    for (const [name, all] of lines) {
      const isMany = propertyRow(name)?.isMany ?? propertyRow(name) === undefined;
      if (all.length > 1 && !isMany && oftenIn[name]?.includes(component.name) !== true) yield { code: "ICS-206", name };
    }
  }
  for (const end of ["DTEND", "DUE"]) {
    if (has(end) && has("DURATION")) yield { code: "ICS-207", name: end };
    const [from, to] = [lines.get("DTSTART")?.[0], lines.get(end)?.[0]];
    if (from && to && component.name !== "VFREEBUSY" && isOutOfOrder(from, to)) yield { code: "ICS-214", name: end };
  }
}

function needsOf(component: Component, lines: ReadonlyMap<string, readonly Line[]>, parents: readonly Component[]): readonly string[] {
  const always = needed[component.name] ?? [];
  if (component.name === "VALARM") return [...always, ...(ofAlarm[lines.get("ACTION")?.[0]?.value.toUpperCase() ?? ""] ?? [])];
  const calendar = parents.find(({ name }) => name === "VCALENDAR");
  const hasMethod = calendar !== undefined && linesIn(calendar).some((line) => line.parts?.name === "METHOD");
  return component.name === "VEVENT" && !hasMethod ? [...always, "DTSTART"] : always;
}

/** An end of another type than the start, or before it on the same clock. */
function isOutOfOrder(from: Line, to: Line): boolean {
  const [start, end] = [readWhen(from.value), readWhen(to.value)];
  if (start === undefined || end === undefined) return false;
  if (start.isDate !== end.isDate) return true;
  const isSameClock = start.isUtc === end.isUtc && from.parameter("TZID") === to.parameter("TZID");
  return isSameClock && end.wall < start.wall;
}
