import type { Clock, Timer } from "../index.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000;
  #monotonic = 0;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#monotonic + ms, run };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that are still set. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time on, running what falls due on the way, each at its own moment. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#to(Math.max(next.at, this.#monotonic));
      next.run();
      await settled();
    }
    this.#to(end);
    await settled();
  }

  #to(at: number): void {
    this.#now += at - this.#monotonic;
    this.#monotonic = at;
  }
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
