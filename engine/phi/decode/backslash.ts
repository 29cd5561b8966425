import { textOfBytes } from "./bytes.ts";

/** Escapes of JSON (RFC 8259, 7), ECMAScript and C: `\u0041`, `\u{41}`, `\x41`, `\101`, `\"`. */
export function unbackslash(text: string): string | undefined {
  if (!text.includes("\\")) return undefined;
  return bytesOf(text).replace(/\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|([0-3][0-7]{2})|([\s\S]))/gi, (whole, unit?: string, point?: string, byte?: string, octal?: string, letter?: string) => {
    const hex = unit ?? byte ?? point;
    if (hex !== undefined) return Number.parseInt(hex, 16) > 0x10ffff ? whole : String.fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return letter === undefined ? " " : (spaces[letter] ?? letter);
  });
}

/** Neighbouring bytes are letters of UTF-8 together. */
function bytesOf(text: string): string {
  return text
    .replace(/(?:\\x[89a-f][0-9a-f]){2,}/gi, (run) => textOfBytes(Uint8Array.from(run.slice(2).split(/\\x/i), (hex) => Number.parseInt(hex, 16))))
    .replace(/(?:\\[23][0-7]{2}){2,}/g, (run) => textOfBytes(Uint8Array.from(run.slice(1).split("\\"), (octal) => Number.parseInt(octal, 8))));
}

const spaces: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: " ", f: " " };
