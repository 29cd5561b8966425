import { ackLevel, parseHl7, readAck, readHeader } from "../codec/index.ts";
import { decode, encode } from "../codec/bytes/index.ts";
import type { Content } from "../sdk/index.ts";
import type { Received } from "./received.ts";

/**
 * A destination's answer as the acknowledgement of the source's message: an HL7 v2 message with an application code in MSA-1 (an ACK, or the
 * response to a query), whose MSA-2 names the message as the source did. `undefined`: it cannot serve as one, and the engine builds its own.
 */
export function responseAck(message: Received, response: Content): Uint8Array | undefined {
  if (response.format !== "hl7v2") return undefined;
  try {
    const { text, charset } = decode(response.bytes, { format: "hl7v2" });
    const ack = readAck(text);
    const asked = readHeader(message.text);
    if (!ack || !asked || ackLevel(ack.code) !== "application" || text.includes("\x0b") || text.includes("\x1c")) return undefined;
    if (ack.controlId === asked.controlId) return response.bytes;
    return encode(parseHl7(text).set("MSA-2", asked.controlId).toString(), charset);
  } catch {
    return undefined;
  }
}
