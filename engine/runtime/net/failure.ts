import { EngineError, type Code } from "../../sdk/index.ts";

/** A socket's error as a code. Its text stays behind as `cause`: it may name hosts, and never helps a log. */
export function networkFailure(error: unknown, sent: boolean): EngineError {
  if (error instanceof EngineError) return error;
  const reason = (error as NodeJS.ErrnoException | undefined)?.code;
  if (sent) return new EngineError("NET-208", { sent: true, reason }, { cause: error });
  return new EngineError(codeFor(reason), { sent: false, reason }, { cause: error });
}

function codeFor(reason: string | undefined): Code {
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN") return "NET-204";
  if (reason === "ETIMEDOUT") return "NET-206";
  if (reason !== undefined && /TLS|SSL|CERT|SIGNATURE|SELF_SIGNED|CRL|ISSUER|EPROTO/.test(reason)) return "NET-207";
  return "NET-205";
}
