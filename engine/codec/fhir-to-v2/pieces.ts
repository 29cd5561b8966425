import type { Delimiters } from "../hl7v2/delimiters.ts";
import { escapeText } from "../hl7v2/escape.ts";

/** A component or subcomponent: a value to be escaped, text of several lines, or subcomponents. */
export type Piece = string | Lines | readonly string[];
/** A component that says that it has no value. */
export const none: Piece = Object.freeze([]);
/** Components of one repetition; `null` is the HL7 null. */
export type Repetition = readonly Piece[] | null;

/** Formatted text (FT): its lines are parted by `\.br\`. */
export class Lines {
  readonly lines: readonly string[];
  constructor(text: string) {
    this.lines = text.split(/\r\n|\r|\n/);
  }
}

export const marks: Delimiters = { field: "|", component: "^", repetition: "~", escape: "\\", subcomponent: "&", truncation: "" };

export function isEmpty(repetition: Repetition): boolean {
  return repetition !== null && textOf(repetition) === "";
}

/** A repetition as it stands in the message, without empty pieces at its end. */
export function textOf(repetition: Repetition): string {
  return repetition === null ? '""' : trimmed(repetition.map(pieceText), marks.component);
}

function pieceText(piece: Piece): string {
  if (piece === none) return '""';
  if (typeof piece === "string") return escapeText(piece, marks);
  if (piece instanceof Lines) return piece.lines.map((line) => escapeText(line, marks)).join("\\.br\\");
  return trimmed(piece.map((each) => escapeText(each, marks)), marks.subcomponent);
}

function trimmed(parts: readonly string[], separator: string): string {
  const last = parts.findLastIndex((each) => each !== "");
  return parts.slice(0, last + 1).join(separator);
}
