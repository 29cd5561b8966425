import type { Clock, Code } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import type { KeyQueue, Slot } from "./key-queue.ts";
import type { Periods } from "./period.ts";
import type { Window } from "./window.ts";
import type { Prepared } from "./work.ts";

/** Up to `max` messages or `maxBytes` go as one, or what there is `withinMs` after the first came. */
export interface BatchRule {
  readonly max: number;
  readonly maxBytes: number;
  readonly withinMs: number;
  /** They go when the reporting period of the first is over, those of it and no others, and never by halves. */
  readonly period?: Pick<Periods, "of">;
}

/** The wall clock of a period can be set, or go on while the machine sleeps: it is looked at so often. */
const lookMs = 600_000;

/** What came in the last moment of a period may still be on its way to the disk. */
const graceMs = 60_000;

/**
 * Who goes with whom is in the record before the first attempt, as the code for which an entry waits: the first one, and those that go with the
 * one before them. So a batch is the same after failures and after a crash.
 */
export const firstCode: Code = "LAN-110";
export const memberCode: Code = "LAN-111";

export interface BatchParts {
  readonly rule: BatchRule;
  readonly clock: Clock;
  readonly window: Pick<Window, "readThrough">;
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
}

/** A batch has its members since an attempt, or since before a crash. */
export function isFormed({ attempts, code }: { readonly attempts: number; readonly code?: Code | undefined }): boolean {
  return attempts > 0 || code === firstCode || code === memberCode;
}

/** A member of a batch that was formed before could not be prepared now: without it the batch would be another. */
export interface Unready {
  readonly unready: Code;
}

/** One behind the head ends by itself, and must be out of the way before a report can be whole. */
export interface Ends {
  readonly ends: Slot;
  readonly prepared: Ending;
}

export type Ending = Exclude<Prepared, { readonly kind: "ready" | "retry" }>;

/** The members of the batch that the head of a queue leads: ready, consecutive, in order. Nothing while it waits for more, or when the head is another meanwhile. */
export async function gathered(queue: KeyQueue, head: Slot, parts: BatchParts): Promise<readonly Slot[] | Unready | Ends | undefined> {
  const { rule, window, prepare } = parts;
  const formed = isFormed(head);
  if (formed) window.readThrough(queue, (slot) => slot === head || slot.code === memberCode);
  const period = formed ? undefined : rule.period?.of(head.entry.receivedAt);
  if (period !== undefined) {
    if (!isPast(queue, head, period.to + graceMs, parts)) return undefined;
    window.readThrough(queue, (slot) => isIn(period, slot) && queue.slots.length < rule.max);
  }
  const members: Slot[] = [];
  let bytes = 0;
  for (let i = 0; ; i++) {
    const slot = queue.slots[i];
    if (slot === undefined) break;
    if (i > 0 && (formed ? slot.code !== memberCode : !mayJoin(slot, head) || (period !== undefined && !isIn(period, slot)))) return members;
    const prepared = slot.prepared ?? (await (slot.preparing ??= prepare(slot.entry)));
    if (queue.head !== head || queue.slots[i] !== slot) return undefined;
    if (prepared.kind === "retry") {
      slot.preparing = undefined;
      if (formed || period !== undefined) return { unready: prepared.code };
    }
    // One that ends by itself is looked at when it is the head.
    if (prepared.kind !== "ready") return period === undefined || prepared.kind === "retry" ? members : { ends: slot, prepared };
    bytes += prepared.bytes ?? slot.bytes;
    if (!formed && i > 0 && bytes > rule.maxBytes) return members;
    members.push(slot);
    if (!formed && members.length >= rule.max) return members;
  }
  return formed || period !== undefined || isOver(queue, head, parts) ? members : undefined;
}

function mayJoin({ entry, attempts }: Slot, head: Slot): boolean {
  const sameWay = entry.revision === head.entry.revision && (entry.requeuedAt === undefined) === (head.entry.requeuedAt === undefined);
  return sameWay && attempts === 0;
}

function isIn({ from, to }: { readonly from: number; readonly to: number }, { entry }: Slot): boolean {
  return entry.receivedAt >= from && entry.receivedAt < to;
}

/** By the wall clock, which a period is of; nobody who hurries a lane makes a period shorter. */
function isPast(queue: KeyQueue, head: Slot, at: number, { clock }: BatchParts): boolean {
  const left = at - clock.now();
  queue.gathering = { head, until: clock.monotonic() + Math.min(Math.max(0, left), lookMs), at, count: queue.slots.length };
  return left <= 0;
}

/** Time is counted from the receipt of the head; a wall clock that was set must not make it longer. */
function isOver(queue: KeyQueue, head: Slot, { rule, clock }: BatchParts): boolean {
  const now = clock.monotonic();
  if (queue.gathering?.head !== head) {
    const since = Math.max(0, clock.now() - (head.entry.requeuedAt ?? head.entry.receivedAt));
    queue.gathering = { head, until: now + Math.max(0, rule.withinMs - since), count: 0 };
  }
  queue.gathering.count = queue.slots.length;
  return queue.gathering.until <= now;
}
