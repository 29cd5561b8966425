import { randomBytes } from "node:crypto";
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
  bytes: (length) => new Uint8Array(randomBytes(length)),
};

/** When the sockets of this turn were read: what came together is worked on together. */
export const nextTurn = (run: () => void): void => void setImmediate(run);
