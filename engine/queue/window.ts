import type { Clock, Code } from "../sdk/index.ts";
import type { Claimed, MessageId, Store } from "../store/store.ts";
import type { Prepared } from "./lane.ts";

/** An entry in memory, with what preparing it gave or will give. */
export interface Slot {
  readonly entry: Claimed;
  readonly position: number;
  readonly bytes: number;
  prepared: Promise<Prepared> | undefined;
  attempts: number;
  /** Monotonic time of the next attempt: a wall clock that jumps must neither stall a lane nor hurry it. */
  dueAt: number;
  /** Why it waits. */
  code: Code | undefined;
  /** It is being sent, or what became of it is on its way to the disk. */
  busy: boolean;
}

export interface WindowOptions {
  readonly lane: string;
  readonly store: Pick<Store, "claim">;
  readonly limit: { readonly entries: number; readonly bytes: number };
  readonly clock: Clock;
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
  /** In somebody else's hands for now: passed over. */
  readonly withheld: (entry: Claimed) => boolean;
}

/** What the record says of a wait is wall time; a wait longer than this is the mark of a clock that was wrong. */
const longestWaitMs = 86_400_000;

/**
 * The first entries of a lane, in order and without a gap. A push joins only when it follows the last one known;
 * whatever does not is left to the disk, which knows the order.
 */
export class Window {
  #options: WindowOptions;
  #slots: Slot[] = [];
  #tail = 0;
  #bytes = 0;
  #more = true;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get head(): Slot | undefined {
    return this.#slots[0];
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The disk may hold entries behind the last one known. */
  look(): void {
    this.#more = true;
  }

  push(entry: Claimed): void {
    const position = entry.position ?? entry.id;
    if (position <= this.#tail) return;
    if (this.#more || entry.previous !== this.#tail || this.#isFull(entry.raw.bytes.length)) this.#more = true;
    else this.#follow(entry);
  }

  /** Reads on from the disk where memory has room; half a window at a time, since a read per freed place would cost more than the entry. */
  refill(): void {
    const { lane, store, limit } = this.#options;
    if (!this.#more || this.#slots.length > limit.entries / 2 || (this.#slots.length > 0 && this.#bytes > limit.bytes / 2)) return;
    while (!this.#isFull(0)) {
      const room = { entries: limit.entries - this.#slots.length, bytes: limit.bytes - this.#bytes };
      const claimed = store.claim(lane, this.#tail, room);
      for (const entry of claimed) this.#follow(entry);
      if (claimed.length > 0) continue;
      // Read to the end: what is accepted from now on says whether it follows.
      this.#more = false;
      return;
    }
  }

  remove(slot: Slot): void {
    if (this.#slots[0] === slot) this.#slots.shift();
    else this.#slots.splice(this.#slots.indexOf(slot), 1);
    this.#bytes -= slot.bytes;
  }

  find(id: MessageId): Slot | undefined {
    return this.#slots.find(({ entry }) => entry.id === id);
  }

  /** Back to its place. False: reading on will come to it. */
  putBack(entry: Claimed, kept: Slot | undefined): boolean {
    if ((entry.position ?? entry.id) > this.#tail) return false;
    const slot = kept ?? this.#slotOf(entry);
    const behind = this.#slots.findIndex(({ position }) => position > slot.position);
    this.#slots.splice(behind < 0 ? this.#slots.length : behind, 0, slot);
    this.#bytes += slot.bytes;
    return true;
  }

  /** Forgets everything kept, to begin again at the disk. */
  clear(): readonly Slot[] {
    this.#bytes = 0;
    this.#tail = 0;
    this.#more = true;
    return this.#slots.splice(0);
  }

  #isFull(bytes: number): boolean {
    const { entries, bytes: most } = this.#options.limit;
    return this.#slots.length >= entries || (this.#slots.length > 0 && this.#bytes + bytes >= most);
  }

  #follow(entry: Claimed): void {
    this.#tail = entry.position ?? entry.id;
    if (this.#options.withheld(entry)) return;
    const slot = this.#slotOf(entry);
    this.#slots.push(slot);
    this.#bytes += slot.bytes;
  }

  #slotOf(entry: Claimed): Slot {
    const bytes = entry.raw.bytes.length + (entry.sent?.bytes.length ?? 0);
    const position = entry.position ?? entry.id;
    const prepared = this.#options.prepare(entry);
    const slot: Slot = { entry, position, bytes, prepared, attempts: entry.attempts, dueAt: this.#dueAt(entry), code: entry.code, busy: false };
    // What the engine could not prepare ahead is prepared when its turn comes.
    void prepared.then((result) => {
      if (result.kind === "retry" && slot.prepared === prepared) slot.prepared = undefined;
    });
    return slot;
  }

  #dueAt(entry: Claimed): number {
    const { clock } = this.#options;
    const wait = entry.nextAt === 0 ? 0 : entry.nextAt - clock.now();
    return wait <= 0 ? 0 : clock.monotonic() + Math.min(wait, longestWaitMs);
  }
}
