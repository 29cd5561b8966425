import type { Content } from "./content.ts";
import type { Code } from "./error.ts";

/**
 * What became of one attempt, as data; retry is decided in one place (`engine/queue/retry.ts`).
 * - `delivered`: the partner took it.
 * - `retry`: it did not arrive, or the partner asks to try again; safe to send again.
 * - `unknown`: it may have arrived (no answer after the bytes left); sent again, marked as a possible duplicate.
 * - `rejected`: the partner answered no; sending the same bytes again would not help.
 * - `dead`: the partner answered no, and the configuration gives such an answer up as a dead letter.
 */
export type Outcome =
  | { readonly kind: "delivered"; readonly response?: Content }
  | { readonly kind: "retry"; readonly code: Code; readonly afterMs?: number }
  | { readonly kind: "unknown"; readonly code: Code }
  | { readonly kind: "rejected" | "dead"; readonly code: Code; readonly response?: Content };
