import type { ClosedFieldKind } from "../../engine/sdk/index.ts";

export type StripeObject = "payment_intents" | "refunds" | "customers";
type Profile = Readonly<Record<string, readonly ClosedFieldKind[]>>;

/** Tokens of Stripe that the sender of a message holds, and a random token of the engine: nothing that code could fill. */
const token = ["copy"] as const;
const ref = ["surrogate"] as const;
const fixed = ["const"] as const;
const chosen = ["const", "enum"] as const;

/**
 * All that may be said to Stripe of each object, and how each field may be set (phi.md 2.10). What is not here can hold text: `description` is printed on receipts,
 * `receipt_email`, `shipping` and billing details name the payer, metadata takes 27 kB of anything, and a statement suffix that follows the visit names a clinic.
 */
export const profiles: Readonly<Record<StripeObject, Profile>> = {
  payment_intents: {
    amount: ["integer"],
    currency: chosen,
    customer: token,
    payment_method: token,
    confirmation_token: token,
    confirm: fixed,
    capture_method: chosen,
    off_session: fixed,
    setup_future_usage: chosen,
    statement_descriptor_suffix: fixed,
    "automatic_payment_methods[enabled]": fixed,
    "automatic_payment_methods[allow_redirects]": fixed,
    "metadata[ref]": ref,
  },
  refunds: { payment_intent: token, amount: ["integer"], reason: chosen, "metadata[ref]": ref },
  customers: { "metadata[ref]": ref },
};
