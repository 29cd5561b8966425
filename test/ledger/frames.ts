import { Buffer } from "node:buffer";

/**
 * MLLP as the ledgers read and write it: byte by byte, on purpose nothing like the engine's code, so that a mistake there
 * cannot hide itself here.
 */
export function framed(text: string): Buffer {
  return Buffer.from(`\x0b${text}\x1c\r`, "utf8");
}

/** Takes bytes in any pieces and gives whole messages. Anything outside a frame is counted, never skipped silently. */
export class FrameReader {
  #inside = false;
  #ending = false;
  #bytes: number[] = [];
  stray = 0;

  read(chunk: Uint8Array): string[] {
    const messages: string[] = [];
    for (const byte of chunk) {
      if (!this.#inside) {
        if (byte === 0x0b) this.#inside = true;
        else this.stray += 1;
      } else if (this.#ending) {
        if (byte !== 0x0d) this.stray += 1;
        messages.push(Buffer.from(this.#bytes).toString("utf8"));
        this.#bytes = [];
        this.#inside = false;
        this.#ending = false;
      } else if (byte === 0x1c) {
        this.#ending = true;
      } else {
        this.#bytes.push(byte);
      }
    }
    return messages;
  }
}

/** A field of the first segment with that name; fields as HL7 counts them, MSH-1 being the separator. */
export function fieldOf(message: string, segment: string, index: number): string {
  const line = message.split("\r").find((l) => l.startsWith(`${segment}|`));
  return line?.split("|")[segment === "MSH" ? index - 1 : index] ?? "";
}
