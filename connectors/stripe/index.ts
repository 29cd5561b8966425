import { defineConnector } from "../../engine/sdk/index.ts";
import { stripeDestination } from "./destination.ts";
import { profiles } from "./objects.ts";
import { destinationOptions } from "./options.ts";

export default defineConnector({
  name: "stripe",
  summary: "Payments, refunds and customers at Stripe, from a token and an amount",
  standard: "Stripe API 2026-10-28",
  stability: "beta",
  destination: {
    options: destinationOptions,
    formats: ["json"],
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes: ["https", "http"],
    closedTo: ({ create }) => profiles[create],
    create: stripeDestination,
  },
});
