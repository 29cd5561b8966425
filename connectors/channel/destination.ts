import { codeOf, type Destination, EngineError, type Outcome, type Receipt } from "../../engine/sdk/index.ts";

/** Hands each message to another channel; delivered means committed there. A repeat is recognised there by the message it was made from. */
export function channelDestination(): Destination {
  return {
    render: ({ content }) => ({ endpoint: "channel", body: content.bytes }),

    async send(released, ctx) {
      if (ctx.signal.aborted) return { kind: "retry", code: "CHN-203" };
      const stopped = new Promise<Outcome>((resolve) =>
        ctx.signal.addEventListener("abort", () => resolve({ kind: "unknown", code: "CHN-203" }), { once: true }));
      const handed = ctx.handOff(released).then(outcomeOf, failed);
      return Promise.race([handed, stopped]);
    },

    async close() {},
  };
}

function outcomeOf({ kind, code }: Receipt): Outcome {
  if (kind === "accepted" || kind === "duplicate") return { kind: "delivered" };
  if (kind === "refused") return { kind: "rejected", code: code ?? "CHN-201" };
  if (kind === "unanswered") return { kind: "unknown", code: "CHN-203" };
  return { kind: "retry", code: code ?? "CHN-202" };
}

function failed(error: unknown): Outcome {
  const code = codeOf(error, "CHN-202");
  return error instanceof EngineError && error.safe.sent === true ? { kind: "unknown", code } : { kind: "retry", code };
}
