import type { Code } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import type { Prepared } from "./work.ts";

/** An entry in memory, with what preparing it gave or will give. */
export interface Slot {
  readonly entry: Claimed;
  readonly position: number;
  readonly bytes: number;
  /** What preparing gives; none yet where the engine failed at it. */
  preparing: Promise<Prepared> | undefined;
  /** The same, once it is known. */
  prepared: Prepared | undefined;
  attempts: number;
  /** Monotonic time of the next attempt: a wall clock that jumps must neither stall a lane nor hurry it. 0: at once. */
  dueAt: number;
  /** Why it waits. */
  code: Code | undefined;
  /** An attempt may have reached the partner, in this life or, for all that the record says, in an earlier one. */
  left: boolean;
  /** Of a lane that does not send again what may have arrived: an attempt's outcome is not known, and is to be asked for. */
  open: boolean;
  /** Inquiries made about it since it is open, in this life. */
  inquiries: number;
  /** It is being sent, or what became of it is on its way to the disk. */
  busy: boolean;
}

/** Why a parked queue waits, and until when (monotonic). */
export interface Waiting {
  readonly position: number;
  readonly code: Code;
  readonly attempts: number;
  readonly left: boolean;
  readonly inquiries: number;
  dueAt: number;
  /** Its head is being changed in the record. */
  isFrozen?: boolean;
}

/**
 * The entries of one order key in memory, in order and without a gap. The entries of a lane that is not ordered by key have all one key.
 */
export class KeyQueue {
  readonly key: string;
  readonly slots: Slot[] = [];
  /** Position of the last entry that came into memory: what this key may have beyond it is on the disk. */
  last = 0;
  bytes = 0;
  /** Somebody works on its head. */
  running = false;
  /** Its head waits for others to go with, until then (monotonic) or until there are more than so many. `at`: by the wall clock, for a reporting period. */
  gathering: { readonly head: Slot; until: number; count: number; readonly at?: number } | undefined;
  /** It waits for its head's retry, with nothing in memory. */
  waiting: Waiting | undefined;

  constructor(key: string) {
    this.key = key;
  }

  get head(): Slot | undefined {
    return this.slots[0];
  }

  add(slot: Slot): void {
    this.slots.push(slot);
    this.last = slot.position;
    this.bytes += slot.bytes;
  }

  insert(slot: Slot): void {
    const behind = this.slots.findIndex(({ position }) => position > slot.position);
    this.slots.splice(behind < 0 ? this.slots.length : behind, 0, slot);
    this.last = Math.max(this.last, slot.position);
    this.bytes += slot.bytes;
  }

  /** Nearly always the head. */
  remove(slot: Slot): void {
    if (this.slots[0] === slot) this.slots.shift();
    else this.slots.splice(this.slots.indexOf(slot), 1);
    this.bytes -= slot.bytes;
  }

  clear(): readonly Slot[] {
    this.bytes = 0;
    return this.slots.splice(0);
  }
}
