import type { FlowEvents } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import type { Clock, Code } from "../sdk/index.ts";

/** What a log field may be: names from configuration, codes and counts (security-reliability E.2). */
export type SafeField = string | number | boolean;

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

  constructor(clock: Clock, sink: (line: string) => void) {
    this.#clock = clock;
    this.#sink = sink;
  }

  log(event: string, fields: Readonly<Record<string, SafeField | undefined>> = {}): void {
    const safe: Record<string, SafeField> = { at: new Date(this.#clock.now()).toISOString(), event };
    for (const [key, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      safe[key] = typeof value === "string" && !safeText.test(value) ? `[${value.length} characters]` : value;
    }
    this.#sink(JSON.stringify(safe));
  }

  accepted(channel: string): void {
    this.received.set(channel, (this.received.get(channel) ?? 0) + 1);
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

  /** Deliveries are counted by the store; only what an operator may have to act on is a line. */
  settled(channel: string, destination: string, state: string, code?: Code): void {
    const lane = laneOf(channel, destination);
    if (state === "waiting" && code !== undefined) this.failed.set(lane, code);
    else this.failed.delete(lane);
    if (state === "delivered" || state === "filtered") return;
    this.log(state, { channel, destination, code });
  }
}
