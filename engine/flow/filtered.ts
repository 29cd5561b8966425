import type { Prepared } from "../queue/lane.ts";
import type { StepResult } from "../sandbox/sandbox.ts";

/** A filter's no is an end with its place in the configuration, so that nobody asks where the message went. */
export function filtered(result: Extract<StepResult, { kind: "filtered" }>): Prepared {
  return { kind: "end", end: "filtered", code: "FLW-201", reason: `${result.at.file}:${result.at.line}:${result.at.column}` };
}
