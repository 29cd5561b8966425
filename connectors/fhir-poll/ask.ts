import { type Code, codeOf, durationMs, type Envelope, type OutboundResponse, type RequestOptions, retryAfterMs, type SourceContext, withCredential } from "../../engine/sdk/index.ts";
import type { SourceOptions } from "./options.ts";

export const fhirJson = "application/fhir+json";

/** Why a round ended before its end, and how long the server wants to be left alone. */
export class RoundEnded extends Error {
  readonly code: Code;
  readonly afterMs: number | undefined;
  constructor(code: Code, afterMs?: number) {
    super(code);
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** One exchange with the endpoint, with the credential of the options. Throws `RoundEnded` for what is no 2xx answer. */
export async function ask(envelope: Omit<Envelope, "endpoint" | "credential" | "body"> & { readonly body?: Uint8Array }, options: SourceOptions, ctx: SourceContext, more: RequestOptions = {}): Promise<OutboundResponse> {
  const { auth, endpoint = "", timeout } = options;
  let response: OutboundResponse;
  try {
    const whole = { body: new Uint8Array(), ...envelope, endpoint, ...withCredential(auth) };
    response = await ctx.ask(whole, { timeoutMs: durationMs(timeout), ...more });
  } catch (error) {
    throw new RoundEnded(codeOf(error, "FHP-101"));
  }
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  const afterMs = retryAfterMs(response.headers["retry-after"], ctx.clock.now());
  if (status === 408 || status === 425 || status === 429 || status === 503) throw new RoundEnded("FHP-102", afterMs);
  if (status === 401 || status === 403 || status === 407) throw new RoundEnded("FHP-103", afterMs);
  throw new RoundEnded(status >= 500 ? "FHP-101" : "FHP-104", afterMs);
}
