import type { Channel } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { type Code, EngineError } from "../sdk/index.ts";
import type { Budget } from "./budget.ts";
import { ChannelRunner } from "./channel-runner.ts";
import type { CurrentProject } from "./current-project.ts";
import type { Events } from "./events.ts";
import type { Operated } from "./operator/operated.ts";
import { reload, type ReloadParts } from "./reload.ts";
import { lanesOf, type ReloadReport } from "./reload-plan.ts";
import { named } from "./safe-field.ts";

export interface EngineParts extends ReloadParts {
  /** When the engine was made, ms since epoch. */
  readonly startedAt: number;
}

/** The running engine: one runner per channel over one store, one sandbox and one boundary. */
export class Engine implements Operated {
  readonly #parts: EngineParts;
  readonly #runners = new Map<string, ChannelRunner>();
  #code: Code | undefined = "RUN-105";
  #reloading: Promise<unknown> = Promise.resolve();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    for (const channel of parts.project.channels) this.#runners.set(channel.name, new ChannelRunner(channel, parts));
  }

  async start(): Promise<void> {
    this.#refuseOrphans();
    for (const runner of this.runners) {
      try {
        await runner.start();
      } catch (error) {
        await this.stop();
        throw error;
      }
      this.#parts.events.log("channel-started", { channel: named(runner.channel.name), revision: runner.channel.revision });
    }
    this.#code = undefined;
  }

  /**
   * Goes on with another project: channels that differ are changed while they run, the others are not touched (DESIGN 7). `ready` is given the
   * channels whose code is new and must have it compiled when it returns. Rejects, and everything runs on as before, with what `ready` throws,
   * with `RUN-121` or `RUN-122` while messages are in the way, or with what a connector could not do.
   */
  reload(next: CurrentProject, ready: (channels: readonly Channel[]) => Promise<void>): Promise<ReloadReport> {
    const reloaded = this.#reloading.then(() => {
      if (this.#code !== undefined) throw new EngineError(this.#code);
      return reload(this.#runners, next, this.#parts, ready);
    });
    this.#reloading = reloaded.catch(() => undefined);
    return reloaded;
  }

  async stop(): Promise<void> {
    this.#code = "FLW-104";
    await this.#reloading;
    const stopped = await Promise.allSettled(this.runners.map((runner) => runner.stop()));
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
    return [...this.#runners.values()];
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
    const known = new Set(this.#parts.project.channels.flatMap(lanesOf));
    for (const count of this.#parts.ports.store.counts()) {
      const inFlight = count.waiting + count.held;
      if (inFlight > 0 && !known.has(count.lane)) throw new EngineError("RUN-102", { lane: count.lane, inFlight });
    }
  }
}
