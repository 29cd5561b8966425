import type { Cases, WorkCount, WorkItem, WorkQuery } from "../../cases/index.ts";
import { personCode } from "../../queue/unknown.ts";
import { type Clock, type Code, EngineError, type Timer } from "../../sdk/index.ts";
import type { Entry, MessageId, Store } from "../../store/store.ts";
import type { Events } from "../events.ts";
import { named } from "../safe-field.ts";

export interface WorkDeskParts {
  readonly cases: Cases;
  readonly clock: Clock;
  readonly events: Pick<Events, "log" | "settled">;
  readonly store: Pick<Store, "list" | "requeue" | "settle">;
  /** Rings a lane that has something to look for in the record. */
  readonly ring: (lane: string) => void;
  /** Ends what waits in a lane, out of its hands. */
  readonly withdraw: (lane: string, id: MessageId, change: () => Promise<void>) => Promise<void>;
}

/** How often the clock is looked at for what is due: work is told within a few seconds, and two questions of an index cost nothing. */
const everyMs = 1000;

/** What waits for a person, and the engine's own part of it: what is overdue comes up, and what was held goes on when its case is known or its time is over. */
export class WorkDesk {
  readonly #parts: WorkDeskParts;
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: WorkDeskParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = this.#parts.clock.after(everyMs, () => {
      this.#looking = this.look()
        .catch(() => this.#parts.events.log("store-fault", { code: "CAS-201" }))
        .finally(() => {
          if (!this.#isStopped) this.start();
        });
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  list(query: WorkQuery): readonly WorkItem[] {
    return this.#parts.cases.list(query);
  }

  item(id: number): WorkItem | undefined {
    return this.#parts.cases.item(id);
  }

  counts(): readonly WorkCount[] {
    return this.#parts.cases.counts();
  }

  /** For a person. With `release`, the message that is held goes on as it is. Throws `CAS-203` or `CAS-204`. */
  async close(id: number, by: string, reason: string, release: boolean): Promise<WorkItem> {
    const { cases, clock, events } = this.#parts;
    if (by.trim() === "" || reason.trim() === "") throw new EngineError("CAS-205");
    const item = cases.close(id, { by, reason, at: clock.now(), release });
    events.log("work-closed", { list: named(item.list), code: item.code, message: item.message });
    if (release) await this.#putBack(item.message);
    return item;
  }

  /** For the person who has seen a critical result: nobody else is told of it. Throws `CAS-203`, `CAS-204` or `CAS-205`. */
  async acknowledge(id: number, by: string, reason?: string): Promise<WorkItem> {
    const { cases, clock, events } = this.#parts;
    const item = cases.alerts.acknowledge(id, { by, at: clock.now(), ...(reason !== undefined && { reason }) });
    events.log("alert-acknowledged", { list: named(item.list), message: item.message });
    await this.#settleAcknowledged();
    return item;
  }

  /** A person has decided about a message elsewhere: nothing of it is held any more. */
  over(message: MessageId): void {
    const waiting = this.#entriesOf(message).filter(({ state }) => state === "waiting");
    const isUndecided = waiting.some(({ code }) => code === personCode);
    // A lane that has not come to it yet will hold it for the same reason.
    const isToBeHeld = waiting.length > 0 && this.#decided(message) !== undefined;
    if (!isUndecided && !isToBeHeld && this.#heldOf(message).length === 0) this.#parts.cases.resumed(message, this.#parts.clock.now());
  }

  /** One look at the clock. */
  async look(): Promise<void> {
    const { cases, clock, events } = this.#parts;
    const { raised, ready } = cases.sweep(clock.now());
    for (const { list, code, channel, message } of raised) events.log("work-raised", { list: named(list), code, channel: named(channel), message });
    for (const message of ready) {
      if (this.#heldOf(message).length > 0) await this.#putBack(message);
      else if (!this.#entriesOf(message).some(({ state }) => state === "waiting")) this.over(message);
    }
    // A message that goes on after its code was mended, or was discarded, is nobody's work any more.
    for (const message of cases.differing()) {
      if (!this.#entriesOf(message).some(({ state, code }) => state === "waiting" || (state === "held" && code?.startsWith("CLN-")))) cases.agreed(message, clock.now());
    }
    await this.#settleAcknowledged();
    for (const { lane, message } of cases.alerts.due(clock.now())) await this.#tellNext(lane, message);
  }

  /** Nobody has acknowledged in time: the entry goes back into its lane, and its next attempt tells the next. */
  async #tellNext(lane: string, message: MessageId): Promise<void> {
    const { cases, store, clock, ring, events } = this.#parts;
    const entry = this.#entryOf(lane, message);
    if (entry?.state === "waiting") return;
    if (entry?.state !== "held") return cases.alerts.settled(lane, message, clock.now());
    await store.requeue(lane, message, clock.now());
    events.log("alert-escalated", { lane: named(lane), message });
    ring(lane);
  }

  async #settleAcknowledged(): Promise<void> {
    const { cases, clock, store, events, withdraw } = this.#parts;
    for (const { lane, message } of cases.alerts.acknowledged()) {
      const entry = this.#entryOf(lane, message);
      const settle = () => store.settle({ lane, id: message, state: "delivered", at: clock.now(), attempts: entry?.attempts ?? 0 });
      // One that is being sent sees the acknowledgement at its end, or at the next look.
      if (entry?.state === "held") {
        await settle();
        const [channel = "", destination = ""] = lane.split("/");
        events.settled(channel, destination, "delivered", undefined, message);
      } else if (entry?.state === "waiting") {
        await withdraw(lane, message, settle).catch(() => undefined);
        if (this.#entryOf(lane, message)?.state === "waiting") continue;
      }
      cases.alerts.settled(lane, message, clock.now());
    }
  }

  /** In the order of the messages, and each at the end of its lane: what came after it in the meantime has gone. */
  async #putBack(message: MessageId): Promise<void> {
    const { store, clock, ring } = this.#parts;
    for (const { lane } of this.#heldOf(message)) {
      await store.requeue(lane, message, clock.now());
      ring(lane);
    }
  }

  /** What is held for its case; what is held for another reason is somebody else's to decide. */
  #heldOf(message: MessageId): readonly Entry[] {
    const decided = this.#decided(message);
    return this.#entriesOf(message).filter(({ state, code }) => state === "held" && code !== undefined && (code === decided || /^CAS-(?:10\d|114|115)$/.test(code)));
  }

  /** Why its case holds it: a rule of the case, or what its strict reader found. */
  #decided(message: MessageId): Code | undefined {
    const verdict = this.#parts.cases.decided(message);
    return verdict?.kind === "held" ? verdict.code : undefined;
  }

  #entryOf(lane: string, id: MessageId): Entry | undefined {
    return this.#entriesOf(id).find((entry) => entry.lane === lane);
  }

  #entriesOf(id: MessageId): readonly Entry[] {
    const [message] = this.#parts.store.list({ before: id + 1, limit: 1 });
    return message?.id === id ? message.entries : [];
  }
}
