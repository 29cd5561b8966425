import { channelOf } from "../config/self.ts";
import type { MessageId } from "../store/store.ts";
import { EngineError, type HandOff, type Receipt, type Released } from "../sdk/index.ts";
import { spend } from "./net/outbound-wire.ts";

/** Who hands over: the lane and the message in it; `again`: the number of its replay. */
export interface Giver {
  readonly lane: string;
  readonly message: MessageId;
  readonly again?: number;
}

/** From a channel of this engine to another. The guard has released what comes here, for the very channel that gets it. */
export class HandOffs {
  readonly #takers = new Map<string, (handOff: HandOff) => Promise<Receipt>>();
  readonly #parents = new WeakMap<HandOff, MessageId>();

  /** From now on this channel takes hand-offs; a channel that is started anew takes the place of its older self. */
  take(channel: string, handler: (handOff: HandOff) => Promise<Receipt>): { close(): Promise<void> } {
    this.#takers.set(channel, handler);
    return {
      close: async () => {
        if (this.#takers.get(channel) === handler) this.#takers.delete(channel);
      },
    };
  }

  /**
   * The receipt is the other channel's: `accepted` means committed there. The same message of the same lane is the same hand-off however often
   * it is repeated, and is not taken twice; a replay is another. Rejects with EngineError `PHI-209`, `NET-202` or `NET-214`.
   */
  async give(released: Released, { lane, message, again }: Giver): Promise<Receipt> {
    const body = spend(released);
    const channel = channelOf(released.partner);
    if (channel === undefined) throw new EngineError("NET-202", { sent: false, partner: released.partner });
    const taker = this.#takers.get(channel);
    if (!taker) return { kind: "unavailable", code: "RUN-120" };
    const handOff: HandOff = Object.freeze({ body, identity: again === undefined ? `${lane}#${message}` : `${lane}#${message}@${again}` });
    this.#parents.set(handOff, message);
    return taker(handOff);
  }

  /** The message a hand-off was made from; `undefined` for a look-alike. */
  parentOf(handOff: HandOff | undefined): MessageId | undefined {
    return handOff && this.#parents.get(handOff);
  }
}
