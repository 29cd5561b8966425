import type { SystemStep } from "./step.ts";

export const analytics: SystemStep = {
  system: "analytics",
  does: "measure",
  attempts: [
    {
      from: "northside-adt",
      what: "ADT^A04: a visit to be counted",
      send: (visit) => visit.mllp(2576, visit.fixture("adt-a04.hl7")),
      answered: /^[AC]A$/,
      ends: [
        { at: "analytics", partner: "visit-insights", lane: "visit-analytics/insights", fate: "delivered", words: "two codes and a random token", is: ({ path }) => path.startsWith("/events") },
        { at: "analytics", partner: "visit-research", lane: "visit-analytics/research", fate: "delivered", words: "Safe Harbor: years, three digits of the ZIP code", is: ({ path }) => path.startsWith("/research") },
      ],
    },
  ],
};
