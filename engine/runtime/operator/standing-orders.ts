import type { Store } from "../../store/store.ts";
import type { HeldPartners } from "./held-partners.ts";

/** Why a lane sends nothing until a person says so. `reason` is theirs and may be anything: it is shown to operators alone. */
export interface PauseOrder {
  readonly at: number;
  readonly by: "lane" | "partner";
  readonly reason?: string;
}

/** What people have ordered, as it stands in the record and on the disk: asked whenever a lane is made, so that a restart or a reload frees nothing. */
export class StandingOrders {
  readonly #store: Pick<Store, "counts">;
  readonly held: HeldPartners;

  constructor(store: Pick<Store, "counts">, held: HeldPartners) {
    this.#store = store;
    this.held = held;
  }

  /** The order that stops this lane; one for the lane itself comes before one for its partner. */
  find(lane: string, partner: string, counts = this.#store.counts()): PauseOrder | undefined {
    const paused = counts.find((count) => count.lane === lane)?.paused;
    if (paused) return { ...paused, by: "lane" };
    const at = this.held.since.get(partner);
    return at === undefined ? undefined : { at, by: "partner" };
  }
}
