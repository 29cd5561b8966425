import type { Claimed, Entry, MessageId, Store } from "../store/store.ts";
import type { Slot } from "./key-queue.ts";
import { isOpen } from "./unknown.ts";
import type { Window } from "./window.ts";

/** `sending`: an attempt is under way, or its outcome is on its way to the disk, or the batch it is in may have arrived and goes again as it is. `gone`: it does not wait in this lane. */
export type Withdrawal = "withdrawn" | "sending" | "gone";

export interface WithheldOptions {
  readonly lane: string;
  readonly store: Pick<Store, "claim" | "list">;
  readonly window: Pick<Window, "find" | "isTied" | "remove" | "putBack" | "wake" | "freeze">;
  /** It has left the lane, for the state that the record says. */
  readonly onLeft: (entry: Claimed, now: Entry) => void;
  /** It is out of the lane's memory. */
  readonly forget: (entry: Claimed) => void;
  /** It waits here still. */
  readonly onBack: () => void;
}

/** Entries taken out of their lane's hands while the record is changed under it. What the record says afterwards decides where they are. */
export class Withheld {
  readonly #options: WithheldOptions;
  readonly #ids = new Set<MessageId>();

  constructor(options: WithheldOptions) {
    this.#options = options;
  }

  has(id: MessageId): boolean {
    return this.#ids.has(id);
  }

  /** The caller has seen that no outcome of it is being recorded. */
  async during(id: MessageId, change: () => Promise<void>): Promise<Withdrawal> {
    const { window } = this.#options;
    const slot = window.find(id);
    if (slot?.busy) return "sending";
    const entry = this.#ids.has(id) ? undefined : (slot?.entry ?? this.#onDisk(id));
    if (entry === undefined) return "gone";
    if (window.isTied(entry)) return "sending";
    this.#ids.add(id);
    if (slot) window.remove(slot);
    else window.wake(entry);
    try {
      await change();
    } finally {
      this.#ids.delete(id);
      this.#after(entry, slot);
    }
    return "withdrawn";
  }

  /**
   * Changes in the record what stands at the head of its order and waits to be asked about; nothing of its order goes on before that. A slot that came into memory
   * meanwhile is asked about once more, which sends nothing.
   */
  async revised(id: MessageId, change: () => Promise<void>): Promise<Withdrawal> {
    const { window } = this.#options;
    const slot = window.find(id);
    if (slot?.busy) return "sending";
    const entry = this.#ids.has(id) ? undefined : (slot?.entry ?? this.#onDisk(id));
    if (entry === undefined) return "gone";
    if (slot) slot.busy = true;
    else window.freeze(entry, true);
    try {
      await change();
    } finally {
      const now = this.#entry(id);
      if (slot) slot.busy = false;
      else window.freeze(entry, false);
      if (now && now.state !== "waiting") {
        if (slot) window.remove(slot);
        this.#options.onLeft(entry, now);
        if (slot) void Promise.resolve(slot.prepared).then(() => this.#options.forget(entry));
      } else if (now && slot) {
        const open = isOpen(now);
        Object.assign(slot, { code: now.code, attempts: now.attempts, open, left: open, inquiries: 0, ...(now.nextAt === 0 && { dueAt: 0 }) });
      }
      this.#options.onBack();
    }
    return "withdrawn";
  }

  #after(entry: Claimed, slot: Slot | undefined): void {
    const now = this.#entry(entry.id);
    const stays = now?.state === "waiting" && now.position === entry.position;
    if (stays && this.#options.window.putBack(entry, slot)) return this.#options.onBack();
    if (now && !stays) this.#options.onLeft(entry, now);
    // What is being prepared would come back into memory behind a forgetting that is too early.
    if (slot) void Promise.resolve(slot.prepared).then(() => this.#options.forget(entry));
  }

  #onDisk(id: MessageId): Claimed | undefined {
    const { lane, store } = this.#options;
    const entry = this.#entry(id);
    if (entry?.state !== "waiting") return undefined;
    const [claimed] = store.claim(lane, (entry.position ?? id) - 1, { entries: 1, bytes: 0 });
    return claimed?.id === id ? claimed : undefined;
  }

  #entry(id: MessageId): Entry | undefined {
    const { lane, store } = this.#options;
    const [message] = store.list({ before: id + 1, limit: 1 });
    return message?.id === id ? message.entries.find((entry) => entry.lane === lane) : undefined;
  }
}
