import { type Code, EngineError } from "../../engine/sdk/index.ts";

/** Status codes of the protocol (draft-ietf-secsh-filexfer-02, section 7). */
export const status = { noSuchFile: 2, permissionDenied: 3, failure: 4, noConnection: 6, connectionLost: 7, unsupported: 8 } as const;

/** The status of an answer; `undefined` where the error is none of the server's. */
export function statusOf(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "number" ? code : undefined;
}

/** What a library or the server says, as a code. Its text stays behind as `cause`: servers quote paths and names. */
export function sftpFailure(error: unknown, fallback: Code): EngineError {
  if (error instanceof EngineError) return error;
  const level = (error as { readonly level?: unknown } | undefined)?.level;
  if (level === "client-authentication") return new EngineError("SFT-102", {}, { cause: error });
  if (level === "client-timeout") return new EngineError("SFT-104", {}, { cause: error });
  return new EngineError(byStatus[statusOf(error) ?? -1] ?? fallback, {}, { cause: error });
}

const byStatus: Readonly<Record<number, Code>> = {
  [status.noSuchFile]: "SFT-106",
  [status.permissionDenied]: "SFT-106",
  [status.failure]: "SFT-107",
  [status.noConnection]: "SFT-105",
  [status.connectionLost]: "SFT-105",
  [status.unsupported]: "SFT-103",
};
