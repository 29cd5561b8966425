import { randomBytes, randomFillSync } from "node:crypto";
import type { Clock, Random } from "../sdk/index.ts";

/** The machine's time. `Date.now`, timers and the entropy source stand only here (DESIGN 4). */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    // A Node timer holds at most 2^31-1 ms; longer waits come back early and are asked again.
    const handle = setTimeout(run, Math.min(ms, 2_147_483_647));
    return { cancel: () => clearTimeout(handle) };
  },
};

export const systemRandom: Random = {
  next: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  bytes: (length) => (length > longestPooled ? new Uint8Array(randomBytes(length)) : pooled(length)),
};

/** Asking the system for a few bytes costs as much as asking for thousands, and each message asks. */
const pool = new Uint8Array(4096);
const longestPooled = 64;
let used = pool.length;

/** What was given away is not kept. */
function pooled(length: number): Uint8Array {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  pool.fill(0, used, (used += length));
  return bytes;
}

/** When the sockets of this turn were read: what came together is worked on together. */
export const nextTurn = (run: () => void): void => void setImmediate(run);
