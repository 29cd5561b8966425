import { EngineError, type OutboundResponse } from "../../sdk/index.ts";

export interface Token {
  /** What an `Authorization` header holds. */
  readonly authorization: string;
  readonly lifeMs: number;
}

/** Where the answer says nothing of it (RFC 6749 section 5.1 recommends that it does). */
const defaultLifeMs = 300_000;
const longestLifeMs = 24 * 3_600_000;

/** RFC 6750 section 2.1. */
const token68 = /^[A-Za-z0-9._~+/-]+=*$/;
const longestToken = 12_288;

/**
 * What a token endpoint answered (RFC 6749 section 5). Throws EngineError: `IDN-101` come again, `IDN-102` our client is not accepted, `IDN-103`
 * something else. None says what the answer held but for the error's registered word.
 */
export function readTokenAnswer({ status, body }: OutboundResponse): Token {
  if (status >= 500 || status === 408 || status === 425 || status === 429) throw new EngineError("IDN-101", { status, sent: false });
  const answer = parsed(body);
  if (status !== 200) {
    const error = knownErrors.find((word) => word === answer?.error);
    throw new EngineError(error || status === 401 || status === 403 ? "IDN-102" : "IDN-103", { status, ...(error && { error }), sent: false });
  }
  const { access_token: token, token_type: type, expires_in: seconds } = answer ?? {};
  if (typeof token !== "string" || token.length > longestToken || !token68.test(token)) throw new EngineError("IDN-103", { status, because: "token", sent: false });
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw new EngineError("IDN-103", { status, because: "type", sent: false });
  const life = typeof seconds === "number" || typeof seconds === "string" ? Number(seconds) * 1000 : defaultLifeMs;
  if (!(life > 0)) throw new EngineError("IDN-103", { status, because: "life", sent: false });
  return { authorization: `Bearer ${token}`, lifeMs: Math.min(life, longestLifeMs) };
}

const knownErrors = ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"] as const;

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
