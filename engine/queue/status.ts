import type { Code } from "../sdk/index.ts";

/** Why a lane does not move, for operators. Times are ms since epoch. */
export type LaneStatus =
  | { readonly kind: "idle" }
  /** `blockedKeys`: of a lane ordered by key, keys that wait for a retry while others go on. */
  | { readonly kind: "working"; readonly blockedKeys?: number }
  /** An attempt failed, and the next is at `nextAt`; of a lane ordered by key, the first of several. */
  | { readonly kind: "retrying"; readonly code: Code; readonly nextAt: number; readonly attempts: number; readonly blockedKeys?: number }
  /** Messages wait for others to go with them as one, until then at the latest. */
  | { readonly kind: "gathering"; readonly until: number }
  /** The boundary lets nothing out now (an agreement has lapsed); it is asked again every second. */
  | { readonly kind: "suspended"; readonly code: Code }
  /** The record cannot be read or written now. */
  | { readonly kind: "stopped"; readonly code: Code }
  /** By a person, since `at`, for their reason. */
  | { readonly kind: "paused"; readonly at: number; readonly reason?: string }
  /** Outside the destination's delivery window, which opens at `opensAt`. */
  | { readonly kind: "outside-window"; readonly opensAt: number };
