import type { Clock } from "../../sdk/index.ts";

/** A rate is that of the last minute, counted in parts of so many ms. */
const partMs = 5_000;
const parts = 12;

/** How many entries of each lane ended a second, over the last minute. */
export class Rates {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #counts = new Map<string, { readonly part: number[]; readonly count: number[] }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  ended(lane: string): void {
    let counts = this.#counts.get(lane);
    if (!counts) {
      counts = { part: new Array<number>(parts).fill(-1), count: new Array<number>(parts).fill(0) };
      this.#counts.set(lane, counts);
    }
    const part = Math.floor(this.#clock.monotonic() / partMs);
    const slot = part % parts;
    if (counts.part[slot] !== part) {
      counts.part[slot] = part;
      counts.count[slot] = 0;
    }
    counts.count[slot] = (counts.count[slot] ?? 0) + 1;
  }

  /** Per second; of an engine younger than a minute, since its start. */
  of(lane: string): number {
    const counts = this.#counts.get(lane);
    if (!counts) return 0;
    const now = this.#clock.monotonic();
    const oldest = Math.floor(now / partMs) - parts + 1;
    const sum = counts.count.reduce((total, count, slot) => ((counts.part[slot] ?? -1) >= oldest ? total + count : total), 0);
    const ms = Math.min(now - Math.max(this.#startedAt, oldest * partMs), parts * partMs);
    return Math.round((10_000 * sum) / Math.max(1000, ms)) / 10;
  }
}
