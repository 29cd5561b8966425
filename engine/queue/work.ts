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

/** What an inquiry about a message gave that may have arrived. */
export type Inquired =
  | Extract<Attempted, { kind: "delivered" | "rejected" | "dead" | "suspended" }>
  /** The partner has nothing of it, and that is proof enough to send it again. */
  | { readonly kind: "absent"; readonly code: Code }
  /** Nothing was learnt: no answer, or one that says nothing of it. */
  | { readonly kind: "silent"; readonly code: Code }
  /** It cannot be asked, now or later: a person decides. */
  | { readonly kind: "unaskable"; readonly code: Code };

/** The flow's side of a lane. `prepare` may run ahead for several entries; `attempt` is called for a head alone. */
export interface LaneWork {
  prepare(entry: Claimed): Promise<Prepared>;
  attempt(entry: Claimed, attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** Several entries, prepared and ready, as one message: the same entries are always given together, in the same order. */
  attemptBatch?(entries: readonly Claimed[], attempt: number, signal: AbortSignal): Promise<Attempted>;
  /** Asks the partner what became of an entry whose attempt had no answer. `inquiry` counts from 1. */
  inquire?(entry: Claimed, inquiry: number, signal: AbortSignal): Promise<Inquired>;
  /** Puts it on the work list of whoever decides; told before the record says so, and told again after a crash between the two. */
  undecided?(entry: Claimed): Promise<void>;
  /** The entry left the lane's memory (settled or spilled): the flow may forget what it kept for it. */
  forget(entry: Claimed): void;
}
