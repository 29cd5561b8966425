import type { Context } from "hono";
import { EngineError } from "../sdk/index.ts";
import { ends, type End, type Flight, type MessageId } from "../store/store.ts";

const states: readonly string[] = ["waiting", "held", ...ends];

/** The query of a list, or CON-103. */
export function listQuery(c: Context) {
  const { channel, lane, state, before, limit } = c.req.query();
  if (state !== undefined && !states.includes(state)) throw new EngineError("CON-103", { parameter: "state" });
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(lane === undefined ? {} : { lane }),
    ...(state === undefined ? {} : { state: state as End | Flight }),
    ...(before === undefined ? {} : { before: messageId(before, "before") }),
    limit: limit === undefined ? 50 : Math.min(500, Math.max(1, messageId(limit, "limit"))),
  };
}

/** A message number, with or without its leading `m`. */
export function messageId(text: string, parameter = "id"): MessageId {
  if (!/^m?\d{1,15}$/.test(text)) throw new EngineError("CON-103", { parameter });
  return Number(text.replace("m", ""));
}
