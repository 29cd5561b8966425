import type { RetryPolicy } from "../config/project.ts";
import { type Clock, type Code, codeOf, type Random } from "../sdk/index.ts";
import type { End } from "../store/store.ts";
import type { Gate } from "./gate.ts";
import type { Slot } from "./key-queue.ts";
import type { Change } from "./recording.ts";
import { decideRetry } from "./retry.ts";
import { againCode, askPauseMs, dayMs, openCode, personCode, type UnknownRule } from "./unknown.ts";
import type { Inquired, LaneWork, Prepared } from "./work.ts";

export interface UnresolvedParts {
  readonly unknown: UnknownRule;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly gate: Gate;
  readonly key: string;
  readonly work: Pick<LaneWork, "inquire" | "undecided">;
  /** Resolves when it is on the disk; false: the lane was stopped first. */
  readonly record: (slot: Slot, change: Change) => Promise<boolean>;
  /** Records an end and takes it out of the lane. */
  readonly finish: (slot: Slot, change: Change & { readonly state: End }) => Promise<void>;
}

/**
 * The head of an order whose attempt had no answer. It is never sent again blindly: the partner is asked what became of it, and then a person. Meanwhile
 * those behind it wait, since what they are about may depend on it. After a crash the record's code says that it is open.
 */
export class Unresolved {
  readonly #parts: UnresolvedParts;

  constructor(parts: UnresolvedParts) {
    this.#parts = parts;
  }

  /** That it is being sent, on the disk before it is. */
  intend(head: Slot): Promise<boolean> {
    head.code = openCode;
    return this.#parts.record(head, { state: "waiting", attempts: head.attempts, code: openCode });
  }

  /** Its attempt had no answer. */
  opened(head: Slot, code: Code): Promise<void> {
    head.attempts += 1;
    head.open = true;
    head.inquiries = 0;
    this.#parts.gate.failed(this.#parts.key);
    return this.#parts.unknown.do === "hold" ? this.#person(head, code) : this.#askLater(head, code);
  }

  /** It is due: ask, or leave it to a person. */
  async look(head: Slot, prepared: Prepared, signal: AbortSignal): Promise<void> {
    const { unknown, work, gate } = this.#parts;
    head.busy = true;
    if (prepared.kind !== "ready") return this.#person(head, prepared.code);
    if (unknown.do === "hold" || !work.inquire) return this.#person(head, "LAN-127");
    let found: Inquired;
    try {
      found = await work.inquire(head.entry, head.inquiries + 1, signal);
    } catch (error) {
      found = { kind: "silent", code: codeOf(error, "LAN-104") };
    }
    if (found.kind !== "suspended") head.inquiries += 1;
    const { attempts } = head;
    switch (found.kind) {
      case "suspended":
        gate.suspend(found.code);
        head.busy = false;
        return;
      case "delivered":
        gate.succeeded();
        return this.#parts.finish(head, { state: "delivered", attempts, ...kept(found), ...(found.response && { response: found.response }) });
      case "rejected":
      case "dead":
        gate.succeeded();
        return this.#parts.finish(head, { state: found.kind, attempts, ...kept(found), ...(found.response && { response: found.response }) });
      case "absent":
        return this.#absent(head, found.code);
      case "unaskable":
        return this.#person(head, found.code);
      case "silent":
        gate.failed(this.#parts.key);
        return head.inquiries >= unknown.attempts ? this.#person(head, found.code) : this.#askLater(head, found.code);
    }
  }

  /** The limits of attempts and of age hold here: what did not arrive may be too old to be sent now. */
  async #absent(head: Slot, code: Code): Promise<void> {
    const { policy, clock, random, gate, record, finish } = this.#parts;
    const { attempts } = head;
    gate.succeeded();
    const verdict = decideRetry(policy, head.entry, { attempts, now: clock.now() }, random);
    if (verdict.kind === "dead") return finish(head, { state: "dead", attempts, code: verdict.code, reason: `last: ${code}` });
    Object.assign(head, { open: false, left: false, inquiries: 0, code: againCode, dueAt: 0 });
    await record(head, { state: "waiting", attempts, nextAt: 0, code: againCode, reason: `last: ${code}` });
    head.busy = false;
  }

  #askLater(head: Slot, code: Code): Promise<void> {
    return this.#later(head, openCode, askPauseMs(this.#parts.unknown, head.inquiries), code);
  }

  /** Others are no worse off for it: the partner may be well. */
  async #person(head: Slot, code: Code): Promise<void> {
    const { gate, key, work } = this.#parts;
    gate.gaveUp(key);
    head.inquiries = 0;
    try {
      await work.undecided?.(head.entry);
    } catch (error) {
      // On no list it would be nobody's.
      return this.#askLater(head, codeOf(error, "LAN-104"));
    }
    return this.#later(head, personCode, dayMs, code);
  }

  async #later(head: Slot, code: Code, pauseMs: number, last: Code): Promise<void> {
    const { clock, record } = this.#parts;
    head.code = code;
    head.dueAt = clock.monotonic() + pauseMs;
    await record(head, { state: "waiting", attempts: head.attempts, nextAt: clock.now() + pauseMs, code, reason: `last: ${last}` });
    head.busy = false;
  }
}

function kept({ code, permit }: Extract<Inquired, { kind: "delivered" | "rejected" | "dead" }>): Pick<Change, "code" | "permit"> {
  return { ...(code !== undefined && { code }), ...(permit && { permit }) };
}
