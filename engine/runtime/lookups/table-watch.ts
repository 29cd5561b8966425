import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Timer } from "../../sdk/index.ts";

export interface TableWatchParts {
  readonly clock: Clock;
  /** Absolute path of the project. */
  readonly root: string;
  /** Takes the tables over as they are. Never rejects. */
  readonly onChange: () => Promise<void>;
}

/** Looked at, not watched: files of a mounted volume change without an event. */
const everyMs = 2_000;
/** Rows that are written one after the other are taken over together. */
const quietMs = 250;

/** Takes over lookup tables that were edited, by a person or by a channel, while the engine runs. */
export class TableWatch {
  readonly #parts: TableWatchParts;
  #timer: Timer | undefined;
  #stamp: string;
  #stopped = false;

  constructor(parts: TableWatchParts) {
    this.#parts = parts;
    this.#stamp = this.#look();
  }

  start(): void {
    this.#after(everyMs);
  }

  /** A table has just been written. */
  poke(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#after(quietMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #after(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => void this.#turn());
  }

  async #turn(): Promise<void> {
    const stamp = this.#look();
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      await this.#parts.onChange();
    }
    if (!this.#stopped) this.#after(everyMs);
  }

  #look(): string {
    const folder = join(this.#parts.root, "lookups");
    try {
      return readdirSync(folder).filter((name) => !name.startsWith(".")).sort().map((name) => {
        const { ino, mtimeMs, size } = statSync(join(folder, name));
        return `${name}:${ino}:${mtimeMs}:${size}`;
      }).join("\n");
    } catch {
      return "absent";
    }
  }
}
