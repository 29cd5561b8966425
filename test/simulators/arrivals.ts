/** One thing that reached a partner, as it stood on the wire. */
export interface Arrival {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The newest arrivals of one partner, in order, and how many there were in all. */
export class Arrivals {
  readonly #kept: Arrival[] = [];
  readonly #limit = 10_000;
  count = 0;

  push(arrival: Arrival): void {
    this.count++;
    this.#kept.push(arrival);
    if (this.#kept.length > this.#limit) this.#kept.shift();
  }

  all(): readonly Arrival[] {
    return [...this.#kept];
  }
}
