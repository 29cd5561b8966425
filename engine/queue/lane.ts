import type { DeliveryWindow } from "../config/delivery-window.ts";
import type { RetryPolicy } from "../config/project.ts";
import { type Clock, type Code, codeOf, type Random } from "../sdk/index.ts";
import type { Claimed, End, Flight, MessageId, Store } from "../store/store.ts";
import type { BatchRule } from "./batch.ts";
import { Bell } from "./bell.ts";
import { againMs, Gate, type Paused } from "./gate.ts";
import { DeliveryHours } from "./hours.ts";
import type { KeyQueue } from "./key-queue.ts";
import type { LaneStatus } from "./status.ts";
import { Track, type TrackParts } from "./track.ts";
import type { UnknownRule } from "./unknown.ts";
import { Window } from "./window.ts";
import { type Withdrawal, Withheld } from "./withheld.ts";
import type { LaneWork, Prepared } from "./work.ts";

export type { Paused } from "./gate.ts";
export type { LaneStatus } from "./status.ts";
export type { Withdrawal } from "./withheld.ts";
export type { Attempted, Inquired, LaneWork, Prepared } from "./work.ts";

export interface LaneOptions {
  readonly name: string;
  /** Whom it sends to: refusals stand under that name in the ledger of disclosures. */
  readonly partner?: string;
  readonly store: Pick<Store, "claim" | "list" | "settle" | "settleAll">;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: LaneWork;
  /** Entries prepared ahead of the heads, and bytes kept in memory. */
  readonly window: { readonly entries: number; readonly bytes: number };
  /** Strict order holds within an order key alone, and so many keys may be in flight at once. Absent: one order for all. */
  readonly order?: { readonly parallel: number };
  /** Consecutive heads go as one. */
  readonly batch?: BatchRule;
  /** What may have arrived is not sent again until it is known that it has not; not for batches. */
  readonly unknown?: UnknownRule;
  /** Nothing is begun outside these hours. */
  readonly hours?: DeliveryWindow;
  /** The lane that takes over, in the same commit, what is dead or rejected here; whoever hears of the change rings it. */
  readonly fallback?: string;
  /** The partner recognises a repeat, so a crash may repeat a few instead of one. */
  readonly idempotent?: boolean;
  /** Told of every change of state, for events and counters. */
  readonly onSettled: (lane: string, entry: Claimed, state: Flight | End, code?: Code) => void;
}

/** Deliveries of a strict order that may be unrecorded at once, toward a partner that recognises repeats: see decision 0006. */
const aheadWhenIdempotent = 4;

/**
 * A lane: one destination, in strict order, or in strict order within each order key (decision 0017). The head waits, through retries; those
 * behind it are prepared meanwhile and never sent.
 * @example
 * const lane = new Lane(options);
 * lane.start();
 * lane.push(entry); // right after the accept; late, doubled or missing pushes do not matter, the record knows the order
 */
export class Lane {
  readonly name: string;
  readonly #options: LaneOptions;
  readonly #window: Window;
  readonly #withheld: Withheld;
  readonly #gate: Gate;
  readonly #bell: Bell;
  readonly #parallel: number;
  /** Those at work; a key's is kept while its queue is. */
  readonly #tracks = new Map<string, Track>();
  readonly #parts: TrackParts;
  #active = 0;
  #running: Promise<void> | undefined;
  #abort = new AbortController();

