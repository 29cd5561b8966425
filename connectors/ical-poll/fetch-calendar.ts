import { type Code, codeOf, durationMs, type OutboundResponse, retryAfterMs, sizeBytes, type SourceContext, withCredential } from "../../engine/sdk/index.ts";
import type { KnownCalendar } from "./known.ts";
import type { SourceOptions } from "./options.ts";

/** Why a calendar stays as it was, and how long the server wants to be left alone. */
export class RoundEnded extends Error {
  readonly code: Code;
  readonly afterMs: number | undefined;
  readonly line: number | undefined;
  constructor(code: Code, { afterMs, line }: { readonly afterMs?: number | undefined; readonly line?: number | undefined } = {}) {
    super(code);
    this.code = code;
    this.afterMs = afterMs;
    this.line = line;
  }
}

export interface Fetched {
  /** Absent: nothing has changed (304). */
  readonly body?: Uint8Array;
  readonly etag?: string;
  readonly modified?: string;
}

/**
 * A conditional request (RFC 9110 13.1): ETag where the server gave one, else Last-Modified. `known` absent: without a condition. Throws `RoundEnded` for whatever is
 * no whole calendar; an answer that is cut short is one of the engine's own `NET-2nn`.
 */
export async function fetchCalendar(path: string, known: KnownCalendar | undefined, options: SourceOptions, ctx: SourceContext): Promise<Fetched> {
  const condition = known?.etag !== undefined ? { "if-none-match": known.etag } : known?.modified !== undefined ? { "if-modified-since": known.modified } : {};
  const { endpoint = "", auth, timeout, largest } = options;
  let response: OutboundResponse;
  try {
    const envelope = { endpoint, method: "GET", path, headers: { accept: "text/calendar", ...condition }, body: new Uint8Array(), ...withCredential(auth) };
    response = await ctx.ask(envelope, { timeoutMs: durationMs(timeout) });
  } catch (error) {
    throw new RoundEnded(codeOf(error, "ICL-101"));
  }
  const { status, headers, body, truncated } = response;
  const afterMs = retryAfterMs(headers["retry-after"], ctx.clock.now());
  if (status === 304) {
    if ("if-none-match" in condition || "if-modified-since" in condition) return {};
    throw new RoundEnded("ICL-103");
  }
  if (status === 429 || status === 503) throw new RoundEnded("ICL-110", { afterMs });
  if (status >= 500) throw new RoundEnded("ICL-101", { afterMs });
  if (status !== 200) throw new RoundEnded("ICL-104", { afterMs });
  if (truncated || body.length > sizeBytes(largest)) throw new RoundEnded("ICL-102");
  return { body, ...short("etag", headers.etag), ...short("modified", headers["last-modified"]) };
}

/** What goes back as it came; nothing that is longer than such values are. */
function short(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined || value === "" || value.length > 256 ? {} : { [name]: value };
}
