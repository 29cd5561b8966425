import type { Destination } from "../sdk/index.ts";
import type { DestinationWay } from "./net/outbound.ts";

/** A connector and its connections, for one message at a time. */
export interface Seat {
  readonly connector: Destination;
  readonly way: DestinationWay;
}

export interface WayOutParts {
  readonly connector: () => Destination;
  readonly way: () => DestinationWay;
}

/**
 * A destination's way out: a connector with connections of its own for each message that is in flight at once. One suffices to a lane in strict
 * order; each key of a lane that is ordered by key needs its own, since two messages on one connection would mix up their answers.
 */
export class WayOut {
  /** The first one, which also renders: rendering is pure. */
  readonly connector: Destination;
  readonly #parts: WayOutParts;
  readonly #seats: Seat[];
  readonly #free: Seat[];

  constructor(parts: WayOutParts) {
    this.#parts = parts;
    const first = { connector: parts.connector(), way: parts.way() };
    this.connector = first.connector;
    this.#seats = [first];
    this.#free = [first];
  }

  /** A seat that nobody uses; it must be given back. */
  take(): Seat {
    return this.#free.pop() ?? this.#another();
  }

  give(seat: Seat): void {
    this.#free.push(seat);
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map(({ connector }) => connector.close()));
    for (const { way } of this.#seats) way.close();
  }

  #another(): Seat {
    const seat = { connector: this.#parts.connector(), way: this.#parts.way() };
    this.#seats.push(seat);
    return seat;
  }
}
