import { utf16Of } from "./declared.ts";
import { decode } from "./index.ts";

/**
 * HL7 v2 bytes as text for reading header and acknowledgement fields, which are ASCII: one character a byte, so that no byte of the rest
 * can make it unreadable, and two ids are equal when their bytes are. `undefined` only for broken UTF-16.
 */
export function headerView(bytes: Uint8Array): string | undefined {
  if (utf16Of(bytes) !== undefined) {
    try {
      return decode(bytes, { format: "hl7v2" }).text;
    } catch {
      return undefined;
    }
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString("latin1");
}
