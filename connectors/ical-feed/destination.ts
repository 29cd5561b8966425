import { type Code, codeOf, type Destination } from "../../engine/sdk/index.ts";
import type { DestinationOptions } from "./options.ts";

/** What no later attempt would mend. */
const final: ReadonlySet<Code> = new Set<Code>(["ICL-120", "ICL-121"]);

/** Gives each busy time to the engine, which keeps it and serves it with the others of its feed. */
export function icalFeedDestination({ endpoint = "" }: DestinationOptions): Destination {
  return {
    render: ({ content }) => ({ endpoint, body: content.bytes }),

    async send(released, ctx) {
      if (ctx.signal.aborted) return { kind: "retry", code: "NET-210" };
      try {
        await ctx.publish(released);
        return { kind: "delivered" };
      } catch (error) {
        const code = codeOf(error, "ICL-122");
        return final.has(code) ? { kind: "rejected", code } : { kind: "retry", code };
      }
    },

    async close() {},
  };
}
