import type { DestinationSpec, RetryPolicy } from "../config/project.ts";

/** Without a queue there is one attempt, and what fails is dead at once; else the destination's policy stands. */
export function retryOf({ queue, retry }: Pick<DestinationSpec, "queue" | "retry">): RetryPolicy {
  return queue === "none" ? { ...retry, attempts: 1 } : retry;
}
