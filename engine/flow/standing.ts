import type { Prepared } from "../queue/lane.ts";
import type { Code, Content } from "../sdk/index.ts";
import { type End, type Entry, ends, type Flight } from "../store/store.ts";

/** Where a message stands in one lane, as far as an answer to its source depends on it. */
export interface Standing {
  /** As committed. */
  state: Flight | End;
  code?: Code;
  attempts: number;
  /** What preparing it came to; its lane may not have settled that yet. */
  prepared?: "ready" | Extract<Prepared, { kind: "end" }>;
  /** The first attempt has come back, or none can be made now. */
  tried: boolean;
  /** The partner has it, or may have it. */
  left: boolean;
  /** An attempt is under way: nobody knows yet whether it leaves. */
  sending: boolean;
  /** Within it the order is strict, and beside it another may pass. */
  orderKey?: string;
  /** What the partner answered, where the source is to get it. */
  response?: Content;
}

export function isEnd(state: Flight | End): state is End {
  return ends.some((end) => end === state);
}

/** A message just accepted. */
export function fresh(orderKey?: string): Standing {
  return { state: "waiting", attempts: 0, tried: false, left: false, sending: false, ...(orderKey === undefined ? {} : { orderKey }) };
}

/**
 * From the record alone, after a restart or once memory has let go of it. What was filled or tried may have left: only who saw its attempts
 * come back knows better.
 */
export function recorded({ state, code, attempts, filled, orderKey }: Pick<Entry, "state" | "code" | "attempts" | "filled" | "orderKey">): Standing {
  return {
    state,
    ...(code === undefined ? {} : { code }),
    attempts,
    ...(filled ? { prepared: "ready" as const } : {}),
    tried: attempts > 0,
    left: state === "delivered" || (!isEnd(state) && (filled || attempts > 0)),
    sending: false,
    ...(orderKey === undefined ? {} : { orderKey }),
  };
}
