import { EngineError } from "../../sdk/error.ts";
import { isInterchangeAt, readDelimiters, type X12Delimiters } from "./delimiters.ts";

/** One segment as text, without its terminator. */
export interface X12Line {
  text: string;
  /** The terminator and what stands between it and the next segment (line ends, indentation); empty where the text ends without one. */
  end: string;
  readonly marks: X12Delimiters;
}

/** The segments of a text, shared by the message and its parts. */
export interface X12Body {
  /** Byte-order mark and white space before the first ISA. */
  readonly head: string;
  readonly lines: X12Line[];
}

/** The id given to segments without one, and to text behind the last terminator, so that their text never becomes part of a path. */
export const oddId = "???";

/** Splits a text into segments; nothing inside a segment but ISA is looked at. Throws `X12-0nn`. */
export function readBody(text: string): X12Body {
  const length = text.length;
  let at = skipBlank(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (!isInterchangeAt(text, at)) throw new EngineError("X12-001", { offset: at });
  const head = text.slice(0, at);
  const lines: X12Line[] = [];
  let marks = readDelimiters(text, at);
  let closed = false;
  while (at < length) {
    if (lines.length > 0 && isInterchangeAt(text, at) && (closed || text.charAt(at + 3) === marks.element)) marks = readDelimiters(text, at);
    const stop = text.indexOf(marks.segment, at);
    const end = stop < 0 ? length : stop;
    const line = text.slice(at, end);
    const next = stop < 0 ? length : skipBlank(text, stop + 1);
    lines.push({ text: line, end: next === end + 1 ? marks.segment : text.slice(end, next), marks });
    closed = line.startsWith("IEA") && line.charAt(3) === marks.element;
    at = next;
  }
  return { head, lines };
}

/** The text of everything. */
export function joinBody(body: X12Body): string {
  let out = body.head;
  for (const line of body.lines) out += line.text + line.end;
  return out;
}

/** The segment's id; `???` where there is none. */
export function idOf({ text, marks }: X12Line): string {
  const mark = marks.element;
  if (text.charAt(2) === mark || text.length === 2) return isId(text, 2) ? text.slice(0, 2) : oddId;
  if (text.charAt(3) === mark || text.length === 3) return isId(text, 3) ? text.slice(0, 3) : oddId;
  return oddId;
}

/** Whether the segment has this id. */
export function hasId(line: X12Line, id: string): boolean {
  const { text } = line;
  if (id === oddId) return idOf(line) === oddId;
  return text.startsWith(id) && (text.length === id.length || text.charAt(id.length) === line.marks.element);
}

/** Two or three capitals and digits, a capital first. */
function isId(text: string, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 65 && code <= 90) || (i > 0 && code >= 48 && code <= 57))) return false;
  }
  return true;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 10 && code !== 13 && code !== 32 && code !== 9 && code !== 0) return at;
    at++;
  }
}
