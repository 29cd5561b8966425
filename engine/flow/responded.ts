import { type AckCode, buildAck, buildOutcome, type Header } from "../codec/ack/index.ts";
import { buildScriptAck } from "../codec/script/index.ts";
import { x12Answer } from "./x12-answer.ts";
import { encode } from "../codec/bytes/index.ts";
import type { Problem } from "../codec/problem.ts";
import type { Channel } from "../config/project.ts";
import type { XmlWriter } from "./encoding.ts";
import type { Clock, Code } from "../sdk/index.ts";

/**
 * What the source is answered: AA (CA) only for what is committed and, with AA, for what the channel's ack mode waits for; AR (CR) when the
 * message is not ours to take or not now; AE (CE) otherwise.
 */
export type Answer =
  | { readonly code: "AA" | "CA" }
  | { readonly code: Exclude<AckCode, "AA" | "CA">; readonly error: Code; readonly condition?: "207"; readonly problems?: readonly Problem[] };

/**
 * The acknowledgement to the source in its own format (HL7 v2 chapter 2.9, SCRIPT Status and Error); `undefined` for formats without one, and for X12 where the source asks for none. Codes only: an ERR segment
 * names the engine's code and the standard's condition code, never a value of the message.
 */
export function responded(
  channel: Channel,
  message: Asked["message"] & { readonly charset?: string },
  answer: Answer,
  clock: Clock,
  ackId: AckId,
  xml?: XmlWriter,
): Uint8Array | undefined {
  const asked = { message, answer, now: clock.now(), ackId: ackId.text, ack: channel.source.ack };
  // Each format's answer joins here.
  switch (channel.source.format) {
    case "hl7v2":
      return xml ? encode(xml(hl7Ack(asked)), "utf-8") : encode(hl7Ack(asked), message.charset ?? "utf-8");
    case "script":
      return encode(scriptAck(asked), "utf-8");
    case "fhir":
      return "problems" in answer ? encode(buildOutcome(answer.error, answer.problems ?? []), "utf-8") : undefined;
    case "x12": {
      const kind = channel.source.x12?.answer;
      const said = kind && x12Answer({ text: message.text, answer, kind, isStrict: channel.source.validate === "refuse", now: clock.now(), controlNumber: ackId.number });
      return said === undefined ? undefined : encode(said, "utf-8");
    }
    default:
      return undefined;
  }
}

/** An id of an answer in the two forms that standards ask for. */
export interface AckId {
  /** Letters and digits. */
  readonly text: string;
  /** From 1 to 999999999, for control numbers of X12. */
  readonly number: number;
}

interface Asked {
  readonly message: { readonly text?: string; readonly header?: Header; readonly expected?: number };
  readonly answer: Answer;
  readonly now: number;
  readonly ackId: string;
  readonly ack: Channel["source"]["ack"];
}

function hl7Ack({ message, answer, now, ackId }: Asked): string {
  const { text, header, expected } = message;
  return buildAck({ ...(text !== undefined && { text }), ...(header && { header }) }, {
    code: answer.code,
    now,
    controlId: ackId,
    ...(expected === undefined ? {} : { expected }),
    ...("error" in answer ? { error: { code: answer.error, hl7: answer.condition ?? conditionCode(answer.error) }, problems: answer.problems ?? [] } : {}),
  });
}

/**
 * Status where it is taken: 000 by us, 010 once what the channel's `ack` waits for has happened. Error where it is not: 600 not now, 900 the message is
 * not acceptable. The description is the engine's code.
 */
function scriptAck({ message, answer, now, ackId, ack }: Asked): string {
  if (!("error" in answer)) return buildScriptAck(message, { kind: "Status", code: ack === "stored" ? "000" : "010", now, messageId: ackId });
  const isLater = conditionCode(answer.error) === "207" || answer.condition === "207";
  return buildScriptAck(message, { kind: "Error", code: isLater ? "600" : "900", error: answer.error, now, messageId: ackId });
}

/** HL7 table 0357: 200 unsupported message type, 207 application internal error, 100 segment sequence error. */
function conditionCode(code: Code): "100" | "200" | "207" {
  if (code === "FLW-101") return "200";
  if (code === "FLW-104" || code === "FLW-105" || code.startsWith("STO-")) return "207";
  return "100";
}
