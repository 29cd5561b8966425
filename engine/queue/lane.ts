import type { RetryPolicy } from "../config/project.ts";
import { type Clock, type Code, codeOf, type Outcome, type Random } from "../sdk/index.ts";
import type { Claimed, End, MessageId, Store } from "../store/store.ts";
import { Bell } from "./bell.ts";
import { type Change, Recording } from "./recording.ts";
import { deadlineOf, decideRetry } from "./retry.ts";
import { type Slot, Window } from "./window.ts";
import { type Withdrawal, Withheld } from "./withheld.ts";

/** What preparing an entry gave: ready to send, or already at an end, or held for a person. */
export type Prepared =
  | { readonly kind: "ready" }
  | { readonly kind: "end"; readonly end: Extract<End, "filtered" | "refused" | "dead">; readonly code: Code; readonly reason?: string }
  | { readonly kind: "held"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "retry"; readonly code: Code };

/** What an attempt gave: an outcome of the partner, or the boundary's word. */
export type Attempted =
  | Outcome
  | { readonly kind: "refused"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "suspended"; readonly code: Code; readonly reason?: string };

/** The flow's side of a lane. `prepare` may run ahead for several entries; `attempt` is called for the head alone. */
export interface LaneWork {
  prepare(entry: Claimed): Promise<Prepared>;
  attempt(entry: Claimed, attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** The entry left the lane's memory (settled or spilled): the flow may forget what it kept for it. */
  forget(entry: Claimed): void;
}

export interface LaneOptions {
  readonly name: string;
  readonly store: Store;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: LaneWork;
  /** Entries prepared ahead of the head, and bytes kept in memory. */
  readonly window: { readonly entries: number; readonly bytes: number };
  /** The partner recognises a repeat, so a crash may repeat a few instead of one. */
  readonly idempotent?: boolean;
  /** Told of every change of state, for events and counters. */
  readonly onSettled: (lane: string, entry: Claimed, state: string, code?: Code) => void;
}

/** Why a lane does not move, for operators. */
export type LaneStatus =
  | { readonly kind: "idle" | "working" }
  | { readonly kind: "retrying"; readonly code: Code; readonly nextAt: number; readonly attempts: number }
  | { readonly kind: "suspended" | "stopped"; readonly code: Code };

/** How often a head that the boundary or the engine itself holds up is looked at again. */
const againMs = 1000;

/** Deliveries of a lane that may be unrecorded at once, toward a partner that recognises repeats: see decision 0006. */
const aheadWhenIdempotent = 4;

/**
 * A lane: one destination, strict order. The head waits, through retries; those behind it are prepared meanwhile and
 * never sent. Each is sent after the partner has answered for the one before it; a few deliveries may be on their way to the disk
 * meanwhile, and only those are sent again after a crash.
 * @example
 * const lane = new Lane(options);
 * lane.start();
 * lane.push(entry); // right after the accept; late, doubled or missing pushes do not matter, the record knows the order
 */
export class Lane {
  #options: LaneOptions;
  #window: Window;
  #status: LaneStatus = { kind: "idle" };
  #running: Promise<void> | undefined;
  #stopping = false;
  #paused: Code | undefined;
  #bell: Bell;
  #recording: Recording;
  #withheld: Withheld;
  readonly #ahead: number;
  #abort = new AbortController();

