import { EngineError } from "../../sdk/error.ts";
import { isHeaderAt, readDelimiters, type Delimiters } from "./delimiters.ts";
import { isSegmentName, oddName } from "./path.ts";

/** One segment as text. `eol` is what ends it, with the blank lines that follow. */
export interface Line {
  text: string;
  eol: string;
  readonly marks: Delimiters;
  /** MSH, FHS or BHS: its first field is the separator itself. */
  readonly header: boolean;
}

/** The lines of a message, shared by the message and its segments. */
export interface Body {
  /** Byte-order mark and blank lines before the first segment. */
  readonly head: string;
  readonly lines: Line[];
  edited: boolean;
}

/** Splits a text into segments and reads the delimiters; nothing inside a segment is looked at. */
export function readBody(text: string): Body {
  const length = text.length;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (isBreak(text.charCodeAt(at))) at++;
  if (!isHeaderAt(text, at)) throw new EngineError("HL7-001", { offset: at });
  const head = text.slice(0, at);
  const lines: Line[] = [];
  let marks: Delimiters | undefined;
  let cr = text.indexOf("\r", at);
  let lf = text.indexOf("\n", at);
  while (at < length) {
    if (cr >= 0 && cr < at) cr = text.indexOf("\r", at);
    if (lf >= 0 && lf < at) lf = text.indexOf("\n", at);
    const end = cr < 0 ? (lf < 0 ? length : lf) : lf < 0 || cr < lf ? cr : lf;
    let next = end;
    while (next < length && isBreak(text.charCodeAt(next))) next++;
    const line = text.slice(at, end);
    const header: boolean = isHeaderAt(line, 0) && (marks === undefined || isHeaderText(line));
    if (header || marks === undefined) marks = readDelimiters(line, at);
    lines.push({ text: line, eol: next === end + 1 ? (end === cr ? "\r" : "\n") : text.slice(end, next), marks, header });
    at = next;
  }
  return { head, lines, edited: false };
}

/** The text of all lines. */
export function joinLines(body: Body): string {
  let out = body.head;
  for (const line of body.lines) out += line.text + line.eol;
  return out;
}

/** The segment's name; `???` for a line that does not begin with one. */
export function nameOf(line: Line): string {
  const { text } = line;
  return isSegmentName(text) && (text.length === 3 || text.charAt(3) === line.marks.field) ? text.slice(0, 3) : oddName;
}

/** Whether the line is a segment of this name. */
export function isNamed(line: Line, name: string): boolean {
  const { text } = line;
  if (name === oddName) return nameOf(line) === oddName;
  return text.startsWith(name) && (text.length === 3 || text.charAt(3) === line.marks.field);
}

/** A later line that begins with the letters MSH is a header only when a separator follows that can be one. */
function isHeaderText(line: string): boolean {
  const code = line.charCodeAt(3);
  return code > 0x20 && code < 0x7f && !/[0-9A-Za-z"]/.test(line.charAt(3));
}

export function isBreak(code: number): boolean {
  return code === 13 || code === 10;
}
