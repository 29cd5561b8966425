import { codeOf, type Destination, durationMs, EngineError, type Outcome, type OutboundResponse, retryAfterMs } from "../../engine/sdk/index.ts";
import { form } from "./form.ts";
import type { DestinationOptions } from "./options.ts";
import { readReply } from "./reply.ts";

/** Makes an object at Stripe of the fields of a closed list. The idempotency key is the engine's id of the message: a charge that may have happened is asked for again under it, and happens once. */
export function stripeDestination(options: DestinationOptions): Destination {
  const timeoutMs = durationMs(options.timeout);
  return {
    render: ({ id, content }) => ({
      endpoint: options.endpoint ?? "",
      method: "POST",
      path: `/${options.create}`,
      headers: { "content-type": "application/x-www-form-urlencoded", "idempotency-key": id, "stripe-version": options.version },
      body: form(content.bytes, options.create),
      credential: { kind: "bearer", secret: options.key },
    }),

    async send(released, ctx) {
      try {
        return outcomeOf(await ctx.request(released, { timeoutMs }), ctx.clock.now());
      } catch (error) {
        const isUnsent = error instanceof EngineError && error.safe.sent !== true;
        return isUnsent ? { kind: "retry", code: codeOf(error, "STR-207") } : { kind: "unknown", code: codeOf(error, "STR-206") };
      }
    },

    async close() {},
  };
}

/**
 * `Stripe-Should-Retry` decides where it is given. A key that is in use elsewhere (409) and a limit (429) are of the moment. What a key answered once it answers
 * for 24 hours, a server error too; so 5xx is asked again under the same key until the lane's own limit.
 */
function outcomeOf({ status, headers, body }: OutboundResponse, now: number): Outcome {
  const reply = readReply(body);
  const response = reply && { response: reply.content };
  if (status >= 200 && status < 300) return reply ? { kind: "delivered", ...response } : { kind: "unknown", code: "STR-205" };
  const afterMs = retryAfterMs(headers["retry-after"], now);
  const after = afterMs === undefined ? {} : { afterMs };
  if (status === 401 || status === 403) return { kind: "retry", code: "STR-208" };
  const isFinal = headers["stripe-should-retry"] === "false";
  if (status === 409 && !isFinal) return { kind: "retry", code: "STR-209", ...after };
  if (status === 429 || status === 408) return { kind: "retry", code: "STR-201", ...after };
  if (status >= 500) return { kind: "retry", code: "STR-202", ...after };
  if (status === 402) return { kind: "rejected", code: "STR-203", ...response };
  if (status >= 400) return { kind: "rejected", code: "STR-204", ...response };
  return { kind: "unknown", code: "STR-205" };
}
