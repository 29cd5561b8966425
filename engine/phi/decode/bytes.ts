import { isUtf8 } from "node:buffer";

const strict = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("latin1");

/** Bytes as UTF-8, and as Latin-1 where they are not. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** Text of bytes that are valid UTF-8 without control characters. */
export function readable(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return undefined;
  return isUtf8(bytes) ? strict.decode(bytes) : undefined;
}
