import type { Code } from "../../../sdk/error.ts";
import { locate } from "../element.ts";
import { compositeDefinition, elementDefinition, segmentDefinition } from "../grammar/definitions.ts";
import type { PartDefinition, RelationalNote, SegmentUse } from "../grammar/structure.ts";
import { idOf, type X12Line } from "../segments.ts";
import type { ElementFault } from "./fault.ts";
import { hasControl, periodFault, valueFault } from "./value.ts";

/** Where the segment stands, for its faults. */
export type At = Pick<ElementFault, "at" | "position" | "loop">;

/** Codes of the engine by IK403. */
const byNote: Readonly<Record<string, Code>> = {
  1: "X12-231", 2: "X12-232", 3: "X12-233", 4: "X12-234", 5: "X12-235", 6: "X12-236", 7: "X12-237", 8: "X12-238", 9: "X12-239", 10: "X12-240", 11: "X12-241", 12: "X12-242", I10: "X12-243",
};
/** AK403 of a 997, where the older list has no such code. */
const older: Readonly<Record<string, string>> = { 11: "3", 12: "3", I10: "10" };

/** The elements of one segment against its definition in `version` and its use. */
export function elementFaults(line: X12Line, use: SegmentUse, version: string, at: At): ElementFault[] {
  const definition = segmentDefinition(version, use.id);
  if (definition === undefined) return controlFaults(line, at);
  return new Segment(line, use, version, at).faults(definition.elements, definition.notes);
}

/** Characters that no element holds, in a segment of which nothing else is known. */
export function controlFaults(line: X12Line, at: At): ElementFault[] {
  if (!hasControl(line.text.replaceAll(line.marks.element, "").replaceAll(line.marks.component, "").replaceAll(line.marks.repetition || line.marks.element, ""))) return [];
  return line.text.split(line.marks.element).flatMap((text, element) => (element > 0 && hasControl(text) ? [faultOf("6", line, at, { element, component: 0, repetition: 0, number: "" })] : []));
}

type Where = Pick<ElementFault, "element" | "component" | "repetition" | "number">;

function faultOf(note: string, line: X12Line, at: At, where: Where): ElementFault {
  const old = older[note];
  return { level: "element", code: byNote[note] ?? "X12-231", note, ...(old !== undefined && { old }), segment: idOf(line), ...at, ...where };
}

class Segment {
  readonly #line: X12Line;
  readonly #use: SegmentUse;
  readonly #version: string;
  readonly #at: At;
  readonly #out: ElementFault[] = [];
  /** Places with a fault: the first is told. */
  readonly #told = new Set<string>();

  constructor(line: X12Line, use: SegmentUse, version: string, at: At) {
    this.#line = line;
    this.#use = use;
    this.#version = version;
    this.#at = at;
  }

  faults(parts: readonly PartDefinition[], notes: readonly RelationalNote[]): ElementFault[] {
    const { text, marks } = this.#line;
    const values = text.split(marks.element).slice(1);
    let period = "";
    for (const [i, part] of parts.entries()) {
      const value = values[i] ?? "";
      this.#element(value, part, i + 1, period);
      period = part.number === "1250" ? value : "";
    }
    // Empty elements at the end are written by some; they say nothing.
    const more = values.findIndex((value, i) => i >= parts.length && value !== "");
    if (more >= 0) this.#push("3", { element: more + 1, component: 0, repetition: 0, number: "" });
    this.#related(notes, values, (n) => ({ element: n, component: 0, repetition: 0, number: numberOf(parts[n - 1]) }));
    return this.#out;
  }

  #element(value: string, part: PartDefinition, element: number, period: string): void {
    const { repetition } = this.#line.marks;
    const where = { element, component: 0, repetition: 0, number: part.number };
    const usage = this.#usage(element, 0);
    if (value === "") {
      if (usage === "R" || (part.usage === "M" && usage === undefined)) this.#push("1", { ...where, number: numberOf(part) });
      return;
    }
    if (usage === "N") return this.#push("I10", { ...where, number: numberOf(part) });
    const repetitions = repetition === "" ? [value] : value.split(repetition);
    if (repetitions.length > part.repeat) this.#push("11", { ...where, number: numberOf(part) });
    for (const [i, one] of repetitions.entries()) {
      const at = { ...where, repetition: repetitions.length > 1 ? i + 1 : 0 };
      if (/^[A-Z]/.test(part.number)) this.#composite(one, at);
      else this.#value(one, part.number, at, period);
    }
  }

  #composite(value: string, where: Where): void {
    const composite = compositeDefinition(this.#version, where.number);
    if (composite === undefined) return;
    const values = value.split(this.#line.marks.component);
    let period = "";
    for (const [i, part] of composite.components.entries()) {
      const at = { ...where, component: i + 1, number: part.number };
      const usage = this.#usage(where.element, i + 1);
      const each = values[i] ?? "";
      if (each === "") {
        if (usage === "R" || (part.usage === "M" && usage === undefined)) this.#push("1", at);
      } else if (usage === "N") this.#push("I10", at);
      else this.#value(each, part.number, at, period);
      period = part.number === "1250" ? each : "";
    }
    if (values.length > composite.components.length) this.#push("12", { ...where, component: composite.components.length + 1, number: "" });
    this.#related(composite.notes, values, (n) => ({ ...where, component: n, number: composite.components[n - 1]?.number ?? "" }));
  }

  #value(value: string, number: string, where: Where, period: string): void {
    const definition = elementDefinition(this.#version, number);
    if (definition === undefined) return;
    if (where.component === 0 && value.includes(this.#line.marks.component)) return this.#push("6", where);
    const use = this.#useOf(where.element, where.component);
    const note = valueFault(value, definition, use?.codes ?? definition.codes) ?? (number === "1251" ? periodFault(value, period) : undefined);
    if (note !== undefined) this.#push(note, where);
  }

  #related(notes: readonly RelationalNote[], values: readonly string[], where: (n: number) => Where): void {
    const has = (n: number) => (values[n - 1] ?? "") !== "";
    for (const { kind, elements } of notes) {
      const [first = 0, ...others] = elements;
      const there = elements.filter(has);
      const lacks = elements.find((n) => !has(n)) ?? first;
      if (kind === "P" && there.length > 0 && there.length < elements.length) this.#push("2", where(lacks));
      else if (kind === "R" && there.length === 0) this.#push("2", where(first));
      else if (kind === "E" && there.length > 1) this.#push("10", where(there[1] ?? first));
      else if (kind === "C" && has(first) && !others.every(has)) this.#push("2", where(lacks));
      else if (kind === "L" && has(first) && !others.some(has)) this.#push("2", where(others[0] ?? first));
    }
  }

  #usage(element: number, component: number): "R" | "S" | "N" | undefined {
    return this.#useOf(element, component)?.usage;
  }

  #useOf(element: number, component: number): SegmentUse["elements"][number] | undefined {
    return this.#use.elements.find((each) => each.element === element && each.component === component);
  }

  #push(note: string, where: Where): void {
    const key = `${where.element} ${where.component} ${where.repetition}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#out.push(faultOf(note, this.#line, this.#at, where));
  }
}

/** The number of a data element; a composite has none in an acknowledgement. */
function numberOf(part: PartDefinition | undefined): string {
  return part === undefined || /^[A-Z]/.test(part.number) ? "" : part.number;
}

/** Separators behind the last value of a segment: harmless, and against X12.6. */
export function trailsEmpty(line: X12Line): boolean {
  const { text, marks } = line;
  return text.endsWith(marks.element) && locate(line, { element: 1, repetition: 0, component: 0 }, 0).missing === 0;
}
