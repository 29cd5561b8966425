import { textOfBytes } from "./bytes.ts";

/** Escape sequences of HL7 v2 (chapter 2.7): delimiters, bytes as `\X4A6F\`, and what only changes how text looks. */
export function unescapeHl7(text: string): string | undefined {
  if (!text.includes("\\")) return undefined;
  const read = bytesOf(text).replace(/\\(?:([FSTREHNP])|([CM])[0-9A-Fa-f]{4,6}|Z[^\\]{0,64}|\.[a-z]{2}[+-]?\d{0,3})\\/g, (_, letter?: string) => (letter === undefined ? "" : (delimiters[letter] ?? "")));
  return read === text ? undefined : read;
}

/** Neighbours are letters of UTF-8 together. */
function bytesOf(text: string): string {
  return text.replace(/(?:\\X(?:[0-9A-Fa-f]{2})+\\)+/g, (run) => textOfBytes(Uint8Array.from(run.replace(/[\\X]/g, "").match(/../g) ?? [], (hex) => Number.parseInt(hex, 16))));
}

const delimiters: Readonly<Record<string, string>> = { F: "|", S: "^", T: "&", R: "~", E: "\\", P: "#" };
