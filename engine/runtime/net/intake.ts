import { Budget } from "../budget.ts";

/** Somebody who reads messages that are not whole yet: a wire, or the body of a request. */
export interface Reader {
  throttle(on: boolean): void;
}

/** A reader's place at the intake. */
export interface Seat {
  /** How many bytes of unfinished messages the reader keeps now. */
  hold(bytes: number): void;
  leave(): void;
}

/**
 * Who may read at the moment. Whole messages are the engine's budget: while it is used up nobody reads, and that ends by itself, since
 * lanes drain or spill. Unfinished ones have a budget of their own, half as large, because they end only when their peers send the
 * rest: were they counted in the engine's budget, a few half-sent large messages would use it up, pause the very wires that must
 * finish them, and nothing would ever move again. When their budget is used up the oldest unfinished one reads on, up to the limit of
 * its message, and everybody else waits; it ends whole, broken or late, and then the next is the oldest. So one is always under way.
 */
export class Intake {
  readonly #engine: Budget;
  readonly #unfinished: Budget;
  readonly #readers = new Set<Reader>();
  /** Oldest unfinished first. */
  readonly #holding = new Map<Reader, number>();

  constructor(engine: Budget) {
    this.#engine = engine;
    this.#unfinished = new Budget(engine.limit / 2);
    engine.onChange(() => this.#turned());
    this.#unfinished.onChange(() => this.#turned());
  }

  /** Whether somebody who has not begun would have to wait. */
  get exhausted(): boolean {
    return this.#engine.exhausted || this.#unfinished.exhausted;
  }

  get unfinishedBytes(): number {
    return this.#unfinished.held;
  }

  join(reader: Reader): Seat {
    this.#readers.add(reader);
    if (this.exhausted) reader.throttle(true);
    return {
      hold: (bytes) => {
        if (this.#readers.has(reader)) this.#hold(reader, bytes);
      },
      leave: () => {
        if (this.#readers.delete(reader)) this.#hold(reader, 0);
      },
    };
  }

  #hold(reader: Reader, bytes: number): void {
    const before = this.#holding.get(reader) ?? 0;
    if (bytes === before) return;
    const oldest = this.#oldest;
    // Less than before: something was finished, and what is left of the next began after what others hold.
    if (bytes < before) this.#holding.delete(reader);
    if (bytes > 0) this.#holding.set(reader, bytes);
    if (bytes > before) this.#unfinished.take(bytes - before);
    else this.#unfinished.give(before - bytes);
    if (this.#oldest === oldest || !this.exhausted) return;
    this.#apply(oldest);
    this.#apply(this.#oldest);
  }

  get #oldest(): Reader | undefined {
    return this.#holding.keys().next().value;
  }

  #turned(): void {
    for (const reader of [...this.#readers]) this.#apply(reader);
  }

  #apply(reader: Reader | undefined): void {
    if (reader === undefined || !this.#readers.has(reader)) return;
    reader.throttle(this.#engine.exhausted || (this.#unfinished.exhausted && reader !== this.#oldest));
  }
}
