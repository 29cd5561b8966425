import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Random } from "../sdk/index.ts";
import { openStore, type Store, type StoreCare, type StoreOptions } from "./index.ts";

/** A clock that stands still until told. */
export interface FakeClock extends Clock {
  /** Moves on, running every timer that comes due, in order. */
  advance(ms: number): void;
  /** Moves to the next timer and runs it; false when there is none. */
  toNextTimer(): boolean;
  readonly timers: number;
}

export function fakeClock(start = Date.UTC(2026, 0, 5, 8)): FakeClock {
  let now = start;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const next = () => timers.reduce<(typeof timers)[number] | undefined>((first, timer) => (first === undefined || timer.at < first.at ? timer : first), undefined);
  const runUntil = (end: number) => {
    for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
      const due = timer;
      timers = timers.filter((other) => other !== due);
      now = Math.max(now, due.at);
      due.run();
    }
    now = Math.max(now, end);
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      const cancel = () => {
        timers = timers.filter((other) => other !== timer);
      };
      return { cancel };
    },
    advance: (ms) => runUntil(now + ms),
    toNextTimer() {
      const timer = next();
      if (timer !== undefined) runUntil(timer.at);
      return timer !== undefined;
    },
    get timers() {
      return timers.length;
    },
  };
}

/** The same numbers for the same seed (xorshift32). Two stores opened with one `Random` object never share a salt. */
export function seededRandom(seed = 1): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
  const word = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    next: () => word() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, () => word() & 0xff),
  };
}

/** A store in a directory of its own that goes away with it. */
export async function temporaryStore(
  options: Partial<StoreOptions> = {},
): Promise<{ readonly store: Store & StoreCare; readonly dir: string; readonly clock: Clock; readonly random: Random; remove(): Promise<void> }> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "sluice-store-"));
  const clock = options.clock ?? fakeClock();
  const random = options.random ?? seededRandom();
  const store = await openStore({ allowVolatile: true, minFreeBytes: 0, follow: false, ...options, dir, clock, random });
  return {
    store,
    dir,
    clock,
    random,
    async remove() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
