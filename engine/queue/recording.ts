import { type Clock, type Code, codeOf } from "../sdk/index.ts";
import type { MessageId, Settlement, Store } from "../store/store.ts";
import type { Bell } from "./bell.ts";
import type { Slot } from "./key-queue.ts";

export type Change = Pick<Settlement, "state" | "attempts" | "nextAt" | "code" | "reason" | "response" | "fallback" | "permit">;

export interface RecordingOptions {
  readonly lane: string;
  readonly store: Pick<Store, "settle" | "settleAll">;
  /** Whom the lane sends to. */
  readonly partner?: string;
  readonly clock: Clock;
  readonly bell: Bell;
  readonly onRecorded: (slot: Slot, change: Change) => void;
  /** What the record cannot take now is tried again until then. */
  readonly stopping: () => boolean;
}

/** How often an outcome that did not reach the disk is written again. */
const againMs = 1000;

/** What became of an entry. */
export interface Changed {
  readonly slot: Slot;
  readonly change: Change;
}

interface Underway {
  /** Of one entry, or of all members of a batch: they change together. */
  readonly all: readonly Changed[];
  readonly at: number;
  readonly committed: Promise<boolean>;
}

/**
 * Outcomes on their way to the disk. Deliveries may be recorded while the next head is sent, a few at a time (`ahead`): a crash sends those
 * again, in order, and no more. Everything else is recorded before the lane goes on.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #underway: Underway[] = [];
  #stuck = false;

  constructor(options: RecordingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#underway.length;
  }

  /** The record cannot be written now. */
  get stuck(): boolean {
    return this.#stuck;
  }

  has(id: MessageId): boolean {
    return this.#underway.some(({ all }) => all.some(({ slot }) => slot.entry.id === id));
  }

  /** Hands an outcome to the next commit, without waiting for it. */
  begin(all: readonly Changed[]): void {
    const at = this.#options.clock.now();
    this.#underway.push({ all, at, committed: this.#settle(all, at) });
  }

  /** Waits, oldest first, until at most `ahead` are not committed. False: the lane was stopped while the disk failed. */
  async settleTo(ahead: number): Promise<boolean> {
    for (let first = this.#underway[0]; first !== undefined && this.#underway.length > ahead; first = this.#underway[0]) {
      if (!(await first.committed) && !(await this.#untilWritten(first))) return false;
      this.#underway.shift();
      for (const { slot, change } of first.all) this.#options.onRecorded(slot, change);
    }
    return true;
  }

  async #untilWritten({ all, at }: Underway): Promise<boolean> {
    const { clock, bell, stopping } = this.#options;
    for (this.#stuck = true; this.#stuck; ) {
      const until = clock.monotonic() + againMs;
      while (!stopping() && clock.monotonic() < until) await bell.sleep(until - clock.monotonic());
      if (stopping()) return false;
      if (await this.#settle(all, at)) this.#stuck = false;
    }
    return true;
  }

  /** True when the record holds an end: ours, or somebody else's, and then the record is right and the lane goes on. */
  #settle(all: readonly Changed[], at: number): Promise<boolean> {
    const { lane, store, partner } = this.#options;
    const unknown: Code = "LAN-105";
    const settlements = all.map(({ slot, change }) => ({ lane, id: slot.entry.id, at, ...change, ...(partner !== undefined && (change.state === "refused" || change.state === "waiting") && { partner }) }));
    const [first] = settlements;
    return (settlements.length === 1 && first ? store.settle(first) : store.settleAll(settlements)).then(
      () => true,
      (error) => {
        if (!codeOf(error, unknown).startsWith("STO-3")) return false;
        // One member has another end: the others still get theirs.
        return settlements.length === 1 || this.#oneByOne(all, at);
      },
    );
  }

  async #oneByOne(all: readonly Changed[], at: number): Promise<boolean> {
    const settled = await Promise.all(all.map((each) => this.#settle([each], at)));
    return settled.every((each) => each);
  }
}
