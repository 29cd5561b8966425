import {
  type Code,
  codeOf,
  type Destination,
  durationMs,
  EngineError,
  type Format,
  type Outcome,
  type OutboundMessage,
  type OutboundResponse,
  retryAfterMs,
  type SendContext,
  withCredential,
} from "../../engine/sdk/index.ts";
import { mediaTypes } from "./media-types.ts";
import type { DestinationOptions } from "./options.ts";

/** Sends a message as the body of one request. Everything else of the request is constant, but for the message's id. */
export function httpDestination(options: DestinationOptions): Destination {
  const timeoutMs = durationMs(options.timeout);
  return {
    render: (message) => ({
      endpoint: options.endpoint ?? "",
      method: options.method,
      ...(options.path === undefined ? {} : { path: options.path }),
      headers: headersFor(message, options),
      body: message.content.bytes,
      ...withCredential(options.auth),
    }),

    async send(released, ctx) {
      try {
        const response = await ctx.request(released, { timeoutMs });
        return answered(response, ctx.controlId(released), ctx) ?? outcomeOf(response, ctx);
      } catch (error) {
        return failed(error);
      }
    },

    async close() {},
  };
}

function headersFor({ id, content }: OutboundMessage, options: DestinationOptions): Readonly<Record<string, string>> {
  return {
    ...options.headers,
    "content-type": options.contentType ?? mediaTypes[content.format],
    [options.idempotency.toLowerCase()]: id,
  };
}

/**
 * SCRIPT over HTTP says in its answer whether it was taken, and an Error comes with 200 as well: it decides. One that
 * names another message proves nothing.
 */
function answered(response: OutboundResponse, sent: string | undefined, ctx: SendContext): Outcome | undefined {
  if (sent === undefined || response.status < 200 || response.status >= 300) return undefined;
  const ack = ctx.readAck(response.body);
  if (ack?.content.format !== "script") return undefined;
  return ack.controlId === "" || ack.controlId === sent ? ctx.judge(ack) : { kind: "unknown", code: "HTP-205" };
}

function outcomeOf(response: OutboundResponse, ctx: SendContext): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "delivered", response: contentOf(response) };
  // Who failed at it, or heard nothing from whoever is behind, may have taken it all the same; 503 says that it was not handled (RFC 9110 15.6).
  if (status >= 500 && status !== 503) return { kind: "unknown", code: "HTP-202" };
  const again = retryCode(status);
  if (again) {
    const afterMs = retryAfterMs(response.headers["retry-after"], ctx.clock.now());
    return { kind: "retry", code: again, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if (status >= 400) return { kind: "rejected", code: "HTP-204", response: contentOf(response) };
  return { kind: "unknown", code: "HTP-205" };
}

/**
 * Answers that speak of the moment, the credential or the address, and not of this message: what follows it would get the same, so the
 * lane waits for a person instead of ending a backlog entry by entry.
 */
function retryCode(status: number): Code | undefined {
  if (status >= 500) return "HTP-202";
  if (status === 408 || status === 425 || status === 429) return "HTP-201";
  if (status >= 300 && status < 400) return "HTP-203";
  if (status === 401 || status === 403 || status === 407) return "HTP-208";
  return status === 404 ? "HTP-209" : undefined;
}

/** Without proof that nothing left, it may have arrived. */
function failed(error: unknown): Outcome {
  const unsent = error instanceof EngineError && error.safe.sent !== true;
  return unsent ? { kind: "retry", code: codeOf(error, "HTP-207") } : { kind: "unknown", code: codeOf(error, "HTP-206") };
}

function contentOf({ headers, body }: OutboundResponse) {
  const type = headers["content-type"] ?? "";
  const format: Format = /fhir\+json/i.test(type) ? "fhir" : /json/i.test(type) ? "json" : /hl7-v2/i.test(type) ? "hl7v2" : /edi-x12/i.test(type) ? "x12" : "text";
  return { format, bytes: body };
}
