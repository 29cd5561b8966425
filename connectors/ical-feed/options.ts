import { duration, object, secret, serverTls, Type, type Static } from "../../engine/sdk/index.ts";

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner at which the feeds are served (feed://host:port/path); not needed when it has only one", examples: ["calendars"] })),
  secret: secret("Key of the addresses and of what stands for a time in a feed"),
  feeds: Type.Record(
    Type.String({ pattern: "^[a-z0-9][a-z0-9-]*$" }),
    Type.Integer({ description: "Number of the address that is in force; another number revokes it", minimum: 1, maximum: 1_000_000 }),
    { description: "The feeds, one for each provider, and the number of the address of each", additionalProperties: false, examples: [{ "uma-sample": 1 }] },
  ),
  summary: Type.String({ description: "What every busy time is called", default: "Busy", minLength: 1, maxLength: 40 }),
  keep: duration("How long a time that is over stays in the feed", "30d"),
  refresh: duration("How often whoever reads a feed is told to come back", "15m"),
  tls: Type.Optional(serverTls()),
});
export type DestinationOptions = Static<typeof destinationOptions>;
