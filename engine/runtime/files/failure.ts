import { type Code, EngineError, type SafeDetail } from "../../sdk/index.ts";

/** The system's name of what went wrong (`ENOSPC`); never its text, which quotes the path. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown";
}

/** An error of the file system as a code; its text holds a file's name and stays behind as `cause`. */
export function diskFailure(error: unknown, fallback: Code, safe: SafeDetail = {}): EngineError {
  if (error instanceof EngineError) return error;
  const reason = reasonOf(error);
  return new EngineError(codes[reason] ?? fallback, { ...safe, reason }, { cause: error });
}

const codes: Readonly<Record<string, Code>> = {
  ENOENT: "DIR-101", ENOTDIR: "DIR-101", ELOOP: "DIR-101",
  EACCES: "DIR-104", EPERM: "DIR-104", EROFS: "DIR-104",
  ENOSPC: "DIR-204", EDQUOT: "DIR-204",
};
