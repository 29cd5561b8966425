import type { Clock } from "../../sdk/index.ts";
import type { Happening } from "../events.ts";

/** What a reader of events gets: an event, the number that were left out because it read too slowly, or a sign of life. */
export type Told = Happening | { readonly at: string; readonly event: "dropped"; readonly count: number } | { readonly at: string; readonly event: "alive" };

/** Events kept for a reader that is behind. */
const most = 1000;
/** A reader that takes nothing for so long has gone. */
const patienceMs = 30_000;
/** A line at least so often, so that both sides notice the other's end. */
const aliveMs = 5_000;

/**
 * One reader of the engine's events, with a queue that never grows: what a slow reader has no room for is counted and told, and the
 * engine never waits.
 */
export class Follower {
  readonly #clock: Clock;
  readonly #queue: Happening[] = [];
  #dropped = 0;
  #fullSince: number | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(happening: Happening): void {
    if (this.#ended) return;
    if (this.#queue.length < most) {
      this.#queue.push(happening);
    } else {
      this.#dropped++;
      this.#fullSince ??= this.#clock.monotonic();
      if (this.#clock.monotonic() - this.#fullSince > patienceMs) this.end();
    }
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#queue.length = 0;
    this.#wake?.();
  }

  /** Everything that waits, at once; after a while without an event, a sign of life. `undefined`: nothing comes any more. */
  async next(): Promise<readonly Told[] | undefined> {
    if (this.#queue.length === 0 && !this.#ended) await this.#sleep();
    if (this.#ended) return undefined;
    const told: Told[] = this.#queue.splice(0);
    const at = new Date(this.#clock.now()).toISOString();
    if (this.#dropped > 0) told.push({ at, event: "dropped", count: this.#dropped });
    this.#dropped = 0;
    this.#fullSince = undefined;
    return told.length > 0 ? told : [{ at, event: "alive" }];
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(aliveMs, () => this.#wake?.());
      this.#wake = () => {
        timer.cancel();
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