  constructor(options: LaneOptions) {
    const { name, store, clock, policy, random, work, order, hours, batch, window } = options;
    this.name = name;
    this.#options = options;
    this.#parallel = order?.parallel ?? 1;
    this.#bell = new Bell(clock);
    this.#gate = new Gate({ clock, policy, parallel: this.#parallel, ...(hours && { hours: new DeliveryHours(hours) }) });
    const prepare = (entry: Claimed) => this.#prepare(entry);
    this.#window = new Window({
      lane: name,
      store,
      limit: batch ? { entries: Math.max(window.entries, batch.max), bytes: Math.max(window.bytes, 2 * batch.maxBytes) } : window,
      ...(order && { keys: order.parallel }),
      ...(batch && { together: batch.max }),
      clock,
      prepare,
      withheld: ({ id }) => this.#withheld.has(id),
    });
    this.#withheld = new Withheld({
      lane: name,
      store,
      window: this.#window,
      onLeft: (entry, now) => options.onSettled(name, entry, now.state, now.code),
      forget: (entry) => work.forget(entry),
      onBack: () => this.#bell.ring(),
    });
    this.#parts = {
      lane: name,
      ...(options.partner !== undefined && { partner: options.partner }),
      store,
      policy,
      clock,
      random,
      work,
      prepare,
      window: this.#window,
      gate: this.#gate,
      bell: this.#bell,
      signal: () => this.#abort.signal,
      ahead: options.idempotent ? aheadWhenIdempotent : 1,
      keyed: order !== undefined,
      ...(batch && { batch }),
      ...(options.unknown && { unknown: options.unknown }),
      ...(options.fallback === undefined ? {} : { fallback: options.fallback }),
      onSettled: (entry, state, code) => options.onSettled(name, entry, state, code),
    };
  }

  get status(): LaneStatus {
    if (this.#running === undefined) return { kind: "idle" };
    for (const track of this.#tracks.values()) if (track.stuck) return { kind: "stopped", code: "LAN-105" };
    const shut = this.#gate.status;
    if (shut !== undefined) return shut.kind === "suspended" && this.empty ? { kind: "idle" } : shut;
    const { parked } = this.#window;
    const blocked = parked.size === 0 ? {} : { blockedKeys: parked.size };
    if (this.#active > 0) return { kind: "working", ...blocked };
    const { clock } = this.#options;
    const now = clock.monotonic();
    let first: { readonly dueAt: number; readonly code: Code | undefined; readonly attempts: number } | undefined;
    let gathering: number | undefined;
    let over: number | undefined;
    for (const queue of this.#window.queues) {
      const { head } = queue;
      if (head === undefined) continue;
      const wait = gatheringMs(queue, now);
      if (wait > 0) [gathering, over] = [Math.min(gathering ?? wait, wait), queue.gathering?.at];
      else if (head.dueAt <= now && this.#gate.waitOf(this.#keyOf(head.entry)) === 0) return { kind: "working", ...blocked };
      if (head.dueAt > now && (first === undefined || head.dueAt < first.dueAt)) first = head;
    }
    for (const { waiting } of parked.values()) if (waiting && (first === undefined || waiting.dueAt < first.dueAt)) first = waiting;
    if (gathering !== undefined) return { kind: "gathering", until: over ?? clock.now() + gathering };
    if (first === undefined) return { kind: "idle" };
    return { kind: "retrying", code: first.code ?? "LAN-104", nextAt: clock.now() + Math.max(0, first.dueAt - now), attempts: first.attempts, ...blocked };
  }

  /** Bytes of the entries kept in memory. */
  get heldBytes(): number {
    return this.#window.bytes;
  }

  /** Nothing waits here, and nothing is being sent. */
  get empty(): boolean {
    return this.#active === 0 && this.#window.empty;
  }

  /** Its key waits for a retry, so this entry waits on the disk. */
  isBlocked(entry: Claimed): boolean {
    return this.#window.isParked(entry);
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#gate.stopping = false;
    this.#abort = new AbortController();
    this.#running = this.#run();
  }

  /** An entry just accepted. What does not fit or does not follow stays on the disk until its turn. */
  push(entry: Claimed): void {
    const mayBegin = this.#window.push(entry) || this.#options.batch !== undefined;
    if (mayBegin && this.#active < this.#parallel) this.#bell.ring();
  }

  /** Look again in the record: something was put back, or pushes may have been missed. */
  ring(): void {
    this.#window.look();
    this.#bell.ring();
  }

  /**
   * Takes a waiting entry out of the lane's hands while `change` ends or holds it in the record; meanwhile and afterwards those behind it go on, in
   * order. Whether `change` resolves or rejects (then so does this), the record says where the entry is: it leaves the lane, or is back in its place.
   * Nothing is changed when the answer is `sending` or `gone`. Held entries are passed over; put back, they stand at the lane's end.
   * @example
   * const how = await lane.withdraw(id, () => store.cancel(lane.name, id, clock.now(), reason));
   */
  async withdraw(id: MessageId, change: () => Promise<void>): Promise<Withdrawal> {
    for (const track of this.#tracks.values()) if (track.isRecording(id)) return "sending";
    const withdrawal = this.#withheld.during(id, change);
    this.#bell.ring();
    return withdrawal;
  }

  /**
   * Changes in the record what became of an entry that may have arrived, as a person says: to its end, or to be sent again. It stays at the head of its order
   * meanwhile, and nothing overtakes it. Answers as `withdraw` does.
   */
  async resolve(id: MessageId, change: () => Promise<void>): Promise<Withdrawal> {
    for (const track of this.#tracks.values()) if (track.isRecording(id)) return "sending";
    return this.#withheld.revised(id, change);
  }

  /** Stops before the next attempt, for a person; what is in flight finishes. What is accepted meanwhile waits. */
  pause(paused: Paused): void {
    this.#gate.paused = paused;
    this.#bell.ring();
  }

  resume(): void {
    this.#gate.paused = undefined;
    this.#bell.ring();
  }

  /** Whoever waits for a retry is tried now. The attempt counts, and nothing is sent outside the delivery window or while paused. */
  retryNow(): void {
    this.#gate.hurry();
    this.#window.wake();
    for (const { head, gathering } of this.#window.queues) {
      if (head) head.dueAt = 0;
      if (gathering) gathering.until = 0;
    }
    this.#bell.ring();
  }

  /** Lets the attempts in flight finish and be recorded; after `graceMs` their signal is aborted. */
  async stop(graceMs?: number): Promise<void> {
    this.#gate.stopping = true;
    this.#bell.ring();
    const timer = graceMs === undefined ? undefined : this.#options.clock.after(graceMs, () => this.#abort.abort());
    await this.#running;
    timer?.cancel();
    this.#running = undefined;
    this.#tracks.clear();
    for (const { entry } of this.#window.clear()) this.#options.work.forget(entry);
  }

  async #run(): Promise<void> {
    while (!this.#gate.stopping || this.#active > 0) {
      const wait = this.#gate.open ? this.#begin() : this.#gate.stopping ? undefined : this.#gate.shutMs;
      await this.#bell.sleep(wait);
    }
  }

  /** Puts to work what may be, oldest head first; gives how long there is nothing more to begin, if only time would change that. */
  #begin(): number | undefined {
    try {
      this.#window.refill();
      this.#gate.read();
    } catch {
      this.#gate.fail("LAN-106");
      return againMs;
    }
    const now = this.#options.clock.monotonic();
    for (;;) {
      // One that is due and has no room is looked at when somebody has made some.
      let wait = this.#window.parkedUntil > now ? this.#window.parkedUntil - now : Number.POSITIVE_INFINITY;
      if (this.#window.looking) wait = 0;
      let oldest: KeyQueue | undefined;
      for (const queue of this.#window.queues) {
        const { head } = queue;
        if (head === undefined || queue.running || (head.open && head.busy)) continue;
        // A head of a keyed lane that must wait is parked by its track.
        const due = this.#parts.keyed && head.dueAt > now ? 0 : head.dueAt - now;
        const after = Math.max(due, this.#gate.waitOf(queue.key), gatheringMs(queue, now));
        if (after > 0) wait = Math.min(wait, after);
        else if (oldest?.head === undefined || head.position < oldest.head.position) oldest = queue;
      }
      if (oldest === undefined || this.#active >= this.#parallel) return Number.isFinite(wait) ? wait : undefined;
      this.#work(oldest);
    }
  }

  #work(queue: KeyQueue): void {
    let track = this.#tracks.get(queue.key);
    if (track?.queue !== queue) {
      track = new Track(queue, this.#parts);
      this.#tracks.set(queue.key, track);
    }
    this.#gate.begins(queue.key);
    queue.running = true;
    this.#active++;
    void track.run().then(() => {
      queue.running = false;
      this.#active--;
      this.#window.leave(queue);
      if (this.#parts.keyed && queue.head === undefined) this.#tracks.delete(queue.key);
      this.#bell.ring();
    });
  }

  #keyOf(entry: Claimed): string {
    return this.#options.order === undefined ? "" : (entry.orderKey ?? "");
  }

  async #prepare(entry: Claimed): Promise<Prepared> {
    try {
      return await this.#options.work.prepare(entry);
    } catch (error) {
      return { kind: "retry", code: codeOf(error, "LAN-103") };
    }
  }
}

/** How long its head waits for others, unless others have come. */
function gatheringMs({ gathering, head, slots }: KeyQueue, now: number): number {
  return gathering === undefined || gathering.head !== head || slots.length > gathering.count ? 0 : gathering.until - now;
}
