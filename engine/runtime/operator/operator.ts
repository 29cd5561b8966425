import type { Lane } from "../../queue/lane.ts";
import { DeadLetters } from "../../queue/dead.ts";
import { codeOf, EngineError } from "../../sdk/index.ts";
import type { Entry } from "../../store/store.ts";
import { conservation } from "../conservation.ts";
import type { EngineStatus, Operations } from "../operations.ts";
import type { Follower } from "./follower.ts";
import { laneViews } from "./lane-views.ts";
import type { Operated } from "./operated.ts";
import { type EventFilter, watch } from "./watching.ts";

/** What people do to a running engine: look, find, retry, give up. */
export class Operator implements Operations {
  readonly #engine: Operated;
  readonly #dead: DeadLetters;

  constructor(engine: Operated) {
    this.#engine = engine;
    const { store, clock } = engine.ports;
    this.#dead = new DeadLetters({ store, clock, lane: (name) => this.#lane(name) });
  }

  status(): EngineStatus {
    const { name, startedAt, code, ports, runners, budget } = this.#engine;
    return {
      name,
      startedAt,
      now: ports.clock.now(),
      ready: code === undefined,
      ...(code === undefined ? {} : { code }),
      walls: ports.sandbox.walls,
      channels: runners.map((runner) => runner.view),
      lanes: laneViews(this.#engine),
      conservationGap: conservation(ports.store),
      heldBytes: budget.held,
    };
  }

  messages(query: Parameters<Operations["messages"]>[0]) {
    return this.#engine.ports.store.list(query);
  }

  message(id: number) {
    return this.#engine.ports.store.message(id);
  }

  dead(query: Parameters<Operations["dead"]>[0]): readonly Entry[] {
    return this.#dead.list(query);
  }

  async retry(lane: string, id: number): Promise<void> {
    // Put back in a lane that nothing runs, it would be in flight and never move.
    if (!this.#lane(lane)) throw new EngineError("RUN-108", { lane });
    await this.#dead.retry(lane, id);
    this.#engine.events.log("retried", { lane, message: id });
  }

  async discard(lane: string, id: number, reason: string): Promise<void> {
    await this.#dead.discard(lane, id, reason);
    this.#engine.events.log("discarded", { lane, message: id });
  }

  follow(filter: EventFilter): Follower {
    return watch(this.#engine, filter);
  }

  async ready(): Promise<boolean> {
    if (this.#engine.code !== undefined) return false;
    try {
      return await this.#engine.ports.store.writable();
    } catch (error) {
      this.#engine.events.log("store-not-writable", { code: codeOf(error, "FLW-105") });
      return false;
    }
  }

  #lane(name: string): Lane | undefined {
    return this.#engine.runners.map((runner) => runner.lane(name)).find((lane) => lane !== undefined);
  }
}
