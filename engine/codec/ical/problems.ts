import type { Code } from "../../sdk/error.ts";
import type { Problem } from "../problem.ts";
import { longestLine, octets } from "./fold.ts";
import type { Line } from "./line.ts";
import type { IcalMessage } from "./message.ts";
import { oddLine } from "./path.ts";
import { type Component, componentsIn, isLine, linesIn } from "./read.ts";
import { required } from "./required.ts";
import { readWhen } from "./recur/times.ts";
import { isOfType } from "./typed.ts";
import { hasControls } from "./value.ts";

/** What is odd or wrong by RFC 5545, in the order of the text: codes, paths and lines. */
export function problemsOf(message: IcalMessage): Problem[] {
  const { root, breaks } = message;
  const walk = new Walk(message.toString().startsWith("\uFEFF"), zonesOf(root));
  if (breaks.eol !== "\r\n") walk.add("ICS-211", "", 1);
  walk.inside(root, "", [], new Map(), true);
  return walk.found;
}

function zonesOf(root: Component): ReadonlySet<string> {
  const zones = new Set<string>();
  const take = (component: Component): void => {
    if (component.name === "VTIMEZONE") for (const line of linesIn(component)) if (line.parts?.name === "TZID") zones.add(line.elements[0]?.value ?? "");
    for (const each of componentsIn(component)) take(each);
  };
  take(root);
  return zones;
}

class Walk {
  readonly found: Problem[] = [];
  readonly #zones: ReadonlySet<string>;
  readonly #unknownZones = new Set<string>();
  #line = 1;

  constructor(isMarked: boolean, zones: ReadonlySet<string>) {
    this.#zones = zones;
    if (isMarked) this.add("ICS-216", "", 1);
  }

  add(code: Code, path: string, line: number, isError = false): void {
    this.found.push(isError ? { code, path, line, severity: "error" } : { code, path, line });
  }

  inside(component: Component, prefix: string, parents: readonly Component[], top: Map<string, number>, isTop: boolean): void {
    const counts = new Map<string, number>();
    const nested = isTop ? top : new Map<string, number>();
    const at = this.#line;
    if (component.begin) this.#pass(component.begin, prefix);
    for (const item of component.items) {
      if (isLine(item)) this.#property(item, prefix, counts);
      else {
        const path = numbered(item.name, nested);
        const isCalendar = component.begin === undefined && item.name === "VCALENDAR";
        if (component.begin === undefined && !isCalendar) this.add("ICS-201", path, this.#line, true);
        this.inside(item, `${component.name === "VCALENDAR" && parents.length === 1 ? "" : prefix}${path}/`, [...parents, component], top, isCalendar);
      }
    }
    if (component.end) {
      if (component.end.value.trim().toUpperCase() !== component.name) this.add("ICS-217", prefix.slice(0, -1), this.#line, true);
      this.#pass(component.end, prefix);
    }
    if (component.begin) for (const { code, name } of required(component, parents)) this.add(code, name === "" ? prefix.slice(0, -1) : `${prefix}${name}`, at, true);
  }

  /** Oddities of a line as such. */
  #pass(line: Line, path: string): void {
    if (line.raw.length > longestLine / 3 && line.raw.split(/\r\n|\r|\n/).some((each) => octets(each) > longestLine)) this.add("ICS-212", path, this.#line);
    if (line.raw === "") this.add("ICS-213", path, this.#line);
    this.#line += line.height;
  }

  #property(line: Line, prefix: string, counts: Map<string, number>): void {
    const at = this.#line;
    const { parts } = line;
    const path = line.text === "" ? prefix.slice(0, -1) : `${prefix}${numbered(parts?.name ?? oddLine, counts)}`;
    this.#pass(line, path);
    if (line.text === "") return;
    if (hasControls(line.text)) this.add("ICS-209", path, at, true);
    // Nothing stands between components at the top.
    if (!parts || prefix === "") return this.add("ICS-202", path, at, true);
    if (/_/.test(parts.name) || parts.group !== "") this.add("ICS-204", path, at, true);
    if (!parts.isSound) this.add("ICS-203", path, at, true);
    if (!hasItsType(line)) this.add("ICS-208", path, at, true);
    const zone = line.parameter("TZID");
    if (zone !== undefined && !zone.startsWith("/") && !this.#zones.has(zone) && !this.#unknownZones.has(zone)) {
      this.#unknownZones.add(zone);
      this.add("ICS-210", `${path};TZID`, at);
    }
  }
}

/** A type that the property can have, values of that type, UTC where it must be, and base64 where it is binary. */
function hasItsType(line: Line): boolean {
  const { row, type, elements } = line;
  if (row === undefined) return line.parameter("VALUE") === undefined || elements.every(({ value }) => isOfType(value, type));
  if (!row.types.includes(type)) return false;
  if (type === "BINARY" && line.parameter("ENCODING")?.toUpperCase() !== "BASE64") return false;
  const isSound = elements.every(({ value }) => isOfType(value, type) && (row.isUtc !== true || readWhen(value)?.isUtc === true));
  return isSound && (line.parts?.name !== "GEO" || elements.length === 2);
}

function numbered(name: string, counts: Map<string, number>): string {
  const n = (counts.get(name) ?? 0) + 1;
  counts.set(name, n);
  return n === 1 ? name : `${name}[${n}]`;
}
