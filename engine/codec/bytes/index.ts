import { isAscii, isUtf8 } from "node:buffer";
import { EngineError } from "../../sdk/error.ts";
import type { Format } from "../../sdk/content.ts";
import { declaredCharset, declaredEncoding, utf16Of } from "./declared.ts";
import { charsetOf, type Charset } from "./names.ts";
import { decodeByTable, encodeByTable } from "./table.ts";
import { invalidUtf8At } from "./utf8.ts";

export { charsetOf, type Charset } from "./names.ts";
export { declaredCharset, declaredEncoding } from "./declared.ts";
export { headerView } from "./header-view.ts";

export interface DecodeOptions {
  readonly format: Format;
  /** For messages that declare none; default `utf-8`. JSON and FHIR are always UTF-8. */
  readonly charset?: string;
}

/**
 * Bytes to text without loss: `encode(text, charset)` gives the same bytes, a byte-order mark included.
 * HL7 v2 is read by MSH-18, XML by its declaration. Throws `BYT-*` with the offset of the first byte that the character set does not have.
 */
export function decode(bytes: Uint8Array, options: DecodeOptions): { readonly text: string; readonly charset: Charset } {
  const charset = chooseCharset(bytes, options);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (charset) {
    case "utf-8":
      if (!isUtf8(bytes)) throw new EngineError("BYT-002", { charset, offset: invalidUtf8At(bytes) });
      return { text: buffer.toString("utf8"), charset };
    case "ascii":
      if (!isAscii(bytes)) throw new EngineError("BYT-002", { charset, offset: bytes.findIndex((byte) => byte > 0x7f) });
      return { text: buffer.toString("latin1"), charset };
    case "iso-8859-1":
      return { text: buffer.toString("latin1"), charset };
    case "utf-16le":
    case "utf-16be":
      return { text: decodeUtf16(buffer, charset), charset };
    default:
      return { text: isAscii(bytes) ? buffer.toString("latin1") : decodeByTable(bytes, charset), charset };
  }
}

/** Text to bytes. `charset` is a name as in MSH-18 or as `decode` gave it. Throws `BYT-003` at a character it lacks. */
export function encode(text: string, charset: string): Uint8Array {
  const set = charset === "" ? "utf-8" : known(charset);
  switch (set) {
    case "utf-8":
      if (!text.isWellFormed()) throw new EngineError("BYT-003", { charset: set, offset: loneSurrogateAt(text) });
      return Buffer.from(text, "utf8");
    case "ascii":
    case "iso-8859-1": {
      const top = set === "ascii" ? 0x7f : 0xff;
      for (let i = 0; i < text.length; i++) {
        if (text.charCodeAt(i) > top) throw new EngineError("BYT-003", { charset: set, offset: i });
      }
      return Buffer.from(text, "latin1");
    }
    case "utf-16le":
    case "utf-16be": {
      if (!text.isWellFormed()) throw new EngineError("BYT-003", { charset: set, offset: loneSurrogateAt(text) });
      const buffer = Buffer.from(text, "utf16le");
      return set === "utf-16le" ? buffer : buffer.swap16();
    }
    default:
      return encodeByTable(text, set);
  }
}

function chooseCharset(bytes: Uint8Array, { format, charset }: DecodeOptions): Charset {
  if (format === "json" || format === "fhir") return "utf-8";
  if (format === "xml" || format === "script") return xmlCharset(bytes, charset);
  if (format !== "hl7v2") return known(charset ?? "utf-8");
  const wide = utf16Of(bytes);
  if (wide !== undefined) return wide;
  const chosen = known(declaredCharset(bytes) || charset || "utf-8");
  // The header could be read byte by byte, so it is no UTF-16.
  if (chosen.startsWith("utf-16")) throw new EngineError("BYT-002", { charset: chosen, offset: 0 });
  return chosen;
}

function xmlCharset(bytes: Uint8Array, charset: string | undefined): Charset {
  const wide = utf16Of(bytes);
  if (wide !== undefined) return wide;
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const declared = declaredEncoding(String.fromCharCode(...bytes.subarray(start, start + 300)));
  const chosen = known((start > 0 ? "utf-8" : declared) ?? charset ?? "utf-8");
  if (chosen.startsWith("utf-16")) throw new EngineError("BYT-002", { charset: chosen, offset: 0 });
  return chosen;
}

function known(name: string): Charset {
  const charset = charsetOf(name);
  if (charset === undefined) throw new EngineError("BYT-001");
  return charset;
}

function decodeUtf16(buffer: Buffer, charset: "utf-16le" | "utf-16be"): string {
  if (buffer.length % 2 === 1) throw new EngineError("BYT-002", { charset, offset: buffer.length - 1 });
  const text = charset === "utf-16le" ? buffer.toString("utf16le") : Buffer.from(buffer).swap16().toString("utf16le");
  if (!text.isWellFormed()) throw new EngineError("BYT-002", { charset, offset: loneSurrogateAt(text) * 2 });
  return text;
}

function loneSurrogateAt(text: string): number {
  const fixed = text.toWellFormed();
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== fixed.charCodeAt(i)) return i;
  return text.length;
}
