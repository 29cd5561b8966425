import type { Code } from "../sdk/index.ts";
import type { AlertSpec } from "./alert-spec.ts";

/** What a destination says of the results that it takes. */
export interface ResultSpecs {
  readonly alert?: AlertSpec;
  readonly clinical?: ClinicalSpec;
}

/** What a destination's transform may do to results, and whose work it is when it does more. Results are compared without it as well. */
export interface ClinicalSpec {
  readonly list: string;
  /** Absent: the owner of the channel's case, else `operator`. */
  readonly owner?: string;
  readonly exceptions: readonly ClinicalException[];
}

/** A difference that somebody has approved. What it lets go is noted with each message by its name. */
export interface ClinicalException {
  readonly name: string;
  /** Codes CLN-1nn. */
  readonly allows: readonly Code[];
  /** Codes of the results that it is for; empty: all. */
  readonly tests: readonly string[];
  readonly reason: string;
  readonly approved: { readonly by: string; readonly date: string };
}
