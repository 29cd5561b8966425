import { object, Type, type Static } from "../../engine/sdk/index.ts";

const field = (description: string, example: string) => Type.String({ description, pattern: "^[A-Za-z_][A-Za-z0-9_]*$", examples: [example] });

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner, lookup://table; not needed when it has only one", examples: ["specialties"] })),
  key: field("Field of the message that is the row's key", "npi"),
  value: field("Field of the message that is the row's value; where the message has none, the row goes", "specialty"),
  while: Type.Optional(field("Field that must be true for the row to stand; where it is false, the row goes", "active")),
});
export type DestinationOptions = Static<typeof destinationOptions>;
