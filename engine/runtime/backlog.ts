import type { Clock, Timer } from "../sdk/index.ts";
import type { Budget } from "./budget.ts";

/** `stuck`: it waits for its partner, a person or the disk. `empty`: nothing is in its memory and nothing waits for it. */
export type LanePulse = "moving" | "stuck" | "empty";

export interface BacklogParts {
  readonly limitBytes: number;
  /** The engine's: what a lane holds is held there too, until it is settled or spilled (DESIGN 7). */
  readonly budget: Budget;
  readonly clock: Clock;
  /** How the lane is at this moment. */
  readonly pulse: () => LanePulse;
}

/** How often a lane that holds bytes is looked at: it can come to a stand without settling anything. */
const lookMs = 250;

/**
 * Bytes accepted for a lane and not yet settled, while the lane moves: beyond the limit the channel takes its next message later, so
 * that intake runs at the pace of delivery (DESIGN 7). A lane that waits for its partner spills: what it holds is on disk only, and
 * intake goes on, since refusing an hour of results because one partner is down would help nobody (decision 0001).
 */
export class Backlog {
  readonly #parts: BacklogParts;
  #held = 0;
  /** An attempt failed and none has succeeded since: the lane may be busy trying, and does not move. */
  #spilling = false;
  #released = false;
  #waiting: (() => void)[] = [];
  #look: Timer | undefined;

  constructor(parts: BacklogParts) {
    this.#parts = parts;
  }

  get heldBytes(): number {
    return this.#held;
  }

  get full(): boolean {
    return this.#held >= this.#parts.limitBytes;
  }

  /** Resolves when the lane has room, has come to a stand or is released; at once nearly always. */
  room(): Promise<void> | undefined {
    if (!this.full) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  accepted(bytes: number): void {
    if (this.#released) return;
    const pulse = this.#parts.pulse();
    // What an empty lane still seems to hold was ended by somebody else.
    if (pulse === "empty") this.#drop();
    if (this.#spilling || pulse === "stuck") return;
    this.#held += bytes;
    this.#parts.budget.take(bytes);
    this.#watch();
  }

  /** Entries accepted before a spill are not counted any more, hence the floor. `moved`: the lane went on by more than giving up. */
  settled(bytes: number, moved: boolean): void {
    if (moved) this.#spilling = false;
    this.#give(Math.min(bytes, this.#held));
  }

  spill(): void {
    this.#spilling = true;
    this.#drop();
  }

  /** For the end of the channel: nobody waits here any more, and nothing is counted. */
  release(): void {
    this.#released = true;
    this.#look?.cancel();
    this.#drop();
  }

  #watch(): void {
    this.#look ??= this.#parts.clock.after(lookMs, () => {
      this.#look = undefined;
      const pulse = this.#parts.pulse();
      if (pulse === "stuck") this.spill();
      else if (pulse === "empty") this.#drop();
      if (this.#held > 0) this.#watch();
    });
  }

  #drop(): void {
    this.#give(this.#held);
  }

  #give(bytes: number): void {
    this.#held -= bytes;
    if (bytes > 0) this.#parts.budget.give(bytes);
    if (this.full && !this.#released) return;
    for (const go of this.#waiting.splice(0)) go();
  }
}
