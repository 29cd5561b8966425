import type { Channel } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { EngineError } from "../sdk/index.ts";

const oneEntry = { entries: 1, bytes: 0 };

/** Whether two states of a channel keep the same messages in order; how many keys go at once may differ. */
export function hasOrderOf(channel: Pick<Channel, "order">, other: Pick<Channel, "order">): boolean {
  return channel.order?.by === other.order?.by;
}

/**
 * Rejects with EngineError `RUN-122` when what waits in the lane was accepted while the channel had another `order`: its entries have no key of this
 * one, and would be sent in no order at all (DESIGN 7). They have one order among themselves, since this is asked before every start.
 */
export async function refuseOtherOrder(lane: string, channel: Channel, { store, revision }: Pick<FlowPorts, "store" | "revision">): Promise<void> {
  let [first] = store.claim(lane, 0, oneEntry);
  // What a person has put back came to the end of its lane later, under whatever order.
  while (first?.requeuedAt !== undefined) [first] = store.claim(lane, first.position ?? first.id, oneEntry);
  if (first === undefined || first.revision === channel.revision) return;
  const accepted = await revision(channel.name, first.revision);
  if (accepted === undefined || hasOrderOf(accepted.channel, channel)) return;
  const counts = store.counts().find((count) => count.lane === lane);
  throw new EngineError("RUN-122", { lane, inFlight: counts?.waiting ?? 0 });
}
