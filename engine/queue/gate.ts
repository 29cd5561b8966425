import type { RetryPolicy } from "../config/project.ts";
import type { Clock, Code } from "../sdk/index.ts";
import type { DeliveryHours } from "./hours.ts";
import type { LaneStatus } from "./status.ts";

/** By a person: since when, and their reason. */
export interface Paused {
  readonly at: number;
  readonly reason?: string;
}

export interface GateOptions {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly hours?: DeliveryHours;
  /** Keys that may be in flight at once. */
  readonly parallel: number;
}

/** How often what the boundary or the engine itself holds up is looked at again. */
export const againMs = 1000;
/** A few keys may always fail without a word on the partner. */
const fewest = 4;
/** A wait on the wall clock is looked at so often, since that clock may be set. */
const longestSleepMs = 60_000;

interface Halt {
  readonly code: Code;
  readonly until: number;
}

/**
 * Whether a lane as a whole may send now. While its partner fails for as many keys as may be in flight, and for none succeeds, others are begun one
 * at a time and ever more seldom (no oftener than `maxMs` in the end): a partner that is down must not use up the attempts of every key.
 */
export class Gate {
  readonly #options: GateOptions;
  #stopping = false;
  #paused: Paused | undefined;
  #suspended: Halt | undefined;
  #fault: Halt | undefined;
  #failing = new Set<string>();
  #probes = 0;
  #probeAt = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  set stopping(stopping: boolean) {
    this.#stopping = stopping;
  }

  set paused(paused: Paused | undefined) {
    this.#paused = paused;
  }

  /** Attempts may begin. */
  get open(): boolean {
    return !this.#stopping && this.#paused === undefined && !this.#halted(this.#suspended) && !this.#halted(this.#fault) && this.#hours?.open !== false;
  }

  /** How long it stays shut, as far as is known; `undefined`: until somebody opens it. */
  get shutMs(): number | undefined {
    if (this.#paused !== undefined) return undefined;
    const { clock } = this.#options;
    const halts = [this.#suspended, this.#fault].map((halt) => (halt?.until ?? 0) - clock.monotonic());
    const hours = this.#hours?.open === false ? Math.min(longestSleepMs, this.#hours.until - clock.now()) : 0;
    return Math.max(hours, ...halts);
  }

  /** A shut gate's reason; `undefined` when the lane's own work says more. */
  get status(): LaneStatus | undefined {
    if (this.#paused !== undefined) return { kind: "paused", ...this.#paused };
    const hours = this.#hours;
    if (hours?.open === false) return { kind: "outside-window", opensAt: hours.until };
    if (this.#fault !== undefined) return { kind: "stopped", code: this.#fault.code };
    return this.#suspended && { kind: "suspended", code: this.#suspended.code };
  }

  get #hours(): { readonly open: boolean; readonly until: number } | undefined {
    return this.#options.hours?.at(this.#options.clock.now());
  }

  /** The boundary lets nothing out; asked again in a while, until it says something else. */
  suspend(code: Code): void {
    this.#suspended = { code, until: this.#again() };
  }

  /** The record could not be read. */
  fail(code: Code): void {
    this.#fault = { code, until: this.#again() };
  }

  read(): void {
    this.#fault = undefined;
  }

  /** The boundary has let one pass, or had a last word on it. */
  passed(): void {
    this.#suspended = undefined;
  }

  /** The partner has answered for one. */
  succeeded(): void {
    this.#suspended = undefined;
    if (this.#failing.size === 0) return;
    this.#failing.clear();
    this.#probes = 0;
  }

  /** An attempt for this key failed, or the engine could not prepare one. */
  failed(key: string): void {
    this.#suspended = undefined;
    if (this.#failing.has(key)) return;
    this.#failing.add(key);
    if (this.#failing.size === this.#bearable) this.#delay();
  }

  /** A key's message was given up. */
  gaveUp(key: string): void {
    this.#failing.delete(key);
  }

  /** How long until this key may be begun; 0: now. Those that have failed go by their own retries. */
  waitOf(key: string): number {
    return this.#isProbe(key) ? Math.max(0, this.#probeAt - this.#options.clock.monotonic()) : 0;
  }

  begins(key: string): void {
    if (this.#isProbe(key)) this.#delay();
  }

  /** Does not wait for anything that only time would bring. */
  hurry(): void {
    this.#suspended = this.#suspended && { ...this.#suspended, until: 0 };
    this.#probeAt = 0;
  }

  #isProbe(key: string): boolean {
    return this.#failing.size >= this.#bearable && !this.#failing.has(key);
  }

  get #bearable(): number {
    return Math.max(fewest, this.#options.parallel);
  }

  #delay(): void {
    const { clock, policy } = this.#options;
    this.#probeAt = clock.monotonic() + Math.min(policy.maxMs, Math.max(againMs, policy.initialMs) * 2 ** Math.min(this.#probes, 52));
    this.#probes++;
  }

  #again(): number {
    return this.#options.clock.monotonic() + againMs;
  }

  #halted(halt: Halt | undefined): boolean {
    return halt !== undefined && halt.until > this.#options.clock.monotonic();
  }
}
