/** Time in which an engine was up: from the line that says it listens to its end. What a dead engine cannot do is measured by when it is back, not by this. */
export class UpClock {
  #ms = 0;
  #since: number | undefined;

  up(): void {
    this.#since = performance.now();
  }

  down(): void {
    this.#ms = this.now();
    this.#since = undefined;
  }

  /** Milliseconds. */
  now(): number {
    return this.#ms + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }
}
