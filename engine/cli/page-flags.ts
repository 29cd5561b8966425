import type { MessageId } from "../store/store.ts";
import type { Call } from "./command.ts";
import { messageNumber } from "./selection-flags.ts";

/** Flags of a list that goes on. */
export const pageFlags = { limit: { type: "string" }, before: { type: "string" } } as const;

/** A part of a list; a text says what is wrong with the flags. */
export function pageOf(flags: Call["flags"], standard = 20): { readonly limit: number; readonly before?: MessageId } | string {
  const { limit = String(standard), before } = flags as Readonly<Record<string, string | undefined>>;
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > 1000) return "--limit takes a number from 1 to 1000";
  const from = before === undefined ? undefined : messageNumber(before);
  if (before !== undefined && from === undefined) return "--before takes the ID of a message";
  return { limit: Number(limit), ...(from === undefined ? {} : { before: from }) };
}
