const everyMs = 5;

/** How late this thread was given its turns: what a machine with neighbours takes from a test that goes by the clock. */
export class Stalls {
  readonly #late: { readonly at: number; readonly ms: number }[] = [];
  #turn = performance.now();
  readonly #timer = setInterval(() => this.#look(), everyMs);

  /** In all, of those that ended after `at` (of `performance.now()`), the one under way included. */
  since(at: number): number {
    const open = Math.max(0, performance.now() - this.#turn - everyMs);
    return this.#late.reduce((sum, each) => (each.at >= at ? sum + each.ms : sum), open);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const ms = now - this.#turn - everyMs;
    this.#turn = now;
    if (ms <= everyMs) return;
    this.#late.push({ at: now, ms });
    if (this.#late.length > 1000) this.#late.shift();
  }
}
