import { catalogue } from "../../engine/sdk/index.ts";

export const codes = catalogue({
  "STR-101": { title: "a field is not one that Stripe may learn" },
  "STR-102": { title: "what is to be charged is no plain object of fields" },
  "STR-201": { title: "Stripe asked to try later" },
  "STR-202": { title: "Stripe answered with a server error" },
  "STR-203": { title: "Stripe declined the payment" },
  "STR-204": { title: "Stripe rejected the request" },
  "STR-205": { title: "Stripe's answer has no meaning here" },
  "STR-206": { title: "the exchange with Stripe broke after bytes had left" },
  "STR-207": { title: "the request to Stripe could not be sent" },
  "STR-208": { title: "Stripe did not accept the engine's key" },
  "STR-209": { title: "another request with the same idempotency key is under way" },
});
