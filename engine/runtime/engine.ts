import type { Project } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { laneOf } from "../flow/stored.ts";
import { type Code, EngineError } from "../sdk/index.ts";
import type { Budget } from "./budget.ts";
import { ChannelRunner, type RunnerParts } from "./channel-runner.ts";
import type { Events } from "./events.ts";
import type { Operated } from "./operator/operated.ts";

export interface EngineParts extends RunnerParts {
  /** When the engine was made, ms since epoch. */
  readonly startedAt: number;
}

/** The running engine: one runner per channel over one store, one sandbox and one boundary. */
export class Engine implements Operated {
  readonly #parts: EngineParts;
  readonly #runners: readonly ChannelRunner[];
  #code: Code | undefined = "RUN-105";

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#runners = parts.project.channels.map((channel) => new ChannelRunner(channel, parts));
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

  get name(): string {
    return this.#parts.project.settings.name;
  }

  get startedAt(): number {
    return this.#parts.startedAt;
  }

  get runners(): readonly ChannelRunner[] {
    return this.#runners;
  }

  get code(): Code | undefined {
    return this.#code;
  }

  get ports(): FlowPorts {
    return this.#parts.ports;
  }

  get events(): Events {
    return this.#parts.events;
  }

  get budget(): Budget {
    return this.#parts.budget;
  }

  /** Removing a destination whose lane still holds messages would strand them unseen (DESIGN 7). */
  #refuseOrphans(): void {
    const known = new Set(lanesOf(this.#parts.project));
    for (const count of this.#parts.ports.store.counts()) {
      const inFlight = count.waiting + count.held;
      if (inFlight > 0 && !known.has(count.lane)) throw new EngineError("RUN-102", { lane: count.lane, inFlight });
    }
  }
}

function lanesOf(project: Project): string[] {
  return project.channels.flatMap((channel) => channel.destinations.map((destination) => laneOf(channel.name, destination.name)));
}
