/**
 * Bytes accepted for a lane and not yet settled, while the lane is healthy: beyond the limit the channel takes its next message later, so
 * that intake runs at the pace of delivery (DESIGN 7). A lane that waits for its partner spills: what it holds is on disk only, and
 * intake goes on, since refusing an hour of results because one partner is down would help nobody.
 */
export class Backlog {
  readonly #limit: number;
  #held = 0;
  #waiting: (() => void)[] = [];

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get heldBytes(): number {
    return this.#held;
  }

  get full(): boolean {
    return this.#held >= this.#limit;
  }

  /** Resolves when the lane has room; at once nearly always. */
  room(): Promise<void> | undefined {
    if (!this.full) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  accepted(bytes: number): void {
    this.#held += bytes;
  }

  /** Entries accepted before a spill are not counted any more, hence the floor. */
  settled(bytes: number): void {
    this.#held = Math.max(0, this.#held - bytes);
    this.#wake();
  }

  spill(): void {
    this.#held = 0;
    this.#wake();
  }

  #wake(): void {
    if (this.full || this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
