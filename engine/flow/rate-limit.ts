import { type Clock, sleep } from "../sdk/index.ts";

/** A token bucket that delays instead of refusing: the link's `limit` in messages per second, with a burst. */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  #tokens: number;
  #at: number;

  constructor(limit: { readonly perSecond: number; readonly burst: number }, clock: Clock) {
    this.#perMs = limit.perSecond / 1000;
    this.#burst = Math.max(1, limit.burst);
    this.#tokens = this.#burst;
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  /** Resolves when the next message may pass; at once while there are tokens. False when `signal` aborted first. */
  async take(signal: AbortSignal): Promise<boolean> {
    this.#refill();
    this.#tokens -= 1;
    if (this.#tokens >= 0) return true;
    return sleep(this.#clock, -this.#tokens / this.#perMs, signal);
  }

  /** True when a message may pass without waiting; takes the token. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
