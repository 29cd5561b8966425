import type { Code } from "../sdk/index.ts";
import type { Entry } from "../store/store.ts";

/** How a lane treats a message that may have arrived (`unknown:` of its destination). Absent: it is sent again. */
export interface UnknownRule {
  readonly do: "hold" | "inquire";
  /** Inquiries before a person is asked. */
  readonly attempts: number;
  readonly initialMs: number;
  readonly maxMs: number;
}

/** An attempt is on its way, or had no answer. In the record before the first byte leaves, so that whoever comes after a crash asks and does not send. */
export const openCode: Code = "LAN-120";
/** Waits for a person, and its order waits with it. */
export const personCode: Code = "LAN-121";
/** Known not to have arrived. */
export const againCode: Code = "LAN-122";

/** A person has said that it arrived. */
export const arrivedCode: Code = "LAN-123";

/** What a person can say of it. */
export const resolutions = ["arrived", "resend"] as const;
export type Resolution = (typeof resolutions)[number];

/** What waits for a person is asked about once more in so long; the answer may have come late. */
export const dayMs = 86_400_000;

/** The record says that it may have arrived. */
export function isOpen({ code }: Pick<Entry, "code">): boolean {
  return code === openCode || code === personCode;
}

/** Without jitter: a partner that has just taken a message needs the time before it can say so. `made`: inquiries made so far. */
export function askPauseMs({ initialMs, maxMs }: UnknownRule, made: number): number {
  return Math.min(maxMs, initialMs * 2 ** Math.min(made, 52));
}
