import { codeOf, type Content, type Destination, durationMs, EngineError, type Outcome, type OutboundResponse, retryAfterMs, type SendContext } from "../../engine/sdk/index.ts";
import { readBatchAnswer } from "./batch-answer.ts";
import { isFhirJson } from "./media-type.ts";
import type { DestinationOptions } from "./options.ts";
import { render } from "./render.ts";

/** A client of a FHIR server: one interaction a message. What the server answers is kept sealed with the message; outcomes carry codes alone. */
export function fhirDestination(options: DestinationOptions): Destination {
  const timeoutMs = durationMs(options.timeout);
  return {
    render: (message) => render(message, options),

    async send(released, ctx) {
      // A look at the body copies it, so only where it is read again.
      const sent = options.interaction === "batch" ? released.envelope.body : undefined;
      try {
        return outcomeOf(await ctx.request(released, { timeoutMs }), sent, options, ctx);
      } catch (error) {
        return failed(error);
      }
    },

    async close() {},
  };
}

function outcomeOf(response: OutboundResponse, sent: Uint8Array | undefined, { interaction, conflicts }: DestinationOptions, ctx: SendContext): Outcome {
  const { status } = response;
  const later = (code: `FHC-${number}`): Outcome => {
    const afterMs = retryAfterMs(response.headers["retry-after"], ctx.clock.now());
    return { kind: "retry", code, ...(afterMs === undefined ? {} : { afterMs }) };
  };
  const rejected = (code: `FHC-${number}`): Outcome => ({ kind: "rejected", code, response: contentOf(response) });
  if (status >= 200 && status < 300) return sent ? ofBatch(response, sent, later, rejected) : { kind: "delivered", response: contentOf(response) };
  if (status === 408 || status === 425 || status === 429 || status === 503) return later("FHC-204");
  // The others of a server's own fault may come after it did what was asked.
  if (status >= 500) return interaction === "create" ? { kind: "unknown", code: "FHC-205" } : later("FHC-205");
  if (status === 401 || status === 403 || status === 407) return later("FHC-206");
  if (status >= 300 && status < 400) return later("FHC-208");
  if (interaction === "delete" && (status === 404 || status === 410)) return { kind: "delivered", response: contentOf(response) };
  // With an OperationOutcome the server speaks of this request; without one, nobody there knows the address.
  if (status === 404 && !isOutcome(response)) return later("FHC-207");
  if (status === 409) return ctx.attempt < conflicts ? later("FHC-210") : rejected("FHC-210");
  if (status === 412) return rejected("FHC-211");
  return status >= 400 ? rejected("FHC-209") : { kind: "unknown", code: "FHC-213" };
}

/** A batch is one message: delivered when every entry was done, else all of it is sent again or all of it is rejected, with the answer that says which. */
function ofBatch(response: OutboundResponse, sent: Uint8Array, later: (code: `FHC-${number}`) => Outcome, rejected: (code: `FHC-${number}`) => Outcome): Outcome {
  const answer = readBatchAnswer(sent, response.body);
  if (!answer) return { kind: "unknown", code: "FHC-213" };
  if (answer.failed === 0) return { kind: "delivered", response: contentOf(response) };
  return answer.isForNow ? later("FHC-216") : rejected("FHC-212");
}

function isOutcome({ headers, body }: OutboundResponse): boolean {
  return isFhirJson(headers["content-type"]) && new TextDecoder().decode(body.subarray(0, 256)).includes("OperationOutcome");
}

/** Without proof that nothing left, it may have arrived. */
function failed(error: unknown): Outcome {
  const unsent = error instanceof EngineError && error.safe.sent !== true;
  return unsent ? { kind: "retry", code: codeOf(error, "FHC-215") } : { kind: "unknown", code: codeOf(error, "FHC-214") };
}

function contentOf({ headers, body }: OutboundResponse): Content {
  return { format: isFhirJson(headers["content-type"]) && body.length > 0 ? "fhir" : "text", bytes: body };
}
