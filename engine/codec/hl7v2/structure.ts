import { EngineError } from "../../sdk/error.ts";
import type { Delimiters } from "./delimiters.ts";
import { escapeText, unescapeText } from "./escape.ts";
import type { Line } from "./lines.ts";
import type { Hl7Message } from "./message.ts";

/** A message as plain data without any of its raw text: what `inspect --roundtrip` rebuilds a message from. */
export interface Structure {
  readonly head: string;
  readonly segments: readonly SegmentStructure[];
}

export interface SegmentStructure {
  /** The name, or what stands in its place. */
  readonly name: string;
  readonly eol: string;
  /** Of headers: MSH-1 and MSH-2. */
  readonly declares?: readonly [field: string, others: string];
  /** Fields, repetitions, components, subcomponents; `null` is HL7 null. */
  readonly fields: readonly (readonly (readonly (readonly (string | null)[])[])[])[];
}

/** The whole tree. Slow beside the lazy accessors: for tools, not for the path of a message. */
export function structureOf(message: Hl7Message): Structure {
  return { head: message.body.head, segments: message.body.lines.map(segmentOf) };
}

function segmentOf(line: Line): SegmentStructure {
  const { text, eol, marks, header } = line;
  const split = (piece: Piece, separator: string) => pieces(text, piece, separator);
  const [name, ...fields] = split([0, text.length], marks.field) as [Piece, ...Piece[]];
  const declared = header ? fields.shift() : undefined;
  const value = ([start, end]: Piece): string | null => {
    const raw = text.slice(start, end);
    return raw === '""' ? null : unescapeText(raw, marks);
  };
  return {
    name: text.slice(...name),
    eol,
    ...(header && { declares: [marks.field, declared === undefined ? "" : text.slice(...declared)] as const }),
    fields: fields.map((field) =>
      split(field, marks.repetition).map((repetition) =>
        split(repetition, marks.component).map((component) => split(component, marks.subcomponent).map(value)),
      ),
    ),
  };
}

/** The text of a structure, every value escaped anew. Reading it gives an equal structure. */
export function rebuild(structure: Structure): string {
  let marks: Delimiters | undefined;
  let out = structure.head;
  for (const segment of structure.segments) {
    if (segment.declares !== undefined) marks = marksOf(segment.declares);
    if (marks === undefined) throw new EngineError("HL7-001", { offset: 0 });
    const { field, repetition, component, subcomponent } = marks;
    const now = marks;
    const value = (each: string | null) => (each === null ? '""' : now.escape === "" ? each : escapeText(each, now));
    const head = segment.name + (segment.declares === undefined ? "" : segment.declares.join(""));
    const fields = segment.fields.map((repetitions) =>
      repetitions
        .map((components) => components.map((each) => each.map(value).join(subcomponent)).join(component))
        .join(repetition),
    );
    out += [head, ...fields].join(field) + segment.eol;
  }
  return out;
}

function marksOf([field, others]: readonly [string, string]): Delimiters {
  return {
    field,
    component: others.charAt(0),
    repetition: others.charAt(1),
    escape: others.charAt(2),
    subcomponent: others.charAt(3),
    truncation: others.charAt(4),
  };
}

type Piece = readonly [start: number, end: number];

/** Splits a span; a separator that the message does not declare splits nothing. */
function pieces(text: string, [start, end]: Piece, separator: string): Piece[] {
  const out: Piece[] = [];
  let from = start;
  if (separator !== "") {
    for (let at = text.indexOf(separator, from); at >= 0 && at < end; at = text.indexOf(separator, from)) {
      out.push([from, at]);
      from = at + 1;
    }
  }
  out.push([from, end]);
  return out;
}
