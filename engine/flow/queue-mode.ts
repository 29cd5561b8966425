import type { DestinationSpec, RetryPolicy } from "../config/project.ts";
import type { BatchRule } from "../queue/batch.ts";
import { Periods } from "../queue/period.ts";

/** Pause between two attempts to tell somebody. */
const longestAlertMs = 5000;

/** A month and the hours by which one can be longer. */
const longestPeriodMs = 32 * 86_400_000;

/**
 * Without a queue there is one attempt, and what fails is dead at once; else the destination's policy stands. What waits for the end of a reporting period is
 * not old before it.
 */
export function retryOf({ queue, retry, deidentify, alert }: Pick<DestinationSpec, "queue" | "retry" | "deidentify" | "alert">): RetryPolicy {
  // An alert is told until a person has acknowledged.
  if (alert) return { ...retry, attempts: 0, maxAgeMs: 0, maxMs: Math.min(retry.maxMs, longestAlertMs) };
  if (queue === "none") return { ...retry, attempts: 1 };
  return deidentify?.aggregate && retry.maxAgeMs > 0 ? { ...retry, maxAgeMs: retry.maxAgeMs + longestPeriodMs } : retry;
}

/** Messages that go as one: as the destination says, or those of a reporting period. A report has bounded members; more of them make another. */
export function batchOf({ batch, deidentify }: Pick<DestinationSpec, "batch" | "deidentify">): BatchRule | undefined {
  if (!deidentify?.aggregate) return batch;
  return { max: 10_000, maxBytes: 32 * 1024 * 1024, withinMs: 0, period: new Periods(deidentify.aggregate) };
}
