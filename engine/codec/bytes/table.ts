import { EngineError } from "../../sdk/error.ts";

/** One byte, or a lead and a trail byte, for each character, both ways. Built at first use from facts, not from messages. */
export interface Table {
  /** Characters by byte; an empty string where the set has none. */
  readonly single: readonly string[];
  /** Characters by lead * 256 + trail; empty for single-byte sets. */
  readonly double: ReadonlyMap<number, string>;
  readonly codes: ReadonlyMap<string, number>;
}

const tables = new Map<string, Table>();

export function tableOf(charset: string): Table {
  let table = tables.get(charset);
  if (table === undefined) {
    table = charset.startsWith("iso-8859-") ? singleByte(charset) : doubleByte(charset);
    tables.set(charset, table);
  }
  return table;
}

/** WHATWG reads 8859-1, -9 and -11 as Windows code pages; here they are what the standard says. */
function singleByte(charset: string): Table {
  const single = Array.from({ length: 256 }, (_, byte) => {
    if (byte < 0xa0) return String.fromCharCode(byte);
    if (charset === "iso-8859-9") return String.fromCharCode(turkish.get(byte) ?? byte);
    if (charset === "iso-8859-11") return byte === 0xa0 ? "\xa0" : isThai(byte) ? String.fromCharCode(byte + 0xd60) : "";
    return tryDecode(charset, [byte]);
  });
  return { single, double: new Map(), codes: reverse(single, new Map()) };
}

const turkish = new Map([
  [0xd0, 0x11e],
  [0xdd, 0x130],
  [0xde, 0x15e],
  [0xf0, 0x11f],
  [0xfd, 0x131],
  [0xfe, 0x15f],
]);

function isThai(byte: number): boolean {
  return (byte >= 0xa1 && byte <= 0xda) || (byte >= 0xdf && byte <= 0xfb);
}

function doubleByte(charset: string): Table {
  const single = Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? String.fromCharCode(byte) : ""));
  const double = new Map<number, string>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const text = tryDecode(charset, [lead, trail]);
      // A malformed pair can leave its second byte as a character of its own.
      if (text !== "" && [...text].length === 1) double.set(lead * 256 + trail, text);
    }
  }
  return { single, double, codes: reverse(single, double) };
}

function reverse(single: readonly string[], double: ReadonlyMap<number, string>): Map<string, number> {
  const codes = new Map<string, number>();
  for (const [byte, text] of single.entries()) if (text !== "") codes.set(text, byte);
  for (const [code, text] of double) if (!codes.has(text)) codes.set(text, code);
  return codes;
}

const decoders = new Map<string, TextDecoder>();

function tryDecode(charset: string, bytes: number[]): string {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset, { fatal: true });
  decoders.set(charset, decoder);
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return "";
  }
}

/** Reads bytes by a table; a byte the set lacks, or one that would come back otherwise, is an error with its offset. */
export function decodeByTable(bytes: Uint8Array, charset: string): string {
  const { single, double, codes } = tableOf(charset);
  let out = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    let text = single[byte] as string;
    if (text === "" && double.size > 0) {
      const code = byte * 256 + (bytes[i + 1] ?? 0);
      text = double.get(code) ?? "";
      if (text !== "" && codes.get(text) !== code) throw new EngineError("BYT-004", { charset, offset: i });
      if (text !== "") i++;
    }
    if (text === "") throw new EngineError("BYT-002", { charset, offset: i });
    out += text;
  }
  return out;
}

export function encodeByTable(text: string, charset: string): Uint8Array {
  const { codes } = tableOf(charset);
  const out = new Uint8Array(text.length * 2);
  let length = 0;
  let offset = 0;
  for (const char of text) {
    const code = codes.get(char);
    if (code === undefined) throw new EngineError("BYT-003", { charset, offset });
    if (code > 0xff) out[length++] = code >> 8;
    out[length++] = code & 0xff;
    offset += char.length;
  }
  return out.subarray(0, length);
}
