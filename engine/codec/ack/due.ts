import type { Header } from "./header.ts";

/** HL7 table 0155: always, never, on error or reject alone, on success alone. */
export type AckCondition = "AL" | "NE" | "ER" | "SU";

/** Which answers the sender of a message asks for. */
export interface AcksDue {
  /** `enhanced` as soon as MSH-15 or MSH-16 is valued (HL7 v2 chapter 2.9.3). */
  readonly mode: "original" | "enhanced";
  /** MSH-15: CA, CE, CR, when the message is committed or not. */
  readonly accept: AckCondition;
  /** MSH-16: AA, AE, AR, when the message is processed or not. */
  readonly application: AckCondition;
}

/**
 * Original mode is an application acknowledgement and nothing else. In enhanced mode a field that is not valued asks for nothing; a code that
 * table 0155 does not have asks for an answer in every case, so that nobody waits in vain.
 */
export function acksDue({ acceptAck, applicationAck }: Pick<Header, "acceptAck" | "applicationAck">): AcksDue {
  if (!isValued(acceptAck) && !isValued(applicationAck)) return { mode: "original", accept: "NE", application: "AL" };
  return { mode: "enhanced", accept: conditionOf(acceptAck), application: conditionOf(applicationAck) };
}

/** Whether an answer of this code is asked for. */
export function isDue(due: AcksDue, code: AckCode): boolean {
  const condition = ackLevel(code) === "accept" ? due.accept : due.application;
  return condition === "AL" || (condition !== "NE" && (condition === "SU") === code.endsWith("A"));
}

export type AckCode = "AA" | "AE" | "AR" | "CA" | "CE" | "CR";

/** Whether a code says that the message was committed (`accept`) or processed (`application`); `undefined` for a code that is neither. */
export function ackLevel(code: string): "accept" | "application" | undefined {
  if (!/^[AC][AER]$/.test(code)) return undefined;
  return code.startsWith("C") ? "accept" : "application";
}

/** HL7 null is no value here. */
function isValued(raw: string): boolean {
  return raw !== "" && raw !== '""';
}

function conditionOf(raw: string): AckCondition {
  if (!isValued(raw)) return "NE";
  return raw === "NE" || raw === "ER" || raw === "SU" ? raw : "AL";
}
