import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Calendar } from "../flow/ports.ts";
import type { Clock } from "../sdk/index.ts";

/** How far the wall clock may go back (a correction of the network's time) before no date can be trusted. */
export const toleratedMs = 5 * 60_000;
/** How often the latest time is kept, at most. */
const keptEveryMs = 60_000;

/**
 * The time by which agreements are judged: the wall clock, that never goes back. What has ended stays ended when the clock is set back; when it is set back
 * by more than five minutes it is not trusted (phi.md 1.10), here and after a restart. The latest time stands in the file `clock` beside the store.
 */
export class WallCalendar implements Calendar {
  readonly #clock: Clock;
  readonly #path: string;
  #latest: number;
  #kept: number;

  constructor(clock: Clock, dataFolder: string) {
    this.#clock = clock;
    this.#path = join(dataFolder, "clock");
    this.#kept = latestKept(dataFolder) ?? 0;
    this.#latest = this.#kept;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#clock.now());
    if (this.#latest - this.#kept >= keptEveryMs) this.keep();
    return this.#latest;
  }

  get isTrusted(): boolean {
    return this.now() - this.#clock.now() <= toleratedMs;
  }

  /** The latest time is on the disk when it returns: what ended by it has ended for the next start as well. A disk that fails keeps the last one. */
  keep(): void {
    if (this.#latest === this.#kept) return;
    try {
      const file = openSync(`${this.#path}.part`, "w", 0o600);
      writeSync(file, String(this.#latest));
      fsyncSync(file);
      closeSync(file);
      renameSync(`${this.#path}.part`, this.#path);
      this.#kept = this.#latest;
    } catch {
      // The store notices a failing disk by itself; in memory the time goes on.
    }
  }
}

/** The latest time that an engine on this folder has seen, ms; `undefined`: none. */
export function latestKept(dataFolder: string): number | undefined {
  try {
    const at = Number(readFileSync(join(dataFolder, "clock"), "utf8"));
    return Number.isSafeInteger(at) && at > 0 ? at : undefined;
  } catch {
    return undefined;
  }
}
