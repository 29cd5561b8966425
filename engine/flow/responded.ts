import { buildAck } from "../codec/ack/index.ts";
import { encode } from "../codec/bytes/index.ts";
import type { Channel } from "../config/project.ts";
import type { Clock, Code } from "../sdk/index.ts";

/** What the source is answered: AA only for what is committed; AR when the message is not ours to take or not now; AE otherwise. */
export type Answer = { readonly code: "AA" } | { readonly code: "AE" | "AR"; readonly error: Code };

/**
 * The acknowledgement to the source in its own format (HL7 v2 original mode, chapter 2.9.2); `undefined` for formats without one.
 * Codes only: an ERR segment names the engine's code and the standard's condition code, never a value of the message.
 */
export function responded(
  channel: Channel,
  message: { readonly text?: string; readonly charset?: string },
  answer: Answer,
  clock: Clock,
  ackId: string,
): Uint8Array | undefined {
  if (channel.source.format !== "hl7v2") return undefined;
  const ack = buildAck(message.text === undefined ? {} : { text: message.text }, {
    code: answer.code,
    now: clock.now(),
    controlId: ackId,
    ...(answer.code === "AA" ? {} : { error: { code: answer.error, hl7: conditionCode(answer.error) } }),
  });
  return encode(ack, message.charset ?? "utf-8");
}

/** HL7 table 0357: 200 unsupported message type, 207 application internal error, 100 segment sequence error. */
function conditionCode(code: Code): "100" | "200" | "207" {
  if (code === "FLW-101") return "200";
  if (code === "FLW-104" || code === "FLW-105" || code.startsWith("STO-")) return "207";
  return "100";
}
