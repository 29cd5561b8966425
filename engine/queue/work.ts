import type { Permit } from "../phi/boundary.ts";
import type { Code, Outcome } from "../sdk/index.ts";
import type { Claimed, End } from "../store/store.ts";

/** What preparing an entry gave: ready to send, or already at an end, or held for a person. */
export type Prepared =
  /** `bytes`: of what would be sent. */
  | { readonly kind: "ready"; readonly bytes?: number }
  | { readonly kind: "end"; readonly end: Extract<End, "filtered" | "refused" | "dead">; readonly code: Code; readonly reason?: string }
  | { readonly kind: "held"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "retry"; readonly code: Code };

/** What an attempt gave: an outcome of the partner, or the boundary's word. */
export type Attempted = (
  | Exclude<Outcome, { kind: "delivered" }>
  /** `code` and `reason`: what went wrong with the partner's answer, which undoes no delivery. */
  | (Extract<Outcome, { kind: "delivered" }> & { readonly code?: Code; readonly reason?: string })
  | { readonly kind: "refused"; readonly code: Code; readonly reason?: string }
  | { readonly kind: "suspended"; readonly code: Code; readonly reason?: string }
  /** For a person: nothing was sent by this attempt. */
  | { readonly kind: "held"; readonly code: Code; readonly reason?: string }
) & {
  /** What let it go, where the ledger was told of another before. */
  readonly permit?: Permit;
};

/** The flow's side of a lane. `prepare` may run ahead for several entries; `attempt` is called for a head alone. */
export interface LaneWork {
  prepare(entry: Claimed): Promise<Prepared>;
  attempt(entry: Claimed, attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** Several entries, prepared and ready, as one message: the same entries are always given together, in the same order. */
  attemptBatch?(entries: readonly Claimed[], attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** The entry left the lane's memory (settled or spilled): the flow may forget what it kept for it. */
  forget(entry: Claimed): void;
}
