/** Opens again below this part of the limit, so that sockets do not pause and resume with every message. */
const reopenAt = 7 / 8;

/** Bytes in the engine's care, from receive to settle. Beyond the limit inbound sockets pause; nothing is refused or dropped here. */
export class Budget {
  readonly limit: number;
  readonly #listeners = new Set<(exhausted: boolean) => void>();
  #held = 0;
  #exhausted = false;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  get held(): number {
    return this.#held;
  }

  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Counts bytes in; never refuses, since they are in memory already. */
  take(bytes: number): void {
    this.#held += bytes;
    if (!this.#exhausted && this.#held >= this.limit) this.#turn(true);
  }

  give(bytes: number): void {
    this.#held -= bytes;
    if (this.#exhausted && this.#held < this.limit * reopenAt) this.#turn(false);
  }

  /** Calls back at each change of `exhausted`; returns what ends the subscription. */
  onChange(listener: (exhausted: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #turn(exhausted: boolean): void {
    this.#exhausted = exhausted;
    for (const listener of [...this.#listeners]) listener(exhausted);
  }
}
