import {
  codeOf,
  type Destination,
  durationMs,
  EngineError,
  type Outcome,
  type OutboundWire,
  type Released,
  type SendContext,
  sizeBytes,
} from "../../engine/sdk/index.ts";
import { Conversation, type Heard } from "./conversation.ts";
import { breaksFrame, frameEnd, frameStart } from "./frame.ts";
import type { DestinationOptions } from "./options.ts";

/** Sends a message as one frame and waits for the acknowledgement that carries its control id. One wire, kept between messages. */
export function mllpDestination(options: DestinationOptions): Destination {
  const timeout = durationMs(options.timeout);
  const maxAck = sizeBytes(options.maxAck);
  let conversation: Conversation | undefined;

  function conversationOver(wire: OutboundWire): Conversation {
    if (conversation?.wire !== wire) conversation = new Conversation(wire, maxAck);
    return conversation;
  }

  return {
    render({ content }) {
      if (breaksFrame(content.bytes)) throw new EngineError("MLP-209");
      return { endpoint: options.endpoint ?? "", body: content.bytes };
    },

    async send(released, ctx) {
      let wire: OutboundWire;
      try {
        wire = await ctx.wire(released);
      } catch (error) {
        return { kind: "retry", code: codeOf(error, "MLP-208") };
      }
      return converse(conversationOver(wire), released, ctx);
    },

    async close() {
      conversation?.wire.close();
      conversation = undefined;
    },
  };

  function converse(talk: Conversation, released: Released, ctx: SendContext): Promise<Outcome> {
    // A message without a control id can only be acknowledged by an answer without one.
    const expected = ctx.controlId(released) ?? "";
    return new Promise((resolve) => {
      const settle = (outcome: Outcome, keepWire: boolean) => {
        timer.cancel();
        ctx.signal.removeEventListener("abort", abort);
        unlisten();
        // After a doubt the wire is not used again: nothing that still comes over it can be taken for the next answer.
        if (!keepWire) talk.wire.close();
        resolve(outcome);
      };
      const abort = () => settle({ kind: "unknown", code: "MLP-207" }, false);
      const timer = ctx.clock.after(timeout, () => settle({ kind: "unknown", code: "MLP-201" }, false));
      const unlisten = talk.listen((heard) => {
        const outcome = judge(heard, expected, ctx);
        if (outcome) settle(outcome, outcome.kind !== "unknown");
      });
      ctx.signal.addEventListener("abort", abort, { once: true });
      if (ctx.signal.aborted) return settle({ kind: "retry", code: "MLP-207" }, true);
      if (talk.wire.closed) return settle({ kind: "retry", code: "MLP-208" }, false);
      try {
        talk.wire.send(frameStart, released, frameEnd);
      } catch (error) {
        settle({ kind: "retry", code: codeOf(error, "MLP-208") }, true);
      }
    });
  }

  /** What was heard, as an outcome; `undefined`: it settles nothing, go on waiting. */
  function judge(heard: Heard, expected: string, ctx: SendContext): Outcome | undefined {
    if (heard.kind === "closed") return { kind: "unknown", code: "MLP-202" };
    const ack = heard.kind === "frame" ? ctx.readAck(heard.bytes) : undefined;
    if (!ack) return { kind: "unknown", code: "MLP-203" };
    return ack.controlId === expected ? ctx.judge(ack) : undefined;
  }
}
