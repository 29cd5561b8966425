import type { Project } from "../config/project.ts";
import { laneOf } from "../flow/stored.ts";
import { endings } from "../phi/index.ts";
import type { Clock, Timer } from "../sdk/index.ts";
import type { Events } from "./events.ts";
import { named } from "./safe-field.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface AgreementWatchParts {
  readonly clock: Clock;
  readonly events: Pick<Events, "log">;
  readonly project: () => Project;
}

/** Tells once a day which lanes will be suspended within 60 days because their agreement ends (phi.md 1.13). */
export class AgreementWatch {
  readonly #parts: AgreementWatchParts;
  #told: number | undefined;
  #timer: Timer | undefined;

  constructor(parts: AgreementWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { clock, events, project } = this.#parts;
    const today = Math.floor(clock.now() / dayMs);
    if (today !== this.#told) {
      this.#told = today;
      const { channels, partners } = project();
      for (const { channel, destination, daysLeft, within } of endings(channels, (name) => partners.get(name), clock.now())) {
        events.log("agreement-ends", { lane: named(laneOf(channel, destination)), days: daysLeft, within });
      }
    }
    this.#timer = clock.after(hourMs, () => this.#look());
  }
}
