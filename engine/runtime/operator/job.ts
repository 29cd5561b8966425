import type { Code } from "../../sdk/index.ts";
import type { Selection } from "./selection.ts";

/** What is done to many at once. `cancel` ends what still waits, `discard` what has come to an end that a person may reopen. */
export const jobKinds = ["retry", "discard", "cancel", "replay"] as const;
export type JobKind = (typeof jobKinds)[number];

export interface JobRequest {
  readonly kind: JobKind;
  readonly selection: Selection;
  /** Lanes that a replay enters. */
  readonly to?: readonly string[];
  /** Kept sealed with each message; all but `retry` need one. */
  readonly reason?: string;
  /** At most so many a second; absent: as fast as the disk takes them. */
  readonly perSecond?: number;
}

/** `interrupted`: the engine ended while it ran; resumed, it looks for what is left. */
export const jobStates = ["looking", "running", "paused", "done", "stopped", "failed", "interrupted"] as const;
export type JobState = (typeof jobStates)[number];

/** Where a job stands: numbers, codes and names from configuration. */
export interface JobView {
  readonly id: number;
  readonly kind: JobKind;
  readonly state: JobState;
  /** Account that asked for it. */
  readonly by: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly perSecond?: number;
  readonly to?: readonly string[];
  readonly lanes: readonly string[];
  readonly total: number;
  readonly done: number;
  /** Changed by somebody else between the look and its turn; left alone. */
  readonly passed: number;
  /** Why it failed. */
  readonly code?: Code;
}

/** What a selection comes to, before anything is done. */
export interface Preview {
  readonly messages: number;
  readonly entries: number;
  readonly bytes: number;
  readonly byLane: Readonly<Record<string, number>>;
  /** By state and code: `dead LAN-101`. */
  readonly byEnd: Readonly<Record<string, number>>;
  readonly oldestAt?: number;
  readonly newestAt?: number;
  /** The first of them, oldest first. */
  readonly sample: readonly { readonly lane: string; readonly id: number; readonly state: string; readonly code?: Code }[];
}
