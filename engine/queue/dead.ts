import type { Clock } from "../sdk/index.ts";
import type { End, Entry, Flight, MessageId, Store } from "../store/store.ts";
import type { Lane } from "./lane.ts";

/** States a person may reopen: put back in flight or cancel. */
export const reopenable: readonly (Flight | End)[] = ["dead", "held", "rejected", "refused"];

export interface DeadLettersOptions {
  readonly store: Pick<Store, "list" | "requeue" | "cancel">;
  readonly clock: Clock;
  /** The running lane, which is rung when something comes back; none when no engine runs it. */
  readonly lane: (name: string) => Pick<Lane, "ring"> | undefined;
}

/** What waits for a person: entries that are dead, held, rejected or refused. */
export class DeadLetters {
  #options: DeadLettersOptions;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Newest first. */
  list(query: { readonly channel?: string; readonly lane?: string; readonly limit: number }): readonly Entry[] {
    const messages = new Map(reopenable.flatMap((state) => this.#options.store.list({ ...query, state })).map((message) => [message.id, message]));
    const entries = [...messages.values()].flatMap((message) => message.entries);
    return entries
      .filter((entry) => reopenable.includes(entry.state) && (query.lane === undefined || query.lane === entry.lane))
      .sort((a, b) => b.id - a.id)
      .slice(0, query.limit);
  }

  /** Back in flight, at the end of its lane; prepared anew. */
  async retry(lane: string, id: MessageId): Promise<void> {
    await this.#options.store.requeue(lane, id, this.#options.clock.now());
    this.#options.lane(lane)?.ring();
  }

  /** Cancelled for good; the reason is sealed in the record. */
  async discard(lane: string, id: MessageId, reason: string): Promise<void> {
    await this.#options.store.cancel(lane, id, this.#options.clock.now(), reason);
  }
}
