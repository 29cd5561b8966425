import type { Clock, Timer } from "../sdk/index.ts";
import type { Job } from "./batch.ts";
import type { Seat } from "./seat.ts";

/** A channel is suspect for so long after its code was last stopped; the worker rests when it has had nothing to do for as long. */
const suspectMs = 60_000;

type QuarantineSeat = Pick<Seat, "run" | "putBack" | "forget" | "close" | "load" | "pid">;

/**
 * Runs the messages of suspect channels one by one, in a worker of their own that is started when first needed: channels that behave
 * never wait behind one that does not.
 */
export class Quarantine {
  readonly #clock: Clock;
  readonly #makeSeat: () => QuarantineSeat;
  /** When each was last suspected. */
  readonly #since = new Map<string, number>();
  #seat: QuarantineSeat | undefined;
  #rest: Timer | undefined;

  constructor(clock: Clock, makeSeat: () => QuarantineSeat) {
    this.#clock = clock;
    this.#makeSeat = makeSeat;
  }

  get pid(): number | undefined {
    return this.#seat?.pid;
  }

  holds(channel: string): boolean {
    const since = this.#since.get(channel);
    if (since === undefined) return false;
    if (this.#clock.monotonic() - since < suspectMs) return true;
    this.#since.delete(channel);
    return false;
  }

  suspect(channel: string): void {
    this.#since.set(channel, this.#clock.monotonic());
  }

  /** New code is not suspect of what the old did. */
  clear(channel: string): void {
    this.#since.delete(channel);
  }

  run(job: Job): void {
    this.#open().run(job);
  }

  /** Messages that were taken from another worker, to run before what waits here. */
  putBack(jobs: readonly Job[]): void {
    if (jobs.length > 0) this.#open().putBack(jobs);
  }

  forget(handle: number): void {
    this.#seat?.forget(handle);
  }

  close(): void {
    this.#rest?.cancel();
    this.#rest = undefined;
    this.#seat?.close();
    this.#seat = undefined;
  }

  #open(): QuarantineSeat {
    this.#rest?.cancel();
    this.#rest = this.#clock.after(suspectMs, () => this.#restIfIdle());
    this.#seat ??= this.#makeSeat();
    return this.#seat;
  }

  #restIfIdle(): void {
    if (this.#seat?.load === 0) this.close();
    else this.#rest = this.#clock.after(suspectMs, () => this.#restIfIdle());
  }
}
