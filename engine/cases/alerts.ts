import type { WorkOwner } from "../config/case-spec.ts";
import type { WorkItem } from "./cases.ts";

/** One result of a message, as far as alerts ask for it. Both are content, and kept as keyed hashes. */
export interface AlertedResult {
  /** Which result: the same for a preliminary, a final and a corrected one. */
  readonly result: string;
  /** Which version of it. */
  readonly version: string;
  readonly isCritical: boolean;
  /** It corrects another; one that was told of and is not critical any more is told of again. */
  readonly isCorrection: boolean;
}

export interface AlertQuestion extends WorkOwner {
  readonly lane: string;
  readonly message: number;
  readonly channel: string;
  /** The alert's id outside the engine. */
  readonly name: string;
  readonly results: readonly AlertedResult[];
  readonly at: number;
  /** By when somebody must have acknowledged. */
  readonly dueAt: number;
}

/** `quiet`: nothing critical. `merged`: another message has brought the same versions, and its alert stands for both. */
export type AlertVerdict = { readonly kind: "alert" } | { readonly kind: "quiet" } | { readonly kind: "merged"; readonly into: number };

/** An alert that is open, or acknowledged and not yet settled in its lane. */
export interface OpenAlert {
  readonly lane: string;
  readonly message: number;
  /** How often somebody was told. */
  readonly told: number;
  readonly acknowledged: boolean;
}

/**
 * Whom an obligation stands open to. It is the lane entry itself, committed before the source was acknowledged; this says how far its escalation is. All
 * but `state` is committed and fsynced when it returns; throws `CAS-201`.
 */
export interface Alerts {
  /** Decides once for a message in a lane; the same after a crash. */
  ask(question: AlertQuestion): AlertVerdict;
  state(lane: string, message: number): OpenAlert | undefined;
  /** Somebody was told; the next is told at `dueAt`. */
  told(lane: string, message: number, dueAt: number): void;
  /** By the item of work. Throws `CAS-203`, `CAS-204` or `CAS-205`. */
  acknowledge(item: number, how: { readonly by: string; readonly reason?: string; readonly at: number }): WorkItem;
  /** By the alert's id outside: false when there is no such alert. Again is as once. */
  acknowledgeNamed(name: string, how: { readonly by: string; readonly at: number }): boolean;
  /** Open alerts that somebody must be told of again by now. */
  due(now: number): readonly OpenAlert[];
  /** Acknowledged, and not yet settled in their lanes. */
  acknowledged(): readonly OpenAlert[];
  /** Its entry has ended. */
  settled(lane: string, message: number, at: number): void;
}
