import { connectorConformance } from "../../engine/sdk/testing/index.ts";
import { form } from "./form.ts";
import stripe from "./index.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => () => ({ status, headers, body: encode(body) });

connectorConformance(stripe, {
  folder: new URL("./", import.meta.url),
  destination: {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as YAML writes it
    options: { create: "payment_intents", endpoint: "api", key: "${file:stripe_key}" },
    format: "json",
    content: (id, text) => encode({ amount: 4000, currency: "usd", "metadata[ref]": `${id} ${text}` }),
    wire: (content) => form(content, "payment_intents"),
    accepts: answer(200, { id: "pi_1", object: "payment_intent", status: "succeeded" }),
    rejects: answer(402, { error: { type: "card_error", code: "card_declined" } }),
    busy: answer(429, { error: { type: "rate_limit_error" } }, { "retry-after": "3" }),
    garbage: answer(200, ["no object of Stripe's"]),
  },
});
