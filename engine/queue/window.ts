import type { Clock, Code } from "../sdk/index.ts";
import type { Claimed, Store } from "../store/store.ts";
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
}

export interface WindowOptions {
  readonly lane: string;
  readonly store: Pick<Store, "claim">;
  readonly limit: { readonly entries: number; readonly bytes: number };
  readonly clock: Clock;
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
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
    else this.#add(entry);
  }

  /** Reads on from the disk where memory has room; half a window at a time, since a read per freed place would cost more than the entry. */
  refill(): void {
    const { lane, store, limit } = this.#options;
    if (!this.#more || this.#slots.length > limit.entries / 2 || (this.#slots.length > 0 && this.#bytes > limit.bytes / 2)) return;
    while (!this.#isFull(0)) {
      const room = { entries: limit.entries - this.#slots.length, bytes: limit.bytes - this.#bytes };
      const claimed = store.claim(lane, this.#tail, room);
      for (const entry of claimed) this.#add(entry);
      if (claimed.length > 0) continue;
      // Read to the end: what is accepted from now on says whether it follows.
      this.#more = false;
      return;
    }
  }

  shift(): Slot | undefined {
    const slot = this.#slots.shift();
    if (slot !== undefined) this.#bytes -= slot.bytes;
    return slot;
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

  #add(entry: Claimed): void {
    const bytes = entry.raw.bytes.length + (entry.sent?.bytes.length ?? 0);
    const position = entry.position ?? entry.id;
    const prepared = this.#options.prepare(entry);
    const slot: Slot = { entry, position, bytes, prepared, attempts: entry.attempts, dueAt: this.#dueAt(entry), code: entry.code };
    // What the engine could not prepare ahead is prepared when its turn comes.
    void prepared.then((result) => {
      if (result.kind === "retry" && slot.prepared === prepared) slot.prepared = undefined;
    });
    this.#slots.push(slot);
    this.#tail = position;
    this.#bytes += bytes;
  }

  #dueAt(entry: Claimed): number {
    const { clock } = this.#options;
    const wait = entry.nextAt === 0 ? 0 : entry.nextAt - clock.now();
    return wait <= 0 ? 0 : clock.monotonic() + Math.min(wait, longestWaitMs);
  }
}
