import type { RetryPolicy } from "../config/project.ts";
import type { Clock, Code, Outcome, Random } from "../sdk/index.ts";
import type { Claimed, End, Store } from "../store/store.ts";

/** What preparing an entry gave: ready to send, or already at an end, or held for a person. */
export type Prepared =
  | { readonly kind: "ready" }
  | { readonly kind: "end"; readonly end: Extract<End, "filtered" | "refused" | "dead">; readonly code: Code; readonly reason?: string }
  | { readonly kind: "held"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "retry"; readonly code: Code };

/** What an attempt gave: an outcome of the partner, or the boundary's word. */
export type Attempted =
  | Outcome
  | { readonly kind: "refused"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "suspended"; readonly code: Code; readonly reason?: string };

/** The flow's side of a lane. `prepare` may run ahead for several entries; `attempt` is called for the head alone. */
export interface LaneWork {
  prepare(entry: Claimed): Promise<Prepared>;
  attempt(entry: Claimed, attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** The entry left the lane's memory (settled or spilled): the flow may forget what it kept for it. */
  forget(entry: Claimed): void;
}

export interface LaneOptions {
  readonly name: string;
  readonly store: Store;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: LaneWork;
  /** Entries prepared ahead of the head, and bytes kept in memory. */
  readonly window: { readonly entries: number; readonly bytes: number };
  /** Told of every change of state, for events and counters. */
  readonly onSettled: (lane: string, entry: Claimed, state: string, code?: Code) => void;
}

/** Why a lane does not move, for operators. */
export type LaneStatus =
  | { readonly kind: "idle" | "working" }
  | { readonly kind: "retrying"; readonly code: Code; readonly nextAt: number; readonly attempts: number }
  | { readonly kind: "suspended" | "stopped"; readonly code: Code };
