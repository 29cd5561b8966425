import { duration, object, outboundAuth, size, Type, type Static } from "../../engine/sdk/index.ts";

export const sourceOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner that is asked; not needed when it has only one for HTTP", examples: ["calendars"] })),
  calendars: Type.Record(
    Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" }),
    Type.String({ description: "Path below the endpoint's own", pattern: "^/(?!/)[A-Za-z0-9._~/%@+-]*$" }),
    { description: "Whose calendars they are, and where each stands below the endpoint. Each message says whose it is as X-CALENDAR-OF", additionalProperties: false, minProperties: 1, examples: [{ "uma-sample": "/uma/basic.ics" }] },
  ),
  every: duration("Pause between two rounds", "15m"),
  stale: duration("How long a calendar may stay as it is before that is told, and it is fetched without a condition", "7d"),
  vanished: Type.Enum(["cancel", "count"], { description: "What becomes of an event that stands in the calendar no more, and is not over: a message with METHOD:CANCEL, or a count", default: "cancel" }),
  largest: size("Largest calendar; a larger one is not taken", "5mb"),
  timeout: duration("Time for one calendar", "30s"),
  auth: Type.Optional(outboundAuth()),
});
export type SourceOptions = Static<typeof sourceOptions>;
