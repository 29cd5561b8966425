import { type Clock, type Code, codeOf, type Random } from "../sdk/index.ts";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, End, Flight, Store } from "../store/store.ts";
import { type BatchRule, type Ending, firstCode, gathered, isFormed, memberCode } from "./batch.ts";
import type { Bell } from "./bell.ts";
import { againMs, type Gate } from "./gate.ts";
import type { KeyQueue, Slot, Waiting } from "./key-queue.ts";
import { type Change, type Changed, Recording } from "./recording.ts";
import { deadlineOf, decideRetry } from "./retry.ts";
import { openCode, type UnknownRule } from "./unknown.ts";
import { Unresolved } from "./unresolved.ts";
import type { Window } from "./window.ts";
import type { Attempted, LaneWork, Prepared } from "./work.ts";

export interface TrackParts {
  readonly lane: string;
  readonly partner?: string;
  readonly store: Pick<Store, "settle" | "settleAll">;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: Pick<LaneWork, "attempt" | "attemptBatch" | "inquire" | "undecided" | "forget">;
  /** Never rejects. */
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
  readonly window: Pick<Window, "refill" | "remove" | "park" | "readThrough">;
  readonly gate: Gate;
  readonly bell: Bell;
  /** Aborts the attempt in flight. */
  readonly signal: () => AbortSignal;
  /** Deliveries that may be unrecorded at once. */
  readonly ahead: number;
  /** Of a lane ordered by key: a head that waits takes no memory, and others have their turn after so many messages. */
  readonly keyed: boolean;
  /** Consecutive heads go as one. */
  readonly batch?: BatchRule;
  /** What may have arrived is not sent again until it is known that it has not. */
  readonly unknown?: UnknownRule;
  /** The lane that takes over what is dead or rejected here. */
  readonly fallback?: string;
  readonly onSettled: (entry: Claimed, state: Flight | End, code?: Code) => void;
}

/** Messages of one key before the others are looked at. */
const turn = 16;

/**
 * One strict order: a lane, or one key of it. The head waits, through retries; each is sent after the partner has answered for the one before
 * it; a few deliveries may be on their way to the disk meanwhile.
 */
export class Track {
  readonly queue: KeyQueue;
  readonly #parts: TrackParts;
  readonly #recording: Recording;
  readonly #unresolved: Unresolved | undefined;

