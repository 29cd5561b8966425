import { laneOf } from "../../flow/stored.ts";
import type { Lane, Withdrawal } from "../../queue/lane.ts";
import { EngineError, sleep } from "../../sdk/index.ts";
import type { MessageId, StoreCare } from "../../store/store.ts";
import type { Operated } from "./operated.ts";
import { lanesOfPartner } from "./selection.ts";
import type { StandingOrders } from "./standing-orders.ts";
import { named } from "../safe-field.ts";

export interface LaneOrdersParts {
  readonly engine: Operated;
  readonly care: Pick<StoreCare, "setPaused">;
  readonly orders: StandingOrders;
}

/** How long a cancellation waits for the end of an attempt, and how often it looks. */
const patienceMs = 3_000;
const againMs = 20;

/** What a person tells lanes. The record first, then the lane: what it says after a restart is what it does. */
export class LaneOrders {
  readonly #parts: LaneOrdersParts;

  constructor(parts: LaneOrdersParts) {
    this.#parts = parts;
  }

  find(name: string): Lane | undefined {
    return this.#parts.engine.runners.map((runner) => runner.lane(name)).find((lane) => lane !== undefined);
  }

  /** Nothing is sent from these lanes until they are resumed; the attempts in flight finish. */
  async pause(lanes: readonly string[], reason: string | undefined): Promise<void> {
    const at = this.#parts.engine.ports.clock.now();
    for (const name of lanes) {
      this.#mustFind(name);
      await this.#parts.care.setPaused(name, { at, ...(reason === undefined ? {} : { reason }) });
      this.#obey(name);
      this.#parts.engine.events.log("paused", { lane: named(name) });
    }
  }

  /** RUN-211 for a lane whose partner is held: releasing one lane of it is not what "everything" meant. */
  async resume(lanes: readonly string[]): Promise<void> {
    for (const name of lanes) {
      const partner = this.#partnerOf(name);
      if (this.#parts.orders.held.since.has(partner)) throw new EngineError("RUN-211", { lane: name, partner });
    }
    for (const name of lanes) {
      await this.#parts.care.setPaused(name, undefined);
      this.#obey(name);
      this.#parts.engine.events.log("resumed", { lane: named(name) });
    }
  }

  /** Everything toward a partner, now and in channels still to come. */
  hold(partner: string): readonly string[] {
    const { engine, orders } = this.#parts;
    const lanes = this.#toward(partner);
    if (lanes.length === 0) {
      lanesOfPartner(engine, partner);
      throw new EngineError("RUN-209", { partner });
    }
    orders.held.hold(partner, engine.ports.clock.now());
    for (const name of lanes) this.#obey(name);
    engine.events.log("partner-held", { partner: named(partner) });
    return lanes;
  }

  /** A lane that was paused by itself stays so. */
  release(partner: string): readonly string[] {
    const { engine, orders } = this.#parts;
    if (!orders.held.release(partner)) throw new EngineError("RUN-208", { partner });
    const lanes = this.#toward(partner);
    for (const name of lanes) this.#obey(name);
    engine.events.log("partner-released", { partner: named(partner) });
    return lanes;
  }

  /** The next attempt of each head is due now, whatever its wait. */
  retryNow(lanes: readonly string[]): void {
    for (const name of lanes) {
      this.#mustFind(name).retryNow();
      this.#parts.engine.events.log("retry-now", { lane: named(name) });
    }
  }

  /** Ends an entry that is in nobody's hands; waits a little for an attempt of it to end, and then it is RUN-203. */
  withdraw(lane: string, id: MessageId, change: () => Promise<void>): Promise<void> {
    return this.#changed(lane, id, change, (found) => found.withdraw(id, change));
  }

  /** The same for one that may have arrived: it keeps its place meanwhile (`Lane.resolve`). */
  resolve(lane: string, id: MessageId, change: () => Promise<void>): Promise<void> {
    return this.#changed(lane, id, change, (found) => found.resolve(id, change));
  }

  async #changed(lane: string, id: MessageId, change: () => Promise<void>, by: (lane: Lane) => Promise<Withdrawal>): Promise<void> {
    const { clock } = this.#parts.engine.ports;
    const until = clock.monotonic() + patienceMs;
    const attempt = async () => {
      const found = this.find(lane);
      return found ? await by(found) : "gone";
    };
    let how = await attempt();
    while (how === "sending" && clock.monotonic() < until) {
      await sleep(clock, againMs);
      how = await attempt();
    }
    if (how === "sending") throw new EngineError("RUN-203", { lane, message: id });
    // Not in the lane: set aside, or ended; the record knows.
    if (how === "gone") await change();
  }

  /** The lane does what the orders say now. */
  #obey(name: string): void {
    const lane = this.find(name);
    const order = this.#parts.orders.find(name, this.#partnerOf(name));
    if (order) lane?.pause(order);
    else lane?.resume();
  }

  #mustFind(name: string): Lane {
    const lane = this.find(name);
    if (!lane) throw new EngineError("RUN-108", { lane: name });
    return lane;
  }

  #partnerOf(name: string): string {
    for (const { channel } of this.#parts.engine.runners) {
      const found = channel.destinations.find((destination) => laneOf(channel.name, destination.name) === name);
      if (found) return found.partner;
    }
    return "";
  }

  #toward(partner: string): readonly string[] {
    return this.#parts.engine.runners.flatMap(({ channel }) =>
      channel.destinations.filter((destination) => destination.partner === partner).map((destination) => laneOf(channel.name, destination.name)),
    );
  }
}
