import { ackLevel } from "../codec/ack/index.ts";
import type { DestinationSpec } from "../config/project.ts";
import type { Ack, Outcome } from "../sdk/index.ts";

type Policy = Pick<DestinationSpec, "accept" | "answers">;

/**
 * What a partner's acknowledgement comes to, decided here for every connector. What the destination's `accept` and `answers` say is obeyed.
 * Else AA and CA deliver, AE and CE (it could not process, or not commit) are tried again, AR and CR (not this message) reject. Receivers mix
 * content that is wrong with a database that is down, so a reason that is stated goes before the code: one of the message rejects, one of the
 * receiver's moment (206 locked, 207 internal error: what this engine says when it stops) is tried again.
 * `undefined`: AA or CA that does not count as delivered settles nothing, and the one that does is still to come.
 */
export function outcomeOf({ accept = ["AA", "CA"], answers = {} }: Policy, { code, condition, content }: Ack): Outcome | undefined {
  const configured = answers[code];
  if (configured === undefined && accept.includes(code)) return { kind: "delivered", response: content };
  if (ackLevel(code) === undefined) return { kind: "unknown", code: "FLW-314" };
  if (configured === undefined && code.endsWith("A")) return undefined;
  const last = code.charAt(1);
  switch (configured ?? byReason(condition) ?? (last === "R" ? "reject" : "retry")) {
    case "retry":
      return { kind: "retry", code: "FLW-313" };
    case "dead":
      return { kind: "dead", code: last === "R" ? "FLW-312" : "FLW-311", response: content };
    case "reject":
      return { kind: "rejected", code: last === "R" ? "FLW-312" : "FLW-311", response: content };
  }
}

/** HL7 table 0357: 100-104 and 200-205 speak of the message. */
function byReason(condition: string | undefined): "retry" | "reject" | undefined {
  if (condition === undefined) return undefined;
  if (condition === "206" || condition === "207") return "retry";
  return /^(?:10[0-4]|20[0-5])$/.test(condition) ? "reject" : undefined;
}
