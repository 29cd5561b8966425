import type { FlowEvents } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import type { Clock, Code } from "../sdk/index.ts";
import { Rates } from "./operator/rates.ts";

/** What a log field may be: names from configuration, codes and counts (security-reliability E.2). */
export type SafeField = string | number | boolean;

/** One event as whoever watches gets it: the same names, numbers and codes as its line in the log. */
export interface Happening {
  readonly at: string;
  readonly event: string;
  readonly channel?: string;
  readonly destination?: string;
  /** Number of the message. */
  readonly message?: number;
  readonly code?: Code;
  readonly [field: string]: SafeField | undefined;
}

const safeText = /^[A-Za-z0-9._:/@^*-]{1,80}$/;

/**
 * Events are named once and feed log and counters together. There is no slot for content: a field that is not a short plain word is
 * replaced by its length, so that a mistake in the engine cannot print a message.
 */
export class Events implements FlowEvents {
  readonly #clock: Clock;
  readonly #sink: (line: string) => void;
  /** Receipts per channel since start. */
  readonly received = new Map<string, number>();
  /** By lane: why the last attempt of its head failed, until the head is settled. */
  readonly failed = new Map<string, Code>();
  /** Entries that ended, by lane. */
  readonly rates: Rates;
  readonly #followers = new Set<(happening: Happening) => void>();

  constructor(clock: Clock, sink: (line: string) => void) {
    this.#clock = clock;
    this.rates = new Rates(clock);
    this.#sink = sink;
  }

  log(event: string, fields: Readonly<Record<string, SafeField | undefined>> = {}): void {
    const happening = this.#happening(event, fields);
    this.#sink(JSON.stringify(happening));
    for (const tell of this.#followers) tell(happening);
  }

  /** Tells of every event from now on, those too that are not worth a line in the log; ends with the call it gives back. */
  follow(tell: (happening: Happening) => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }

  accepted(channel: string, message?: number): void {
    this.received.set(channel, (this.received.get(channel) ?? 0) + 1);
    this.#tell("stored", { channel, message });
  }

  duplicate(channel: string): void {
    this.log("duplicate", { channel });
  }

  notAccepted(channel: string, code: Code): void {
    this.log("not-accepted", { channel, code });
  }

  sameIdOtherBytes(channel: string): void {
    this.log("same-id-other-bytes", { channel });
  }

  unanswered(channel: string, code: Code): void {
    this.log("unanswered", { channel, code });
  }

  /** Deliveries are counted by the store; only what an operator may have to act on is a line. `waiting` is an attempt that failed: a retry. */
  settled(channel: string, destination: string, state: string, code?: Code, message?: number): void {
    const lane = laneOf(channel, destination);
    if (state === "waiting" && code !== undefined) this.failed.set(lane, code);
    else this.failed.delete(lane);
    if (state !== "waiting" && state !== "held") this.rates.ended(lane);
    const event = state === "waiting" ? "retry" : state;
    if (state === "delivered" || state === "filtered") this.#tell(event, { channel, destination, message, code });
    else this.log(event, { channel, destination, message, code });
  }

  #tell(event: string, fields: Readonly<Record<string, SafeField | undefined>>): void {
    if (this.#followers.size === 0) return;
    const happening = this.#happening(event, fields);
    for (const tell of this.#followers) tell(happening);
  }

  #happening(event: string, fields: Readonly<Record<string, SafeField | undefined>>): Happening {
    const safe: Record<string, SafeField> & { at: string; event: string } = { at: new Date(this.#clock.now()).toISOString(), event };
    for (const [key, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      safe[key] = typeof value === "string" && !safeText.test(value) ? `[${value.length} characters]` : value;
    }
    return safe as Happening;
  }
}