  constructor(queue: KeyQueue, parts: TrackParts) {
    this.queue = queue;
    this.#parts = parts;
    this.#recording = new Recording({
      lane: parts.lane,
      ...(parts.partner !== undefined && { partner: parts.partner }),
      store: parts.store,
      clock: parts.clock,
      bell: parts.bell,
      stopping: () => parts.gate.stopping,
      onRecorded: ({ entry }, { state, code, nextAt }) => {
        // Who goes with whom, and that it is being sent, is for the record alone.
        if (state === "waiting" && nextAt === undefined && (code === firstCode || code === memberCode || code === openCode)) return;
        parts.onSettled(entry, state, code === memberCode ? this.queue.head?.code : code);
        if (state !== "waiting") parts.work.forget(entry);
      },
    });
    const { unknown } = parts;
    this.#unresolved = unknown && new Unresolved({ ...parts, unknown, key: queue.key, record: (slot, change) => this.#record([slot], () => change), finish: (slot, change) => this.#finish([slot], change) });
  }

  /** The record cannot be written now. */
  get stuck(): boolean {
    return this.#recording.stuck;
  }

  isRecording(id: number): boolean {
    return this.#recording.has(id);
  }

  /** Works on one head after another until there is none, the head must wait, the gate shuts or others have their turn. Everything is recorded then. */
  async run(): Promise<void> {
    const { gate, window, keyed, clock } = this.#parts;
    for (let left = keyed ? turn : Number.POSITIVE_INFINITY; left > 0 && gate.open; left--) {
      try {
        window.refill();
        gate.read();
      } catch {
        gate.fail("LAN-106");
        break;
      }
      const head = this.queue.head;
      if (head === undefined) break;
      if (head.dueAt > 0 && head.dueAt > clock.monotonic()) {
        if (keyed) await this.#park(head);
        break;
      }
      await this.#work(head);
      if (this.queue.gathering !== undefined && this.queue.gathering.until > clock.monotonic()) break;
    }
    if (this.#recording.size > 0) await this.#recording.settleTo(0);
  }

  async #work(head: Slot): Promise<void> {
    const { gate, policy, clock, work, ahead, signal, batch } = this.#parts;
    const prepared = head.prepared ?? (await (head.preparing ??= this.#parts.prepare(head.entry)));
    if (!gate.open || this.queue.head !== head) return;
    if (prepared.kind === "retry") return this.#wait(head, prepared.code);
    // Whatever else is wrong with it, first it must be known whether it has arrived.
    if (head.open && this.#unresolved) return this.#unresolved.look(head, prepared, signal());
    const { attempts } = head;
    if (prepared.kind !== "ready") return this.#end(head, prepared);
    const members = batch ? await this.#gather(head, batch) : [head];
    if (members === undefined) return;
    // A wait cut short at the age limit ends here; whoever waited behind others still gets one attempt.
    if (attempts > 0 && clock.now() >= deadlineOf(policy, head.entry)) {
      return this.#finish(members, { state: "dead", attempts, code: "LAN-102", ...lastCode(head.code) });
    }
    if (this.#recording.size >= ahead && !(await this.#recording.settleTo(ahead - 1))) return;
    if (this.queue.head !== head || (batch && members.some((slot, i) => this.queue.slots[i] !== slot))) return;
    for (const slot of members) slot.busy = true;
    if (batch && !isFormed(head) && !(await this.#form(members))) return;
    if (this.#unresolved && !(await this.#unresolved.intend(head))) return;
    let outcome: Attempted;
    try {
      outcome = await (batch && work.attemptBatch ? work.attemptBatch(members.map(({ entry }) => entry), attempts + 1, signal()) : work.attempt(head.entry, attempts + 1, signal()));
    } catch (error) {
      // It may have sent.
      outcome = { kind: "unknown", code: codeOf(error, "LAN-104") };
    }
    return this.#conclude(head, members, outcome);
  }

  /** One that was prepared to its end: it goes nowhere. */
  #end(slot: Slot, prepared: Ending): Promise<void> {
    return this.#finish([slot], { state: prepared.kind === "end" ? prepared.end : "held", attempts: slot.attempts, code: prepared.code, ...reasonOf(prepared) });
  }

  /** Members of a batch that is to go now. */
  async #gather(head: Slot, rule: BatchRule): Promise<readonly Slot[] | undefined> {
    const { window, clock, prepare, gate } = this.#parts;
    try {
      const members = await gathered(this.queue, head, { rule, window, clock, prepare });
      if (members === undefined || !gate.open) return undefined;
      this.queue.gathering = undefined;
      if ("unready" in members) this.#wait(head, members.unready);
      else if ("ends" in members) await this.#end(members.ends, members.prepared);
      else return members;
      return undefined;
    } catch {
      gate.fail("LAN-106");
      return undefined;
    }
  }

  /** Who goes with whom, in the record before anything leaves. */
  #form(...batches: readonly (readonly Slot[])[]): Promise<boolean> {
    for (const members of batches) for (const [i, slot] of members.entries()) slot.code = i === 0 ? firstCode : memberCode;
    return this.#record(batches.flat(), (slot) => ({ state: "waiting", attempts: slot.attempts, ...(slot.code !== undefined && { code: slot.code }) }));
  }

  #conclude(head: Slot, members: readonly Slot[], outcome: Attempted): Promise<void> | void {
    const { gate, window } = this.#parts;
    const attempts = head.attempts + 1;
    switch (outcome.kind) {
      case "delivered": {
        gate.succeeded();
        const change: Change = { state: "delivered", attempts, ...keptOf(outcome) };
        // The next head may be sent while this one's delivery is being committed.
        this.#recording.begin(members.map((slot) => ({ slot, change })));
        for (const slot of members) window.remove(slot);
        return;
      }
      case "rejected":
      case "dead":
        gate.succeeded();
        return this.#finish(members, { state: outcome.kind, attempts, code: outcome.code, ...(outcome.response && { response: outcome.response }), ...permitOf(outcome) });
      case "refused":
        if (members.length > 1 && !head.left && !this.#parts.batch?.period) return this.#halve(members);
        return this.#finish(members, { state: "refused", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) });
      case "held":
        return this.#finish(members, { state: "held", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) });
      case "suspended":
        return this.#suspend(head, members, outcome);
      case "retry":
        return this.#again(head, members, outcome, outcome.afterMs);
      case "unknown":
        for (const slot of members) slot.left = true;
        if (this.#unresolved) return this.#unresolved.opened(head, outcome.code);
        return this.#again(head, members, outcome);
    }
  }

  /**
   * Nothing has left, and what is refused may lie with one of them, which must not stop the others: each half goes as a batch of its own, until the one
   * to be refused stands alone. The halves are in the record as batches are.
   */
  async #halve(members: readonly Slot[]): Promise<void> {
    this.#parts.gate.passed();
    const half = Math.ceil(members.length / 2);
    if (await this.#form(members.slice(0, half), members.slice(half))) for (const slot of members) slot.busy = false;
  }

  /** The engine itself could not prepare it (no sandbox, no disk): nothing was sent, so no attempt is spent. */
  #wait(head: Slot, code: Code): void {
    this.#parts.gate.failed(this.queue.key);
    head.preparing = undefined;
    if (!this.#parts.batch || !isFormed(head)) head.code = code;
    head.dueAt = this.#parts.clock.monotonic() + againMs;
  }

  /** Nothing was sent and no attempt is spent; the whole lane waits until the boundary's word changes. */
  async #suspend(head: Slot, members: readonly Slot[], outcome: Extract<Attempted, { kind: "suspended" }>): Promise<void> {
    this.#parts.gate.suspend(outcome.code);
    // The codes of a batch say who its members are.
    if (head.code !== outcome.code && !this.#parts.batch) {
      head.code = outcome.code;
      await this.#record([head], () => ({ state: "waiting", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) }));
    }
    for (const slot of members) slot.busy = false;
  }

  async #again(head: Slot, members: readonly Slot[], outcome: { readonly code: Code } & Pick<Attempted, "permit">, afterMs?: number): Promise<void> {
    const { policy, random, clock, gate } = this.#parts;
    const { code } = outcome;
    const attempts = head.attempts + 1;
    const now = clock.now();
    const verdict = decideRetry(policy, head.entry, { attempts, now, ...(afterMs !== undefined && { afterMs }) }, random);
    gate.failed(this.queue.key);
    if (verdict.kind === "dead") return this.#finish(members, { state: "dead", attempts, code: verdict.code, ...lastCode(code), ...permitOf(outcome) });
    const { at } = verdict;
    for (const slot of members) slot.attempts = attempts;
    head.dueAt = clock.monotonic() + (at - now);
    head.code = code;
    await this.#record(members, (slot) => ({ state: "waiting", attempts, nextAt: at, code: slot === head ? code : memberCode }));
    for (const slot of members) slot.busy = false;
  }

  async #finish(members: readonly Slot[], change: Change & { readonly state: End | "held" }): Promise<void> {
    const { gate, window, fallback } = this.#parts;
    gate.passed();
    if (change.state === "dead") gate.gaveUp(this.queue.key);
    const goesOn = fallback !== undefined && (change.state === "dead" || change.state === "rejected");
    const settled = goesOn ? { ...change, fallback } : change;
    if (!(await this.#record(members, () => settled))) return;
    for (const slot of members) window.remove(slot);
  }

  /** Resolves when the change, and every delivery before it, is committed. False: the lane was stopped first. */
  #record(members: readonly Slot[], change: (slot: Slot) => Change): Promise<boolean> {
    const all: Changed[] = [];
    for (const slot of members) {
      slot.busy = true;
      all.push({ slot, change: change(slot) });
    }
    this.#recording.begin(all);
    return this.#recording.settleTo(0);
  }

  /** What is still being prepared would come back into the flow's memory behind a forgetting that is too early. */
  async #park(head: Slot): Promise<void> {
    const { slots } = this.queue;
    for (let i = 0; i < slots.length; i++) await slots[i]?.preparing;
    if (this.queue.head !== head || this.#parts.gate.stopping) return;
    const waiting: Waiting = { position: head.position, code: head.code ?? "LAN-104", attempts: head.attempts, left: head.left, inquiries: head.inquiries, dueAt: head.dueAt };
    for (const { entry } of this.#parts.window.park(this.queue, waiting)) this.#parts.work.forget(entry);
  }
}

function reasonOf(said: { readonly reason?: string }): { readonly reason?: string } {
  return said.reason === undefined ? {} : { reason: said.reason };
}

function permitOf({ permit }: Pick<Attempted, "permit">): Pick<Change, "permit"> {
  return permit === undefined ? {} : { permit };
}

function keptOf({ response, code, reason, permit }: Extract<Attempted, { kind: "delivered" }>): Pick<Change, "response" | "code" | "reason" | "permit"> {
  return { ...permitOf(permit ? { permit } : {}), ...(response && { response }), ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
}

function lastCode(code: Code | undefined): { readonly reason?: string } {
  return code === undefined ? {} : { reason: `last: ${code}` };
}
