import type { X12Delimiters } from "./delimiters.ts";
import { isOpaque } from "./element.ts";
import type { X12Message } from "./message.ts";

/** A message as plain data without any of its raw text. */
export interface X12Structure {
  readonly head: string;
  readonly segments: readonly X12SegmentStructure[];
}

export interface X12SegmentStructure {
  readonly id: string;
  /** Of ISA: the delimiters. */
  readonly declares?: X12Delimiters;
  /** What ends it, and white space behind that. */
  readonly end: string;
  /** Elements, repetitions, components; those of ISA as they stand. */
  readonly elements: readonly (readonly (readonly string[])[])[];
}

/** The whole tree. For tools; channels read by paths. */
export function x12StructureOf({ body }: X12Message): X12Structure {
  const segments = body.lines.map((line) => {
    const { text, marks, end } = line;
    const isa = isOpaque(line);
    const [id = "", ...elements] = text.split(marks.element);
    const pieces = (piece: string, mark: string) => (mark === "" || isa ? [piece] : piece.split(mark));
    return { id, end, ...(isa && { declares: marks }), elements: elements.map((each) => pieces(each, marks.repetition).map((one) => pieces(one, marks.component))) };
  });
  return { head: body.head, segments };
}

/** The text of a structure. Reading it gives an equal structure. */
export function rebuildX12({ head, segments }: X12Structure): string {
  let marks: X12Delimiters | undefined;
  let out = head;
  for (const { id, declares, elements, end } of segments) {
    marks = declares ?? marks;
    const { element = "*", repetition = "", component = ":" } = marks ?? {};
    out += [id, ...elements.map((repetitions) => repetitions.map((each) => each.join(component)).join(repetition))].join(element) + end;
  }
  return out;
}
