import { duration, object, Type, type Static } from "../../engine/sdk/index.ts";

const address = (description: string, example: string) => Type.String({ description, pattern: "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$", maxLength: 254, examples: [example] });

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one for mail", examples: ["mail"] })),
  from: address("Address of the sender; a constant", "interfaces@clinic.example"),
  to: Type.Array(address("Address of a recipient", "oncall@clinic.example"), { description: "Addresses of the recipients; constants", minItems: 1, maxItems: 20, uniqueItems: true, examples: [["oncall@clinic.example"]] }),
  subject: Type.String({ description: "Subject of every message; a constant, since subjects are shown and kept everywhere on the way", pattern: "^[^\\u0000-\\u001f\\u007f]{1,200}$", examples: ["Interface report"] }),
  timeout: duration("Time for the whole exchange", "60s"),
});
export type DestinationOptions = Static<typeof destinationOptions>;
