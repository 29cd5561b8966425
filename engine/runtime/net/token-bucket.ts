import type { Clock } from "../../sdk/index.ts";

/** How often something may happen: `perSecond` in the long run, `burst` at once. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(rate: { readonly perSecond: number; readonly burst: number }, clock: Clock) {
    this.#clock = clock;
    this.#perSecond = rate.perSecond;
    this.#burst = Math.max(1, rate.burst);
    this.#tokens = this.#burst;
    this.#at = clock.monotonic();
  }

  /** Takes one and gives 0, or gives the milliseconds until one is there. */
  take(): number {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }
}
