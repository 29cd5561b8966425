import type { Clock } from "../sdk/index.ts";
import type { ClaimedKeys, Claimed, ClaimedPage, MessageId, Store } from "../store/store.ts";
import { isFormed, memberCode } from "./batch.ts";
import { KeyQueue, type Slot, type Waiting } from "./key-queue.ts";
import { isOpen } from "./unknown.ts";
import type { Prepared } from "./work.ts";

export interface WindowOptions {
  readonly lane: string;
  readonly store: Pick<Store, "claim">;
  readonly limit: { readonly entries: number; readonly bytes: number };
  /** The lane is ordered by key, with so many keys in flight at once. */
  readonly keys?: number;
  /** So many may go as one, and must have room. */
  readonly together?: number;
  readonly clock: Clock;
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
  /** In somebody else's hands for now: passed over. */
  readonly withheld: (entry: Claimed) => boolean;
}

/** What the record says of a wait is wall time; a wait longer than this is the mark of a clock that was wrong. */
const longestWaitMs = 86_400_000;
/** Entries read at once where a batch has to be whole. */
const manyAtOnce = 64;

/**
 * The first entries of a lane, in order and without a gap, by order key. A push joins only when it follows the last one known; whatever does not
 * is left to the disk, which knows the order. Every entry up to the tail is in its key's queue, or is behind `last` of a key that `lags`
 * (it has its share of the memory) or is parked (its head waits for a retry, and takes no memory): those are read from the disk when it is their turn.
 */
export class Window {
  readonly #options: WindowOptions;
  readonly #share: { readonly entries: number; readonly bytes: number };
  #queues = new Map<string, KeyQueue>();
  #lagging = new Set<KeyQueue>();
  #parked = new Map<string, KeyQueue>();
  /** When the first of the parked is due (monotonic). */
  #parkedUntil = Number.POSITIVE_INFINITY;
  #tail = 0;
  #entries = 0;
  #bytes = 0;
  #more = true;
  #looking = false;

  constructor(options: WindowOptions) {
    this.#options = options;
    const { keys, limit, together = 1 } = options;
    // A key that is slow must leave room for others.
    const part = keys === undefined ? undefined : 2 * keys;
    this.#share = part === undefined ? { entries: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY } : { entries: Math.max(together, Math.ceil(limit.entries / part)), bytes: Math.ceil(limit.bytes / part) };
  }

  /** Those with entries in memory; the order is of no account. */
  get queues(): Iterable<KeyQueue> {
    return this.#queues.values();
  }

