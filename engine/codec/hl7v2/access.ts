import { EngineError } from "../../sdk/error.ts";
import { escapeText, unescapeText } from "./escape.ts";
import type { Line } from "./lines.ts";
import { depthOf, isOpaque, levels, locate, splice } from "./locate.ts";
import type { FieldPath } from "./path.ts";

/** `null` is HL7 null, two quotes: the receiver shall erase what it has. */
export type Value = string | null;
export type Presence = "absent" | "empty" | "null" | "value";

const hl7Null = '""';

/** The decoded leaf; a path that stops above it means the first piece of each level below. */
export function getValue(line: Line, path: FieldPath): Value {
  const { start, end, missing } = locate(line, path, 3);
  if (missing > 0) return "";
  const raw = line.text.slice(start, end);
  if (isOpaque(line, path)) return raw;
  return raw === hl7Null ? null : unescapeText(raw, line.marks);
}

/** The text of the very piece that the path names, delimiters and escapes included. */
export function getRawText(line: Line, path: FieldPath): string {
  const { start, end, missing } = locate(line, path, depthOf(path));
  return missing > 0 ? "" : line.text.slice(start, end);
}

/** Whether the piece is there; a piece of nothing but delimiters is empty. */
export function presenceOf(line: Line, path: FieldPath): Presence {
  const { start, end, missing } = locate(line, path, depthOf(path));
  if (missing > 0) return "absent";
  if (isOpaque(line, path)) return start === end ? "empty" : "value";
  const raw = line.text.slice(start, end);
  if (raw === hl7Null) return "null";
  const { component, repetition, subcomponent } = line.marks;
  for (let i = 0; i < raw.length; i++) {
    const char = raw.charAt(i);
    if (char !== component && char !== repetition && char !== subcomponent) return "value";
  }
  return "empty";
}

/** Writes a value to the leaf; says whether the text changed. */
export function setValue(line: Line, path: FieldPath, value: string | number | null): boolean {
  return splice(line, path, 3, value === null ? hl7Null : escapeText(asText(value), line.marks));
}

/** Writes raw text to the very piece that the path names; says whether the text changed. */
export function setRawText(line: Line, path: FieldPath, raw: string): boolean {
  if (typeof raw !== "string") throw new EngineError("HL7-102");
  const depth = depthOf(path);
  for (let level = 0; level <= depth; level++) {
    const separator = line.marks[levels[level] as (typeof levels)[number]];
    if (separator !== "" && raw.includes(separator)) throw new EngineError("HL7-103", { level: levels[level] });
  }
  if (breaksSegment(raw)) throw new EngineError("HL7-103", { level: "segment" });
  return splice(line, path, depth, raw);
}

/** CR and LF end a segment, VT and FS a frame. */
export function breaksSegment(raw: string): boolean {
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === 13 || code === 10 || code === 11 || code === 28) return true;
  }
  return false;
}

function asText(value: string | number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new EngineError("HL7-102");
}
