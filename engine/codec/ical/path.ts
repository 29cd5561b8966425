import { EngineError } from "../../sdk/error.ts";
import type { Line, Parameter } from "./line.ts";
import { type Component, componentsIn, linesIn } from "./read.ts";

/** `VEVENT[2]/VALARM/ATTENDEE[1].1;CN[1]`, taken apart. Numbers count from 1; absent: the first where one is meant, all where all are. */
export interface Path {
  readonly components: readonly Step[];
  readonly property: Step | undefined;
  /** Which value of a list, or part of a value. */
  readonly element: number | undefined;
  readonly parameter: Step | undefined;
}

export interface Step {
  readonly name: string;
  readonly index: number | undefined;
}

/** The name that a line has in paths which is no content line. */
export const oddLine = "?";

const step = /^([A-Za-z0-9_-]+)(?:\[([1-9]\d{0,6})\])?$/;
const last = /^([A-Za-z0-9_-]+|\?)(?:\[([1-9]\d{0,6})\])?(?:\.([1-9]\d{0,6}))?(?:;([A-Za-z0-9_-]+)(?:\[([1-9]\d{0,6})\])?)?$/;

/** A path to a property, an element of it or a parameter. Throws `ICS-101`. */
export function propertyPath(path: string): Path {
  if (typeof path !== "string") throw new EngineError("ICS-101");
  const at = path.lastIndexOf("/");
  const found = last.exec(path.slice(at + 1));
  if (found === null) throw new EngineError("ICS-101");
  const [, name = "", index, element, parameter, parameterIndex] = found;
  return {
    components: at < 0 ? [] : componentSteps(path.slice(0, at)),
    property: stepOf(name, index),
    element: number(element),
    parameter: parameter === undefined ? undefined : stepOf(parameter, parameterIndex),
  };
}

/** `VEVENT[2]/VALARM`. */
export function componentSteps(path: string): Step[] {
  if (typeof path !== "string") throw new EngineError("ICS-101");
  return path.split("/").map((each) => {
    const found = step.exec(each);
    if (found === null) throw new EngineError("ICS-101");
    return stepOf(found[1] ?? "", found[2]);
  });
}

function stepOf(name: string, index: string | undefined): Step {
  return { name: name.toUpperCase(), index: number(index) };
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Components that the first step of a path counts: those of the text, and behind a calendar those in it. */
export function topOf(root: Component): Component[] {
  return componentsIn(root).flatMap((each) => (each.name === "VCALENDAR" ? [each, ...componentsIn(each)] : [each]));
}

/** Where a path may begin: in the text as a whole, or in one component. */
export interface Scope {
  readonly root: Component;
  readonly isWhole: boolean;
}

export function findComponents({ root, isWhole }: Scope, steps: readonly Step[]): Component[] {
  let found = [root];
  for (const [i, { name, index }] of steps.entries()) {
    found = found.flatMap((each) => {
      const all = (i === 0 && isWhole ? topOf(each) : componentsIn(each)).filter((child) => child.name === name);
      return index === undefined ? all : all.slice(index - 1, index);
    });
  }
  return found;
}

/** The lines of a property in a component. */
export function findLines(component: Component, { name, index }: Step): Line[] {
  const all = linesIn(component).filter((line) => (name === oddLine ? line.parts === undefined && line.text !== "" : line.parts?.name === name));
  return index === undefined ? all : all.slice(index - 1, index);
}

export function findParameters(line: Line, name: string): Parameter[] {
  return (line.parts?.parameters ?? []).filter((each) => each.name === name);
}
