import type { Project } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import { DeadLetters } from "../queue/dead.ts";
import { type Code, codeOf, EngineError } from "../sdk/index.ts";
import { type End, ends, type Entry } from "../store/store.ts";
import { ChannelRunner, type RunnerParts } from "./channel-runner.ts";
import { conservation } from "./conservation.ts";
import type { EngineStatus, LaneView, Operations } from "./operations.ts";

export interface EngineParts extends RunnerParts {
  /** When the engine was made, ms since epoch. */
  readonly startedAt: number;
}

/** The running engine: one runner per channel over one store, one sandbox and one boundary. */
export class Engine implements Operations {
  readonly #parts: EngineParts;
  readonly #runners: readonly ChannelRunner[];
  readonly #dead: DeadLetters;
  #code: Code | undefined = "RUN-105";

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#runners = parts.project.channels.map((channel) => new ChannelRunner(channel, parts));
    this.#dead = new DeadLetters({ store: parts.ports.store, clock: parts.ports.clock, lane: (name) => this.#lane(name) });
  }

  async start(): Promise<void> {
    this.#refuseOrphans();
    for (const runner of this.#runners) {
      try {
        await runner.start();
      } catch (error) {
        await this.stop();
        throw error;
      }
      this.#parts.events.log("channel-started", { channel: runner.channel.name, revision: runner.channel.revision });
    }
    this.#code = undefined;
  }

  async stop(): Promise<void> {
    this.#code = "FLW-104";
    const stopped = await Promise.allSettled(this.#runners.map((runner) => runner.stop()));
    const failed = stopped.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
  }

  status(): EngineStatus {
    const { project, ports, budget, startedAt } = this.#parts;
    const lanes = this.#lanes();
    return {
      name: project.settings.name,
      startedAt,
      now: ports.clock.now(),
      ready: this.#code === undefined,
      ...(this.#code === undefined ? {} : { code: this.#code }),
      walls: ports.sandbox.walls,
      channels: this.#runners.map((runner) => runner.view),
      lanes,
      conservationGap: conservation(ports.store),
      heldBytes: budget.held,
    };
  }

  messages(query: Parameters<Operations["messages"]>[0]) {
    return this.#store.list(query);
  }

  message(id: number) {
    return this.#store.message(id);
  }

  dead(query: Parameters<Operations["dead"]>[0]): readonly Entry[] {
    return this.#dead.list(query);
  }

  async retry(lane: string, id: number): Promise<void> {
    // Put back in a lane that nothing runs, it would be in flight and never move.
    if (!this.#lane(lane)) throw new EngineError("RUN-108", { lane });
    await this.#dead.retry(lane, id);
    this.#parts.events.log("retried", { lane, message: id });
  }

  async discard(lane: string, id: number, reason: string): Promise<void> {
    await this.#dead.discard(lane, id, reason);
    this.#parts.events.log("discarded", { lane, message: id });
  }

  async ready(): Promise<boolean> {
    if (this.#code !== undefined) return false;
    try {
      return await this.#store.writable();
    } catch (error) {
      this.#parts.events.log("store-not-writable", { code: codeOf(error, "FLW-105") });
      return false;
    }
  }

  get #store(): FlowPorts["store"] {
    return this.#parts.ports.store;
  }

  #lane(name: string) {
    return this.#runners.map((runner) => runner.lane(name)).find((lane) => lane !== undefined);
  }

  #lanes(): LaneView[] {
    const now = this.#parts.ports.clock.now();
    const counts = new Map(this.#store.counts().map((count) => [count.lane, count]));
    return this.#runners.flatMap((runner) =>
      runner.laneNames.flatMap((name) => {
        const parts = runner.laneParts(name);
        if (!parts) return [];
        const count = counts.get(name);
        const failed = this.#parts.events.failed.get(name);
        return {
          lane: name,
          channel: runner.channel.name,
          ...parts,
          ...(failed === undefined ? {} : { failed }),
          received: count?.received ?? 0,
          ends: count?.ends ?? noEnds,
          depth: (count?.waiting ?? 0) + (count?.held ?? 0),
          held: count?.held ?? 0,
          ...(count?.oldestAt === undefined ? {} : { oldestAgeMs: Math.max(0, now - count.oldestAt) }),
        };
      }),
    );
  }

  /** Removing a destination whose lane still holds messages would strand them unseen (DESIGN 7). */
  #refuseOrphans(): void {
    const known = new Set(lanesOf(this.#parts.project));
    for (const count of this.#store.counts()) {
      const inFlight = count.waiting + count.held;
      if (inFlight > 0 && !known.has(count.lane)) throw new EngineError("RUN-102", { lane: count.lane, inFlight });
    }
  }
}

function lanesOf(project: Project): string[] {
  return project.channels.flatMap((channel) => channel.destinations.map((destination) => laneOf(channel.name, destination.name)));
}

const noEnds = Object.fromEntries(ends.map((end) => [end, 0])) as Record<End, number>;
