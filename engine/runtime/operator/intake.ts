import { EngineError } from "../../sdk/index.ts";
import type { Operated } from "./operated.ts";

/** Closes and opens what comes in, channel by channel, while lanes go on: an engine whose lanes have run empty can be stopped with nothing in flight. */
export class Intake {
  readonly #engine: Operated;
  readonly #closed = new Set<string>();

  constructor(engine: Operated) {
    this.#engine = engine;
  }

  /** Channels that a person has closed; a restart opens them. */
  get closed(): ReadonlySet<string> {
    return this.#closed;
  }

  /** Senders find the door shut, and keep what they have. What was being received is answered first. */
  async close(channels: readonly string[]): Promise<void> {
    for (const runner of this.#find(channels)) {
      const { name } = runner.channel;
      if (this.#closed.has(name)) continue;
      await runner.close();
      this.#closed.add(name);
      this.#engine.events.log("intake-closed", { channel: name });
    }
  }

  async open(channels: readonly string[]): Promise<void> {
    for (const runner of this.#find(channels)) {
      const { name } = runner.channel;
      if (!this.#closed.has(name)) continue;
      await runner.open();
      this.#closed.delete(name);
      this.#engine.events.log("intake-opened", { channel: name });
    }
  }

  #find(channels: readonly string[]) {
    return channels.map((name) => {
      const runner = this.#engine.runners.find(({ channel }) => channel.name === name);
      if (!runner) throw new EngineError("RUN-201", { channel: name });
      return runner;
    });
  }
}
