import { EngineError } from "../../sdk/error.ts";
import type { ValueType } from "./properties.ts";

/** RFC 5545 3.3.11: `\n`, `\,`, `\;` and `\\`. A backslash before anything else stands for itself, as in what many senders write. */
export function decodeText(raw: string): string {
  return raw.includes("\\") ? raw.replace(/\\([nN,;\\])/g, (_, sign: string) => (sign === "n" || sign === "N" ? "\n" : sign)) : raw;
}

/** Line ends of any kind become the one that iCalendar has. `ICS-103` for other control characters. */
export function encodeText(value: string): string {
  const text = value.replace(/\r\n?|\n/g, "\n");
  refuseControls(text.replaceAll("\n", ""));
  return text.replace(/[\\;,\n]/g, (sign) => (sign === "\n" ? "\\n" : `\\${sign}`));
}

/** A value that is no text stands as it is. */
export function encodeRaw(value: string, separator?: string): string {
  refuseControls(value);
  if (separator !== undefined && value.includes(separator)) throw new EngineError("ICS-103");
  return value;
}

function refuseControls(text: string): void {
  if (hasControls(text) || !text.isWellFormed()) throw new EngineError("ICS-103");
}

/** RFC 5545 3.1: CONTROL is everything below space but HTAB, and DEL. */
export function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value cannot hold
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text);
}

export function isTextual(type: ValueType): boolean {
  return type === "TEXT" || type === "UNKNOWN";
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the values of a list, or the parts of a value, stand. In text a separator behind a backslash is none. */
export function elementsOf(raw: string, separator: "," | ";" | undefined, type: ValueType): readonly Span[] {
  if (separator === undefined) return [{ start: 0, end: raw.length }];
  const spans: Span[] = [];
  let start = 0;
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === "\\" && isTextual(type)) i++;
    else if (raw[i] === separator) {
      spans.push({ start, end: i });
      start = i + 1;
    }
  }
  spans.push({ start, end: raw.length });
  return spans;
}
