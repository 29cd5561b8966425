/** Something that says whether intake must wait: a budget, or several at once. */
export interface Gate {
  readonly exhausted: boolean;
  /** Calls back at each change of `exhausted`; returns what ends the subscription. */
  onChange(listener: (exhausted: boolean) => void): () => void;
}

/** Opens again below this part of the limit, so that sockets do not pause and resume with every message. */
const reopenAt = 7 / 8;

/** Bytes in the engine's care, from receive to settle. Beyond the limit inbound sockets pause; nothing is refused or dropped here. */
export class Budget implements Gate {
  readonly limit: number;
  readonly #parent: Budget | undefined;
  readonly #listeners = new Set<(exhausted: boolean) => void>();
  readonly #lanes = new Map<string, Budget>();
  #held = 0;
  #exhausted = false;

  constructor(limitBytes: number, parent?: Budget) {
    this.limit = limitBytes;
    this.#parent = parent;
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
    this.#parent?.take(bytes);
    if (!this.#exhausted && this.#held >= this.limit) this.#turn(true);
  }

  give(bytes: number): void {
    this.#held -= bytes;
    this.#parent?.give(bytes);
    if (this.#exhausted && this.#held < this.limit * reopenAt) this.#turn(false);
  }

  /** The budget of one lane; what it takes counts here too. The same name gives the same budget. */
  lane(name: string, limitBytes: number): Budget {
    let lane = this.#lanes.get(name);
    if (!lane) {
      lane = new Budget(limitBytes, this);
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  onChange(listener: (exhausted: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #turn(exhausted: boolean): void {
    this.#exhausted = exhausted;
    for (const listener of [...this.#listeners]) listener(exhausted);
  }
}

/** Exhausted while any of the gates is. */
export function anyOf(gates: readonly Gate[]): Gate {
  const exhausted = () => gates.some((gate) => gate.exhausted);
  return {
    get exhausted() {
      return exhausted();
    },
    onChange(listener) {
      let last = exhausted();
      const ends = gates.map((gate) =>
        gate.onChange(() => {
          const next = exhausted();
          if (next === last) return;
          last = next;
          listener(next);
        }),
      );
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
