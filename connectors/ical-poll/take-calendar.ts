import { EngineError, type IcalItem, type SourceContext } from "../../engine/sdk/index.ts";
import { RoundEnded } from "./fetch-calendar.ts";
import type { Known, KnownEvent } from "./known.ts";
import type { SourceOptions } from "./options.ts";

/** What came of a calendar: whether anything was taken from it, and whether it is to be looked at again before its state is believed. */
export interface Taken {
  readonly changed: boolean;
  readonly isEmpty: boolean;
}

/**
 * Takes what is new, changed or gone, an event at a time: what was taken is known on disk before the next is. A calendar that cannot be read whole changes nothing. An
 * empty one, where events were known, counts only when it comes again. Throws `RoundEnded`.
 */
export async function takeCalendar(body: Uint8Array, of: string, known: Known, { vanished }: SourceOptions, ctx: SourceContext): Promise<Taken> {
  const items = itemsOf(body, of, ctx);
  const names = new Set(known.names);
  if (items.length === 0 && names.size > 0 && known.calendar?.wasEmpty !== true) {
    ctx.problem("ICL-109", { count: names.size });
    return { changed: false, isEmpty: true };
  }
  let changed = false;
  for (const { key, bytes, version, endsAt, fault } of items) {
    const name = ctx.opaque(key);
    names.delete(name);
    const before = known.event(name);
    if (before?.version === version) continue;
    changed = true;
    // It is a message all the same: what reads its times refuses it, and it waits where people look.
    if (fault !== undefined) ctx.problem(fault, { count: 1 });
    const event = { count: (before?.count ?? 0) + 1, version, ...(endsAt !== undefined && { endsAt }), text: new TextDecoder().decode(bytes) };
    await give(bytes, of, name, event, ctx);
    known.keep(name, event);
  }
  const gone = await takeGone([...names], of, known, vanished, ctx);
  return { changed: changed || gone, isEmpty: false };
}

function itemsOf(body: Uint8Array, of: string, ctx: SourceContext): readonly IcalItem[] {
  try {
    return ctx.ical.feed(body, of);
  } catch (error) {
    if (!(error instanceof EngineError)) throw new RoundEnded("ICL-101");
    throw new RoundEnded(error.code, { line: typeof error.safe.line === "number" ? error.safe.line : undefined });
  }
}

/** What is over has left the calendar as old events do; the rest was taken out of it. */
async function takeGone(names: readonly string[], of: string, known: Known, vanished: SourceOptions["vanished"], ctx: SourceContext): Promise<boolean> {
  let count = 0;
  for (const name of names) {
    const event = known.event(name);
    const isOver = event === undefined || (event.endsAt !== undefined && event.endsAt <= ctx.clock.now());
    if (!isOver) {
      count++;
      const cancelled = ctx.ical.cancelled(new TextEncoder().encode(event.text));
      if (vanished === "cancel") await give(cancelled, of, name, { ...event, count: event.count + 1, version: "gone" }, ctx);
    }
    known.forget(name);
  }
  if (count > 0) ctx.problem("ICL-106", { count });
  return names.length > 0;
}

/** A crash between the receipt and what is known of it brings the same id again, and nothing is taken twice. */
async function give(bytes: Uint8Array, of: string, name: string, { count, version }: KnownEvent, ctx: SourceContext): Promise<void> {
  const { kind } = await ctx.receive(bytes, { whole: true, identity: `${of}/${name}/${count}/${version.slice(0, 16)}` });
  if (kind === "unavailable" || kind === "unanswered") throw new RoundEnded("ICL-108");
  if (kind === "refused") ctx.problem("ICL-107", { refused: 1 });
}
