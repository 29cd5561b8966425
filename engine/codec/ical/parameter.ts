import { EngineError } from "../../sdk/error.ts";

/** RFC 6868: a caret before n, ^ or ' stands for a line feed, a caret or a double quote; before anything else for itself. */
export function decodeParameter(raw: string): string {
  return raw.includes("^") ? raw.replace(/\^([n^'])/g, (_, sign: string) => (sign === "n" ? "\n" : sign === "'" ? '"' : "^")) : raw;
}

/** A parameter's value as it is written, in quotes where it must be or was. `ICS-103` for control characters. */
export function encodeParameter(value: string, wasQuoted = false): string {
  const text = value.replace(/\r\n?|\n/g, "\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value cannot hold
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw new EngineError("ICS-103");
  const raw = text.replace(/[\^\n"]/g, (sign) => (sign === "\n" ? "^n" : sign === '"' ? "^'" : "^^"));
  return wasQuoted || /[,;:]/.test(raw) || /^\s|\s$/.test(raw) ? `"${raw}"` : raw;
}
