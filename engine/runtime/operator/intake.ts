import { channelOf } from "../../config/self.ts";
import { EngineError } from "../../sdk/index.ts";
import type { ChannelRunner } from "../channel-runner.ts";
import { InTurn } from "../in-turn.ts";
import type { Operated } from "./operated.ts";
import { named } from "../safe-field.ts";

/** Closes and opens what comes in, channel by channel, while lanes go on: an engine whose lanes have run empty can be stopped with nothing in flight. */
export class Intake {
  readonly #engine: Operated;
  readonly #turns = new InTurn();
  readonly #closed = new Set<string>();
  /** Whose source does not run. */
  readonly #shut = new Set<string>();

  constructor(engine: Operated) {
    this.#engine = engine;
  }

  /** Channels that a person has closed; a restart opens them. */
  get closed(): ReadonlySet<string> {
    return this.#closed;
  }

  /**
   * Senders find the door shut, and keep what they have. What was being received is answered first. A channel whose givers are all closed
   * goes on taking what they have left for it in their lanes: it could not run empty otherwise. Gives those that were open until then: what
   * somebody else has closed is not for this caller to open.
   */
  async close(channels: readonly string[]): Promise<readonly string[]> {
    this.#check(channels);
    let changed: readonly string[] = [];
    await this.#turns.pass(async () => {
      const before = new Set(this.#closed);
      await this.#change(new Set([...before, ...channels]));
      changed = [...this.#closed].filter((name) => !before.has(name));
    });
    return changed;
  }

  /** Gives those that were closed until then. */
  async open(channels: readonly string[]): Promise<readonly string[]> {
    this.#check(channels);
    let changed: readonly string[] = [];
    await this.#turns.pass(async () => {
      const before = [...this.#closed];
      await this.#change(new Set(before.filter((name) => !channels.includes(name))));
      changed = before.filter((name) => !this.#closed.has(name));
    });
    return changed;
  }

  async #change(closed: ReadonlySet<string>): Promise<void> {
    for (const runner of [...this.#engine.runners]) {
      const { name } = runner.channel;
      const isShut = closed.has(name) && !this.#onlyDrains(name, closed);
      if (isShut !== this.#shut.has(name)) await this.#turn(runner, isShut);
      if (closed.has(name) === this.#closed.has(name)) continue;
      if (closed.has(name)) this.#closed.add(name);
      else this.#closed.delete(name);
      this.#engine.events.log(closed.has(name) ? "intake-closed" : "intake-opened", { channel: named(name) });
    }
  }

  async #turn(runner: ChannelRunner, isShut: boolean): Promise<void> {
    const { name } = runner.channel;
    if (isShut) {
      await runner.close();
      this.#shut.add(name);
    } else {
      await runner.open();
      this.#shut.delete(name);
    }
  }

  /** Whether all that can still come to a channel is what closed ones hand to it. */
  #onlyDrains(taker: string, closed: ReadonlySet<string>): boolean {
    const givers = this.#engine.runners.filter(({ channel }) => channel.destinations.some(({ partner }) => channelOf(partner) === taker));
    return givers.length > 0 && givers.every(({ channel }) => closed.has(channel.name));
  }

  #check(channels: readonly string[]): void {
    for (const name of channels) {
      if (!this.#engine.runners.some(({ channel }) => channel.name === name)) throw new EngineError("RUN-201", { channel: named(name) });
    }
  }
}
