import { idOf, type X12Line } from "../../../codec/x12/segments.ts";
import { mostOf } from "./table.ts";

/** A segment as values: elements from 1 at [0], each its repetitions, each its components. */
export interface Parts {
  readonly id: string;
  readonly elements: readonly (readonly (readonly string[])[])[];
}

export function partsOf(line: X12Line): Parts {
  const { element, repetition, component } = line.marks;
  const split = (text: string, mark: string) => (mark === "" ? [text] : text.split(mark));
  const id = idOf(line);
  // What stands behind the last element that has a row is not looked at.
  const [, ...elements] = line.text.split(element, mostOf(id) + 1);
  return { id, elements: elements.map((each) => split(each, repetition).map((one) => split(one, component))) };
}

/** The value of an element's first repetition; empty when it is not there. */
export function textAt({ elements }: Parts, element: number, component = 1): string {
  return elements[element - 1]?.[0]?.[component - 1] ?? "";
}

/** Text between the engine's own delimiters, without the empty pieces at its end. */
export function joined(pieces: readonly string[], mark: string): string {
  const last = pieces.findLastIndex((each) => each !== "");
  return pieces.slice(0, last + 1).join(mark);
}
