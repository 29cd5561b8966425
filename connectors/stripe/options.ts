import { duration, object, secret, Type, type Static } from "../../engine/sdk/index.ts";

export const destinationOptions = object({
  create: Type.Union([Type.Literal("payment_intents"), Type.Literal("refunds"), Type.Literal("customers")], {
    description: "What is made of each message",
    examples: ["payment_intents"],
  }),
  key: secret("Secret or restricted key of the account"),
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one", examples: ["api"] })),
  version: Type.String({
    description: "Version of the API that is asked for, so that an upgrade of the account changes nothing here",
    default: "2026-10-28.endive",
    pattern: "^\\d{4}-\\d{2}-\\d{2}(\\.[a-z]+)?$",
  }),
  timeout: duration("Time for the whole exchange", "80s"),
});
export type DestinationOptions = Static<typeof destinationOptions>;
