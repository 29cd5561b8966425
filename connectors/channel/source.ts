import type { HandOff, Receipt, Source } from "../../engine/sdk/index.ts";

/** Takes what other channels of the engine hand over. The giver's receipt is this channel's own. */
export function channelSource(): Source {
  let taking: { close(): Promise<void> } | undefined;
  const open = new Set<Promise<Receipt>>();
  return {
    async start(ctx) {
      taking = await ctx.handOffs((handOff: HandOff) => {
        const receipt = ctx.receive(handOff.body, { identity: handOff.identity, handOff, whole: true });
        open.add(receipt);
        return receipt.finally(() => open.delete(receipt));
      });
    },
    async stop() {
      await taking?.close();
      taking = undefined;
      await Promise.allSettled([...open]);
    },
  };
}
