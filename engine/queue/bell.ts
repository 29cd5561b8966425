import type { Clock } from "../sdk/index.ts";

/** What a lane sleeps on: until rung, or until its time. A ring while nobody sleeps is not kept; whoever wakes looks again. */
export class Bell {
  readonly #clock: Clock;
  readonly #sleepers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    for (const wake of this.#sleepers) wake();
  }

  sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer?.cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = ms === undefined ? undefined : this.#clock.after(ms, wake);
      this.#sleepers.add(wake);
    });
  }
}
