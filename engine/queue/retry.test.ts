import fc from "fast-check";
import { expect, test } from "vitest";
import type { RetryPolicy } from "../config/project.ts";
import type { Entry } from "../store/store.ts";
import { seededRandom } from "../store/testing.ts";
import { backoffMs, decideRetry } from "./retry.ts";

const policy: RetryPolicy = { attempts: 5, initialMs: 1000, maxMs: 60_000, maxAgeMs: 3_600_000 };
const entry: Entry = { lane: "c/d", id: 1, channel: "c", revision: "r", receivedAt: 0, state: "waiting", attempts: 0, nextAt: 0, filled: true };
const always = (value: number) => ({ next: () => value, bytes: () => new Uint8Array() });

test("the bound of the backoff doubles up to the cap; the wait lies anywhere below it", () => {
  expect([1, 2, 3, 6, 7, 60, 2000].map((attempts) => backoffMs(policy, attempts, always(1)))).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer(), (attempts, seed) => {
      const wait = backoffMs(policy, attempts, seededRandom(seed));
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** (attempts - 1)));
    }),
  );
  const random = seededRandom(3);
  const waits = Array.from({ length: 400 }, () => backoffMs(policy, 1, random));
  expect(Math.min(...waits)).toBeLessThan(50);
  expect(Math.max(...waits)).toBeGreaterThan(950);
});

test("attempts and age end it; zero means no limit", () => {
  expect(decideRetry(policy, entry, { attempts: 4, now: 0 }, always(0))).toEqual({ kind: "again", at: 0 });
  expect(decideRetry(policy, entry, { attempts: 5, now: 0 }, always(0))).toEqual({ kind: "dead", code: "LAN-101" });
  expect(decideRetry(policy, entry, { attempts: 1, now: 3_600_000 }, always(0))).toEqual({ kind: "dead", code: "LAN-102" });
  expect(decideRetry({ ...policy, attempts: 0, maxAgeMs: 0 }, entry, { attempts: 10_000, now: 1e15 }, always(0)).kind).toBe("again");
});

test("the partner's own wait is obeyed, up to the age limit; the age of a reopened entry counts anew", () => {
  expect(decideRetry(policy, entry, { attempts: 1, now: 10, afterMs: 120_000 }, always(0.5))).toEqual({ kind: "again", at: 120_010 });
  expect(decideRetry(policy, entry, { attempts: 1, now: 3_599_000, afterMs: 120_000 }, always(0))).toEqual({ kind: "again", at: 3_600_000 });
  expect(decideRetry(policy, { ...entry, requeuedAt: 5_000_000 }, { attempts: 1, now: 5_000_001 }, always(0)).kind).toBe("again");
});
