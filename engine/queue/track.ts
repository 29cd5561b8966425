import { type Clock, type Code, codeOf, type Random } from "../sdk/index.ts";
import type { RetryPolicy } from "../config/project.ts";
import type { Claimed, End, Flight, Store } from "../store/store.ts";
import type { Bell } from "./bell.ts";
import { againMs, type Gate } from "./gate.ts";
import type { KeyQueue, Slot } from "./key-queue.ts";
import { type Change, Recording } from "./recording.ts";
import { deadlineOf, decideRetry } from "./retry.ts";
import type { Window } from "./window.ts";
import type { Attempted, LaneWork, Prepared } from "./work.ts";

export interface TrackParts {
  readonly lane: string;
  readonly store: Pick<Store, "settle">;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: Pick<LaneWork, "attempt" | "forget">;
  /** Never rejects. */
  readonly prepare: (entry: Claimed) => Promise<Prepared>;
  readonly window: Pick<Window, "refill" | "remove" | "park">;
  readonly gate: Gate;
  readonly bell: Bell;
  /** Aborts the attempt in flight. */
  readonly signal: () => AbortSignal;
  /** Deliveries that may be unrecorded at once. */
  readonly ahead: number;
  /** Of a lane ordered by key: a head that waits takes no memory, and others have their turn after so many messages. */
  readonly keyed: boolean;
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

  constructor(queue: KeyQueue, parts: TrackParts) {
    this.queue = queue;
    this.#parts = parts;
    this.#recording = new Recording({
      lane: parts.lane,
      store: parts.store,
      clock: parts.clock,
      bell: parts.bell,
      stopping: () => parts.gate.stopping,
      onRecorded: ({ entry }, { state, code }) => {
        parts.onSettled(entry, state, code);
        if (state !== "waiting") parts.work.forget(entry);
      },
    });
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
    }
    if (this.#recording.size > 0) await this.#recording.settleTo(0);
  }

  async #work(head: Slot): Promise<void> {
    const { gate, policy, clock, work, ahead, signal } = this.#parts;
    const prepared = head.prepared ?? (await (head.preparing ??= this.#parts.prepare(head.entry)));
    if (!gate.open || this.queue.head !== head) return;
    if (prepared.kind === "retry") return this.#wait(head, prepared.code);
    const { attempts } = head;
    if (prepared.kind === "end") return this.#finish(head, { state: prepared.end, attempts, code: prepared.code, ...reasonOf(prepared) });
    if (prepared.kind === "held") return this.#finish(head, { state: "held", attempts, code: prepared.code, ...reasonOf(prepared) });
    // A wait cut short at the age limit ends here; whoever waited behind others still gets one attempt.
    if (attempts > 0 && clock.now() >= deadlineOf(policy, head.entry)) {
      return this.#finish(head, { state: "dead", attempts, code: "LAN-102", ...lastCode(head.code) });
    }
    if (this.#recording.size >= ahead && !(await this.#recording.settleTo(ahead - 1))) return;
    if (this.queue.head !== head) return;
    head.busy = true;
    let outcome: Attempted;
    try {
      outcome = await work.attempt(head.entry, attempts + 1, signal());
    } catch (error) {
      // It may have sent.
      outcome = { kind: "unknown", code: codeOf(error, "LAN-104") };
    }
    return this.#conclude(head, outcome);
  }

  #conclude(head: Slot, outcome: Attempted): Promise<void> | void {
    const { gate } = this.#parts;
    const attempts = head.attempts + 1;
    switch (outcome.kind) {
      case "delivered":
        gate.succeeded();
        // The next head may be sent while this one's delivery is being committed.
        this.#recording.begin(head, { state: "delivered", attempts, ...keptOf(outcome) });
        this.#parts.window.remove(head);
        return;
      case "rejected":
      case "dead":
        gate.succeeded();
        return this.#finish(head, { state: outcome.kind, attempts, code: outcome.code, ...(outcome.response && { response: outcome.response }) });
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
    this.#parts.gate.failed(this.queue.key);
    head.preparing = undefined;
    head.code = code;
    head.dueAt = this.#parts.clock.monotonic() + againMs;
  }

  /** Nothing was sent and no attempt is spent; the whole lane waits until the boundary's word changes. */
  async #suspend(head: Slot, outcome: Extract<Attempted, { kind: "suspended" }>): Promise<void> {
    this.#parts.gate.suspend(outcome.code);
    if (head.code !== outcome.code) {
      head.code = outcome.code;
      await this.#record(head, { state: "waiting", attempts: head.attempts, code: outcome.code, ...reasonOf(outcome) });
    }
    head.busy = false;
  }

  async #again(head: Slot, code: Code, afterMs?: number): Promise<void> {
    const { policy, random, clock, gate } = this.#parts;
    const attempts = head.attempts + 1;
    const now = clock.now();
    const verdict = decideRetry(policy, head.entry, { attempts, now, ...(afterMs !== undefined && { afterMs }) }, random);
    gate.failed(this.queue.key);
    if (verdict.kind === "dead") return this.#finish(head, { state: "dead", attempts, code: verdict.code, ...lastCode(code) });
    head.attempts = attempts;
    head.dueAt = clock.monotonic() + (verdict.at - now);
    head.code = code;
    await this.#record(head, { state: "waiting", attempts, nextAt: verdict.at, code });
    head.busy = false;
  }

  async #finish(head: Slot, change: Change & { readonly state: End | "held" }): Promise<void> {
    const { gate, window, fallback } = this.#parts;
    gate.passed();
    if (change.state === "dead") gate.gaveUp(this.queue.key);
    const goesOn = fallback !== undefined && (change.state === "dead" || change.state === "rejected");
    if (await this.#record(head, goesOn ? { ...change, fallback } : change)) window.remove(head);
  }

  /** Resolves when the change, and every delivery before it, is committed. False: the lane was stopped first. */
  #record(head: Slot, change: Change): Promise<boolean> {
    head.busy = true;
    this.#recording.begin(head, change);
    return this.#recording.settleTo(0);
  }

  /** What is still being prepared would come back into the flow's memory behind a forgetting that is too early. */
  async #park(head: Slot): Promise<void> {
    const { slots } = this.queue;
    for (let i = 0; i < slots.length; i++) await slots[i]?.preparing;
    if (this.queue.head !== head || this.#parts.gate.stopping) return;
    const waiting = { position: head.position, code: head.code ?? "LAN-104", attempts: head.attempts, dueAt: head.dueAt } as const;
    for (const { entry } of this.#parts.window.park(this.queue, waiting)) this.#parts.work.forget(entry);
  }
}

function reasonOf(said: { readonly reason?: string }): { readonly reason?: string } {
  return said.reason === undefined ? {} : { reason: said.reason };
}

function keptOf({ response, code, reason }: Extract<Attempted, { kind: "delivered" }>): Pick<Change, "response" | "code" | "reason"> {
  return { ...(response && { response }), ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) };
}

function lastCode(code: Code | undefined): { readonly reason?: string } {
  return code === undefined ? {} : { reason: `last: ${code}` };
}
