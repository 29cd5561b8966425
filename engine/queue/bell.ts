import type { Clock } from "../sdk/index.ts";

/** What a lane sleeps on: until rung, or until its time. A ring while nobody sleeps is not kept; whoever wakes looks again. */
export class Bell {
  #clock: Clock;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#wake?.();
  }

  sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : this.#clock.after(ms, () => this.ring());
      this.#wake = () => {
        timer?.cancel();
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
