import { type AckCode, buildAck } from "../codec/ack/index.ts";
import { encode } from "../codec/bytes/index.ts";
import type { Channel } from "../config/project.ts";
import type { Clock, Code } from "../sdk/index.ts";

/**
 * What the source is answered: AA (CA) only for what is committed and, with AA, for what the channel's ack mode waits for; AR (CR) when the
 * message is not ours to take or not now; AE (CE) otherwise.
 */
export type Answer =
  | { readonly code: "AA" | "CA" }
  | { readonly code: Exclude<AckCode, "AA" | "CA">; readonly error: Code; readonly condition?: "207" };

/**
 * The acknowledgement to the source in its own format (HL7 v2 chapter 2.9); `undefined` for formats without one. Codes only: an ERR segment
 * names the engine's code and the standard's condition code, never a value of the message.
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
    ...("error" in answer ? { error: { code: answer.error, hl7: answer.condition ?? conditionCode(answer.error) } } : {}),
  });
  return encode(ack, message.charset ?? "utf-8");
}

/** HL7 table 0357: 200 unsupported message type, 207 application internal error, 100 segment sequence error. */
function conditionCode(code: Code): "100" | "200" | "207" {
  if (code === "FLW-101") return "200";
  if (code === "FLW-104" || code === "FLW-105" || code.startsWith("STO-")) return "207";
  return "100";
}
