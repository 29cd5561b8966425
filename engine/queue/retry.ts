import type { RetryPolicy } from "../config/project.ts";
import type { Code, Random } from "../sdk/index.ts";
import type { Entry } from "../store/store.ts";

/** What follows a failed attempt. */
export type Verdict = { readonly kind: "again"; readonly at: number } | { readonly kind: "dead"; readonly code: Code };

/** When an entry becomes too old; never where the policy has no limit. Put back by a person, it counts from there. */
export function deadlineOf(policy: RetryPolicy, entry: Entry): number {
  return policy.maxAgeMs === 0 ? Number.POSITIVE_INFINITY : (entry.requeuedAt ?? entry.receivedAt) + policy.maxAgeMs;
}

/**
 * Full jitter: anywhere between nothing and a bound that doubles up to the cap, so that many lanes toward one partner that
 * came back do not knock together. `attempts` counts those made, from 1.
 */
export function backoffMs(policy: RetryPolicy, attempts: number, random: Random): number {
  const bound = Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempts - 1, 52));
  return Math.round(random.next() * bound);
}

/** The one place that decides on retry. `afterMs`: the partner's own word on when to come back, obeyed even beyond the cap. */
export function decideRetry(
  policy: RetryPolicy,
  entry: Entry,
  failed: { readonly attempts: number; readonly now: number; readonly afterMs?: number },
  random: Random,
): Verdict {
  if (policy.attempts > 0 && failed.attempts >= policy.attempts) return { kind: "dead", code: "LAN-101" };
  const deadline = deadlineOf(policy, entry);
  if (failed.now >= deadline) return { kind: "dead", code: "LAN-102" };
  const wait = Math.max(backoffMs(policy, failed.attempts, random), failed.afterMs ?? 0);
  return { kind: "again", at: Math.min(failed.now + wait, deadline) };
}
