import type { FlowEvents } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import type { Clock, Code } from "../sdk/index.ts";
import { catalogue, type EventName, type FieldKind } from "./event-catalogue.ts";
import { Rates } from "./operator/rates.ts";
import { type FieldsOf, named, type SafeField, shown } from "./safe-field.ts";

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

/**
 * Events are named once, in the catalogue, and feed log and counters together. There is no slot for content: each field has a kind, and a value
 * that is not of its kind is replaced by its length, so that a mistake in the engine cannot print a message.
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

  readonly #isKnown: (name: string) => boolean;

  /** `isKnown`: whether the project has a channel, lane, partner or person of this name; without it, the form of a name is enough. */
  constructor(clock: Clock, sink: (line: string) => void, isKnown: (name: string) => boolean = () => true) {
    this.#clock = clock;
    this.#isKnown = isKnown;
    this.rates = new Rates(clock);
    this.#sink = sink;
  }

  log<E extends EventName>(event: E, fields: FieldsOf<E> = {}): void {
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
    this.#tell("stored", { channel: named(channel), message });
  }

  duplicate(channel: string): void {
    this.log("duplicate", { channel: named(channel) });
  }

  notAccepted(channel: string, code: Code): void {
    this.log("not-accepted", { channel: named(channel), code });
  }

  nonconforming(channel: string, code: Code, path: string, count: number): void {
    this.log("nonconforming", { channel: named(channel), code, path, count });
  }

  missedKey(channel: string, table: string, count: number): void {
    this.log("lookup-missed", { channel: named(channel), table: named(table), count });
  }

  sameIdOtherBytes(channel: string): void {
    this.log("same-id-other-bytes", { channel: named(channel) });
  }

  unanswered(channel: string, code: Code): void {
    this.log("unanswered", { channel: named(channel), code });
  }

  /** Deliveries are counted by the store; only what an operator may have to act on is a line. `waiting` is an attempt that failed: a retry. */
  settled(channel: string, destination: string, state: string, code?: Code, message?: number): void {
    const lane = laneOf(channel, destination);
    if (state === "waiting" && code !== undefined) this.failed.set(lane, code);
    else this.failed.delete(lane);
    if (state !== "waiting" && state !== "held") this.rates.ended(lane);
    const fields = { channel: named(channel), destination: named(destination), message, code };
    const event = state === "waiting" ? "retry" : settledAs(state);
    if (event === "delivered" || event === "filtered") this.#tell(event, fields);
    else this.log(event, fields);
  }

  #tell<E extends EventName>(event: E, fields: FieldsOf<E>): void {
    if (this.#followers.size === 0) return;
    const happening = this.#happening(event, fields);
    for (const tell of this.#followers) tell(happening);
  }

  #happening<E extends EventName>(event: E, fields: FieldsOf<E>): Happening {
    const kinds: Readonly<Record<string, FieldKind>> = catalogue[event] ?? {};
    const told: Record<string, SafeField> & { at: string; event: string } = { at: new Date(this.#clock.now()).toISOString(), event };
    for (const [key, value] of Object.entries(fields)) {
      const kind = kinds[key];
      if (value === undefined || kind === undefined) continue;
      const safe = shown(kind, value, this.#isKnown);
      if (typeof safe === "object") Object.assign(told, safe);
      else told[key] = safe;
    }
    return told as Happening;
  }
}

const settling = ["delivered", "filtered", "refused", "rejected", "dead", "cancelled", "held"] as const;

function settledAs(state: string): (typeof settling)[number] {
  return settling.find((each) => each === state) ?? "held";
}