  constructor(options: LaneOptions) {
    this.#options = options;
    const { name, store, window, clock } = options;
    this.#bell = new Bell(clock);
    this.#ahead = options.idempotent ? aheadWhenIdempotent : 1;
    this.#recording = new Recording({
      lane: name,
      store,
      clock,
      bell: this.#bell,
      stopping: () => this.#stopping,
      onStuck: () => {
        this.#status = { kind: "stopped", code: "LAN-105" };
      },
      onRecorded: ({ entry }, { state, code }) => {
        options.onSettled(name, entry, state, code);
        if (state !== "waiting") options.work.forget(entry);
      },
    });
    this.#window = new Window({
      lane: name,
      store,
      limit: window,
      clock,
      prepare: (entry) => this.#prepare(entry),
      withheld: ({ id }) => this.#withheld.has(id),
    });
    this.#withheld = new Withheld({
      lane: name,
      store,
      window: this.#window,
      onLeft: (entry, now) => options.onSettled(name, entry, now.state, now.code),
      forget: (entry) => options.work.forget(entry),
      onBack: () => this.#bell.ring(),
    });
  }

  get status(): LaneStatus {
    return this.#status;
  }

  /** Bytes of the entries kept in memory. */
  get heldBytes(): number {
    return this.#window.bytes;
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = false;
    this.#abort = new AbortController();
    this.#running = this.#run();
  }

  /** An entry just accepted. What does not fit or does not follow stays on the disk until its turn. */
  push(entry: Claimed): void {
    this.#window.push(entry);
    if (this.#status.kind === "idle") this.#bell.ring();
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
    if (this.#recording.has(id)) return "sending";
    const withdrawal = this.#withheld.during(id, change);
    this.#bell.ring();
    return withdrawal;
  }

  /** Stops before the next attempt; the one in flight finishes. */
  pause(code: Code): void {
    this.#paused = code;
    this.#bell.ring();
  }

  resume(): void {
    this.#paused = undefined;
    this.#bell.ring();
  }

  /** The head's wait is over now. */
  retryNow(): void {
    const head = this.#window.head;
    if (head !== undefined) head.dueAt = 0;
    this.#bell.ring();
  }

  /** Lets the attempt in flight finish and be recorded; after `graceMs` its signal is aborted. */
  async stop(graceMs?: number): Promise<void> {
    this.#stopping = true;
    this.#bell.ring();
    const timer = graceMs === undefined ? undefined : this.#options.clock.after(graceMs, () => this.#abort.abort());
    await this.#running;
    await this.#recording.settleTo(0);
    timer?.cancel();
    this.#running = undefined;
    for (const { entry } of this.#window.clear()) this.#options.work.forget(entry);
    this.#status = { kind: "idle" };
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      if (this.#paused !== undefined) {
        this.#status = { kind: "stopped", code: this.#paused };
        await this.#bell.sleep();
      } else if (!this.#refill()) {
        this.#status = { kind: "stopped", code: "LAN-106" };
        await this.#bell.sleep(againMs);
      } else {
        await this.#step();
      }
    }
  }

  async #step(): Promise<void> {
    const head = this.#window.head;
    if (head === undefined) {
      if (this.#recording.size > 0) return void (await this.#recording.settleTo(0));
      this.#status = { kind: "idle" };
      await this.#bell.sleep();
      return;
    }
    const wait = head.dueAt - this.#options.clock.monotonic();
    if (wait > 0) {
      if (this.#status.kind !== "suspended") {
        this.#status = { kind: "retrying", code: head.code ?? "LAN-104", nextAt: this.#options.clock.now() + wait, attempts: head.attempts };
      }
      await this.#bell.sleep(wait);
      return;
    }
    if (this.#status.kind !== "suspended") this.#status = { kind: "working" };
    await this.#work(head);
  }

  async #work(head: Slot): Promise<void> {
    head.prepared ??= this.#prepare(head.entry);
    const prepared = await head.prepared;
    if (this.#stopping || this.#paused !== undefined || this.#window.head !== head) return;
    const { attempts } = head;
    switch (prepared.kind) {
      case "end":
        return this.#finish(head, { state: prepared.end, attempts, code: prepared.code, ...reasonOf(prepared) });
      case "held":
        return this.#finish(head, { state: "held", attempts, code: prepared.code, ...reasonOf(prepared) });
      case "retry":
        return this.#wait(head, prepared.code);
      case "ready":
        // A wait cut short at the age limit ends here; whoever waited behind others still gets one attempt.
        if (attempts > 0 && this.#options.clock.now() >= deadlineOf(this.#options.policy, head.entry)) {
          return this.#finish(head, { state: "dead", attempts, code: "LAN-102", ...lastCode(head.code) });
        }
        if (!(await this.#recording.settleTo(this.#ahead - 1)) || this.#window.head !== head) return;
        head.busy = true;
        return this.#conclude(head, await this.#attempt(head));
    }
  }

  async #conclude(head: Slot, outcome: Attempted): Promise<void> {
    const attempts = head.attempts + 1;
    switch (outcome.kind) {
      case "delivered":
        return this.#pass(head, { state: "delivered", attempts, ...(outcome.response && { response: outcome.response }) });
      case "rejected":
        return this.#finish(head, { state: "rejected", attempts, code: outcome.code, ...(outcome.response && { response: outcome.response }) });
      case "refused":
        return this.#finish(head, { state: "refused", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) });
      case "suspended":
        return this.#suspend(head, outcome);
      case "retry":
        return this.#again(head, outcome.code, outcome.afterMs);
      case "unknown":
        return this.#again(head, outcome.code);
    }
  }

  /** The engine itself could not prepare it (no sandbox, no disk): nothing was sent, so no attempt is spent. */
  #wait(head: Slot, code: Code): void {
    const { clock } = this.#options;
    head.prepared = undefined;
    head.code = code;
    head.dueAt = clock.monotonic() + againMs;
    this.#status = { kind: "retrying", code, nextAt: clock.now() + againMs, attempts: head.attempts };
  }

  /** Nothing was sent and no attempt is spent; asked again until the boundary's word changes. */
  async #suspend(head: Slot, outcome: Extract<Attempted, { kind: "suspended" }>): Promise<void> {
    const said = this.#status.kind === "suspended" && this.#status.code === outcome.code;
    this.#status = { kind: "suspended", code: outcome.code };
    if (!said) {
      head.code = outcome.code;
      await this.#record(head, { state: "waiting", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) });
    }
    head.busy = false;
    head.dueAt = this.#options.clock.monotonic() + againMs;
  }

  async #again(head: Slot, code: Code, afterMs?: number): Promise<void> {
    const { policy, random, clock } = this.#options;
    const attempts = head.attempts + 1;
    const now = clock.now();
    const verdict = decideRetry(policy, head.entry, { attempts, now, ...(afterMs !== undefined && { afterMs }) }, random);
    if (verdict.kind === "dead") return this.#finish(head, { state: "dead", attempts, code: verdict.code, ...lastCode(code) });
    head.attempts = attempts;
    head.dueAt = clock.monotonic() + (verdict.at - now);
    head.code = code;
    this.#status = { kind: "retrying", code, nextAt: verdict.at, attempts };
    await this.#record(head, { state: "waiting", attempts, nextAt: verdict.at, code });
    head.busy = false;
  }

  /** The next head may be sent while this one's delivery is being committed. */
  #pass(head: Slot, change: Change): void {
    this.#recording.begin(head, change);
    this.#window.remove(head);
    this.#status = { kind: "working" };
  }

  async #finish(head: Slot, change: Change & { readonly state: End | "held" }): Promise<void> {
    if (!(await this.#record(head, change))) return;
    this.#window.remove(head);
    this.#status = { kind: "working" };
  }

  /** Returns when the change, and every delivery before it, is committed. False: the lane was stopped first. */
  #record(head: Slot, change: Change): Promise<boolean> {
    head.busy = true;
    this.#recording.begin(head, change);
    return this.#recording.settleTo(0);
  }

  #refill(): boolean {
    try {
      this.#window.refill();
      return true;
    } catch {
      return false;
    }
  }

  async #prepare(entry: Claimed): Promise<Prepared> {
    try {
      return await this.#options.work.prepare(entry);
    } catch (error) {
      return { kind: "retry", code: codeOf(error, "LAN-103") };
    }
  }

  /** An attempt that failed in the engine may have sent: it counts as unknown. */
  async #attempt(head: Slot): Promise<Attempted> {
    try {
      return await this.#options.work.attempt(head.entry, head.attempts + 1, this.#abort.signal);
    } catch (error) {
      return { kind: "unknown", code: codeOf(error, "LAN-104") };
    }
  }
}

function reasonOf(said: { readonly reason?: string }): { readonly reason?: string } {
  return said.reason === undefined ? {} : { reason: said.reason };
}

function lastCode(code: Code | undefined): { readonly reason?: string } {
  return code === undefined ? {} : { reason: `last: ${code}` };
}