  get parked(): ReadonlyMap<string, KeyQueue> {
    return this.#parked;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing waits in memory, nor, as far as is known, on the disk. */
  get empty(): boolean {
    return this.#entries === 0 && this.#parked.size === 0 && this.#lagging.size === 0 && !this.#more;
  }

  /** The last look at the disk ended before its end, with room in memory: whoever called lets others have the thread, and looks on. */
  get looking(): boolean {
    return this.#looking;
  }

  /** When the first parked queue is due, monotonic; in the past while there is no room for it. */
  get parkedUntil(): number {
    return this.#parkedUntil;
  }

  /** The disk may hold entries behind the last one known. */
  look(): void {
    this.#more = true;
  }

  /** True: there may be a head that nobody works on. */
  push(entry: Claimed): boolean {
    const position = entry.position ?? entry.id;
    if (position <= this.#tail) return false;
    if (this.#more || entry.previous !== this.#tail || this.#isFull(entry.raw.bytes.length)) {
      this.#more = true;
      return this.#entries === 0 || this.#options.keys !== undefined;
    }
    const queue = this.#follow(entry);
    return queue?.slots.length === 1 && !queue.running;
  }

  /** Reads on from the disk where memory has room; half a window at a time, since a read per freed place would cost more than the entry. */
  refill(): void {
    const { limit } = this.#options;
    this.#looking = false;
    if (this.#parkedUntil <= this.#options.clock.monotonic()) this.#unpark();
    if (this.#lagging.size > 0) for (const queue of this.#lagging) if (queue.slots.length <= this.#share.entries / 2 && !this.#isFull(0)) this.#readOn(queue);
    if (!this.#more || this.#entries > limit.entries / 2 || (this.#entries > 0 && this.#bytes > limit.bytes / 2)) return;
    while (!this.#isFull(0)) {
      const claimed = this.#claim(this.#tail, { entries: limit.entries - this.#entries, bytes: limit.bytes - this.#bytes }, this.#except());
      for (const entry of claimed) this.#follow(entry);
      if (claimed.lookedTo !== undefined) {
        this.#tail = claimed.lookedTo;
        this.#looking = true;
        return;
      }
      if (claimed.length > 0) continue;
      // Read to the end: what is accepted from now on says whether it follows.
      this.#more = false;
      return;
    }
  }

  /** Reads on, whatever the memory, while this queue's last entry is one of those and the disk may hold more. */
  readThrough(queue: KeyQueue, wanted: (slot: Slot) => boolean): void {
    for (let last = queue.slots.at(-1); last !== undefined && wanted(last); last = queue.slots.at(-1)) {
      if (this.#lagging.has(queue)) {
        this.#readOn(queue, queue.slots.length + manyAtOnce, true);
      } else if (this.#more) {
        const claimed = this.#claim(this.#tail, { entries: manyAtOnce, bytes: this.#options.limit.bytes }, this.#except());
        for (const entry of claimed) this.#follow(entry);
        if (claimed.lookedTo !== undefined) this.#tail = claimed.lookedTo;
        this.#more = claimed.length > 0 || claimed.lookedTo !== undefined;
      } else {
        return;
      }
    }
  }

  remove(slot: Slot): void {
    const queue = this.#queues.get(this.#keyOf(slot.entry));
    if (queue === undefined) return;
    queue.remove(slot);
    this.#entries--;
    this.#bytes -= slot.bytes;
  }

  /** Nobody works on this queue now; a key without entries is forgotten. */
  leave(queue: KeyQueue): void {
    if (this.#options.keys !== undefined && queue.slots.length === 0 && !this.#lagging.has(queue)) this.#queues.delete(queue.key);
  }

  find(id: MessageId): Slot | undefined {
    for (const { slots } of this.#queues.values()) {
      const slot = slots.find(({ entry }) => entry.id === id);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }

  /** Its head waits: what it has in memory is given up and found again on the disk, in order, when the wait is over. */
  park(queue: KeyQueue, waiting: Waiting): readonly Slot[] {
    this.#entries -= queue.slots.length;
    this.#bytes -= queue.bytes;
    queue.last = waiting.position - 1;
    queue.waiting = waiting;
    this.#queues.delete(queue.key);
    this.#lagging.delete(queue);
    this.#parked.set(queue.key, queue);
    this.#parkedUntil = Math.min(this.#parkedUntil, waiting.dueAt);
    return queue.clear();
  }

  /** The waits of parked queues are over: of all, or of the one that this entry belongs to. */
  wake(entry?: Claimed): void {
    const queues = entry === undefined ? this.#parked.values() : [this.#parked.get(this.#keyOf(entry))];
    for (const queue of queues) {
      if (queue?.waiting === undefined) continue;
      queue.waiting.dueAt = 0;
      this.#parkedUntil = 0;
    }
  }

  /** A parked queue stays so, whoever wakes it, until it is let go; then it is due. */
  freeze(entry: Claimed, isFrozen: boolean): void {
    const queue = this.#parked.get(this.#keyOf(entry));
    if (queue?.waiting === undefined) return;
    queue.waiting.isFrozen = isFrozen;
    if (!isFrozen) this.wake(entry);
  }

  isParked(entry: Claimed): boolean {
    return this.#parked.has(this.#keyOf(entry));
  }

  /** A batch of several that may have arrived goes again unchanged, under its id: whether this entry is one of its members. */
  isTied(entry: Claimed): boolean {
    if (this.#options.together === undefined) return false;
    const key = this.#keyOf(entry);
    const slots = this.#queues.get(key)?.slots ?? [];
    const at = slots.findIndex((slot) => slot.entry.id === entry.id);
    const { code, left } = slots[at] ?? { code: entry.code, left: isFormed(entry) && this.#parked.get(key)?.waiting?.left !== false };
    if (!left || code === memberCode) return left;
    const [behind] = at >= 0 && at + 1 < slots.length ? slots.slice(at + 1) : this.#behind(entry, key);
    return behind?.code === memberCode;
  }

  #behind(entry: Claimed, key: string): readonly Claimed[] {
    const keys = this.#options.keys === undefined ? undefined : { only: key, upTo: Number.MAX_SAFE_INTEGER };
    return this.#claim(entry.position ?? entry.id, { entries: 1, bytes: 0 }, keys);
  }

  /** Back to its place. False: reading on will come to it. */
  putBack(entry: Claimed, kept: Slot | undefined): boolean {
    const position = entry.position ?? entry.id;
    if (position > this.#tail) return false;
    const key = this.#keyOf(entry);
    const parked = this.#parked.get(key);
    if (parked !== undefined) {
      parked.last = Math.min(parked.last, position - 1);
      this.wake(entry);
      return false;
    }
    const queue = this.#queue(key);
    if (this.#lagging.has(queue) && position > queue.last) return false;
    const slot = kept ?? this.#slotOf(entry);
    queue.insert(slot);
    this.#entries++;
    this.#bytes += slot.bytes;
    return true;
  }

  /** Forgets everything kept, to begin again at the disk. */
  clear(): readonly Slot[] {
    const slots = [...this.#queues.values()].flatMap((queue) => queue.clear());
    this.#queues.clear();
    this.#lagging.clear();
    this.#parked.clear();
    this.#parkedUntil = Number.POSITIVE_INFINITY;
    this.#entries = 0;
    this.#bytes = 0;
    this.#tail = 0;
    this.#more = true;
    return slots;
  }

  #isFull(bytes: number): boolean {
    const { entries, bytes: most } = this.#options.limit;
    return this.#entries >= entries || (this.#entries > 0 && this.#bytes + bytes >= most);
  }

  #isOverfull(): boolean {
    const { limit, keys = 1 } = this.#options;
    return this.#isFull(0) && (this.#entries >= limit.entries + keys || this.#bytes >= 2 * limit.bytes);
  }

  #follow(entry: Claimed): KeyQueue | undefined {
    this.#tail = entry.position ?? entry.id;
    if (this.#options.withheld(entry)) return undefined;
    const key = this.#keyOf(entry);
    if (this.#parked.has(key)) return undefined;
    const queue = this.#queue(key);
    if (this.#lagging.has(queue)) return undefined;
    if (queue.slots.length > 0 && this.#hasItsShare(queue)) {
      this.#lagging.add(queue);
      return undefined;
    }
    this.#add(queue, entry);
    return queue;
  }

  /** More of a key that lags, up to the tail. */
  #readOn(queue: KeyQueue, most = this.#share.entries, beyondShare = false): void {
    while (queue.slots.length < most && (beyondShare || !this.#hasItsShare(queue))) {
      const room = { entries: most - queue.slots.length, bytes: Math.max(1, this.#share.bytes - queue.bytes) };
      const claimed = this.#claim(queue.last, room, { only: queue.key, upTo: this.#tail });
      if (claimed.length === 0) {
        this.#lagging.delete(queue);
        return;
      }
      for (const entry of claimed) {
        queue.last = entry.position ?? entry.id;
        if (!this.#options.withheld(entry)) this.#add(queue, entry);
      }
    }
  }

  /** A few due heads are read although memory may be full: they are older than whatever fills it. */
  #unpark(): void {
    const now = this.#options.clock.monotonic();
    this.#parkedUntil = Number.POSITIVE_INFINITY;
    for (const queue of this.#parked.values()) {
      const dueAt = queue.waiting?.isFrozen ? Number.POSITIVE_INFINITY : (queue.waiting?.dueAt ?? 0);
      if (dueAt > now || this.#isOverfull()) {
        this.#parkedUntil = Math.min(this.#parkedUntil, dueAt);
        continue;
      }
      this.#parked.delete(queue.key);
      this.#queues.set(queue.key, queue);
      this.#lagging.add(queue);
      this.#readOn(queue, 1);
      queue.waiting = undefined;
      this.leave(queue);
    }
  }

  #claim(after: number, limit: { readonly entries: number; readonly bytes: number }, keys: ClaimedKeys | undefined): ClaimedPage {
    const { lane, store } = this.#options;
    return keys === undefined ? store.claim(lane, after, limit) : store.claim(lane, after, limit, keys);
  }

  #except(): ClaimedKeys | undefined {
    const except = [...this.#parked.keys(), ...[...this.#lagging].map(({ key }) => key)];
    return except.length === 0 ? undefined : { except };
  }

  #hasItsShare(queue: KeyQueue): boolean {
    return queue.slots.length >= this.#share.entries || queue.bytes >= this.#share.bytes;
  }

  #keyOf(entry: Claimed): string {
    return this.#options.keys === undefined ? "" : (entry.orderKey ?? "");
  }

  #queue(key: string): KeyQueue {
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new KeyQueue(key);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  #add(queue: KeyQueue, entry: Claimed): void {
    const slot = this.#slotOf(entry);
    if (queue.waiting?.position === slot.position) {
      slot.dueAt = queue.waiting.dueAt;
      slot.left = queue.waiting.left;
      slot.inquiries = queue.waiting.inquiries;
    }
    queue.add(slot);
    this.#entries++;
    this.#bytes += slot.bytes;
  }

  #slotOf(entry: Claimed): Slot {
    const bytes = entry.raw.bytes.length + (entry.sent?.bytes.length ?? 0);
    const position = entry.position ?? entry.id;
    const preparing = this.#options.prepare(entry);
    const slot: Slot = { entry, position, bytes, preparing, prepared: undefined, attempts: entry.attempts, dueAt: this.#dueAt(entry), code: entry.code, left: isFormed(entry) || isOpen(entry), open: isOpen(entry), inquiries: 0, busy: false };
    void preparing.then((prepared) => {
      if (slot.preparing !== preparing) return;
      // What the engine could not prepare ahead is prepared when its turn comes.
      if (prepared.kind === "retry") slot.preparing = undefined;
      else slot.prepared = prepared;
    });
    return slot;
  }

  #dueAt(entry: Claimed): number {
    const { clock } = this.#options;
    const wait = entry.nextAt === 0 ? 0 : entry.nextAt - clock.now();
    return wait <= 0 ? 0 : clock.monotonic() + Math.min(wait, longestWaitMs);
  }
}
