import { EngineError } from "../../sdk/error.ts";
import type { Delimiters } from "./delimiters.ts";

/** The value of a raw leaf. Formatting and unknown sequences and lone escape characters stay as they are. */
export function unescapeText(raw: string, marks: Delimiters): string {
  const mark = marks.escape;
  let at = mark === "" ? -1 : raw.indexOf(mark);
  if (at < 0) return raw;
  let out = "";
  let done = 0;
  while (at >= 0) {
    const close = raw.indexOf(mark, at + 1);
    if (close < 0) break;
    const name = raw.slice(at + 1, close);
    const text = resolve(name, marks);
    if (text !== undefined) {
      out += raw.slice(done, at) + text;
      done = close + 1;
      at = raw.indexOf(mark, done);
    } else {
      // A known sequence without a character, like \H\ or \.br\, is kept whole; else the escape character stands alone.
      at = isSequence(name) ? raw.indexOf(mark, close + 1) : close;
    }
  }
  return done === 0 ? raw : out + raw.slice(done);
}

/** Whether a raw leaf holds an escape character that begins no sequence of the standard. */
export function hasLoneEscape(raw: string, marks: Delimiters): boolean {
  const mark = marks.escape;
  let at = mark === "" ? -1 : raw.indexOf(mark);
  while (at >= 0) {
    const close = raw.indexOf(mark, at + 1);
    if (close < 0) return true;
    const name = raw.slice(at + 1, close);
    if (resolve(name, marks) === undefined && !isSequence(name)) return true;
    at = raw.indexOf(mark, close + 1);
  }
  return false;
}

function resolve(name: string, marks: Delimiters): string | undefined {
  if (name.length === 1) {
    switch (name) {
      case "F":
        return marks.field;
      case "S":
        return marks.component || undefined;
      case "T":
        return marks.subcomponent || undefined;
      case "R":
        return marks.repetition || undefined;
      case "E":
        return marks.escape;
      case "P":
        return marks.truncation || undefined;
    }
    return undefined;
  }
  const first = name.charCodeAt(0);
  return (first === 88 || first === 120) && name.length % 2 === 1 ? fromHex(name) : undefined;
}

/** Highlighting, formatting, character sets, local and malformed hexadecimal sequences. Only asked when `resolve` has no text. */
function isSequence(name: string): boolean {
  return /^(?:[HNPSTR]|\.[a-z]{2}[+-]?\d*|[CMXx][0-9A-Fa-f]*|Z[0-9A-Za-z]*)$/.test(name);
}

/** `X0D0A`: bytes of UTF-8, or of Latin-1 where they are not UTF-8. */
function fromHex(name: string): string | undefined {
  const bytes: number[] = [];
  let plain = true;
  for (let i = 1; i < name.length; i += 2) {
    const high = hexDigit(name.charCodeAt(i));
    const low = hexDigit(name.charCodeAt(i + 1));
    if (high < 0 || low < 0) return undefined;
    const byte = high * 16 + low;
    if (byte > 0x7f) plain = false;
    bytes.push(byte);
  }
  if (!plain) {
    try {
      return decodeURIComponent(bytes.map((byte) => `%${(byte + 256).toString(16).slice(1)}`).join(""));
    } catch {
      // Not UTF-8: each byte stands for the Latin-1 character of its number.
    }
  }
  let out = "";
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** The raw text of a value: whatever could be read as structure, a frame byte or HL7 null is escaped. */
export function escapeText(value: string, marks: Delimiters): string {
  if (value === '""') return sequence("X2222", marks);
  let out = "";
  let done = 0;
  for (let i = 0; i < value.length; i++) {
    const name = escapeName(value, i, marks);
    if (name === "") continue;
    out += value.slice(done, i) + sequence(name, marks);
    done = i + 1;
  }
  return done === 0 ? value : out + value.slice(done);
}

function escapeName(value: string, i: number, marks: Delimiters): string {
  const code = value.charCodeAt(i);
  if (code > 0x7e || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return "";
  if (code < 0x20) return code === 9 ? "" : `X${code < 16 ? "0" : ""}${code.toString(16).toUpperCase()}`;
  const char = value.charAt(i);
  if (char === marks.field) return "F";
  if (char === marks.component) return "S";
  if (char === marks.repetition) return "R";
  if (char === marks.escape) return "E";
  if (char === marks.subcomponent) return "T";
  // Inside a value the truncation character means itself.
  if (char === marks.truncation && i === value.length - 1) return "P";
  return "";
}

function sequence(name: string, marks: Delimiters): string {
  if (marks.escape === "") throw new EngineError("HL7-105", { needs: "escape" });
  return marks.escape + name + marks.escape;
}
