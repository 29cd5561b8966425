import { writeSync } from "node:fs";
import { EngineError } from "../sdk/error.ts";

/**
 * For what nobody caught: says which code and where, never the text, which could be content, and ends the process. What was half done stays
 * as the record has it; a supervisor starts again from there.
 */
export function watchFaults(): void {
  const end = (error: unknown) => {
    try {
      writeSync(2, `${lastWords(error)}\n`);
    } finally {
      process.exit(1);
    }
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}

export function lastWords(error: unknown): string {
  if (!(error instanceof Error)) return "unexpected";
  return [error instanceof EngineError ? error.code : "unexpected", whereOf(error)].filter(Boolean).join("\n");
}

/** The lines of the stack alone. A text of several lines can look like them, so it is cut off first. */
export function whereOf(error: Error): string {
  const stack = error.stack ?? "";
  const at = stack.indexOf(error.message);
  if (at < 0) return "";
  return stack.slice(at + error.message.length).split("\n").filter((line) => /^ {4}at /.test(line)).join("\n");
}
