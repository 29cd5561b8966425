import { randomBytes } from "node:crypto";
import type { Clock, Random } from "../sdk/index.ts";

/** The machine's own time and randomness, for tests and measurements of the store by itself. */
export function realClock(): { readonly clock: Clock; readonly random: Random } {
  return {
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    random: { next: () => randomBytes(4).readUInt32LE() / 2 ** 32, bytes: (length) => randomBytes(length) },
  };
}
