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
        { at: "analytics", partner: "visit-benchmarks", lane: "visit-analytics/benchmarks", fate: "delivered", words: "a batch: a code and another token for the same patient", is: ({ path }) => path.startsWith("/benchmarks") },
        { at: "analytics", partner: "visit-research", lane: "visit-analytics/research", fate: "delivered", words: "Safe Harbor: years, three digits of the ZIP code", is: ({ path }) => path.startsWith("/research") },
        { at: "warehouse", partner: "visit-warehouse", lane: "visit-datasets/warehouse", fate: "delivered", words: "a row of its table, Safe Harbor" },
        { at: "registry", partner: "visit-registry", lane: "visit-datasets/registry", fate: "delivered", words: "a file in its folder, Safe Harbor" },
        { at: "analytics", partner: "readmission-study", lane: "visit-datasets/study", fate: "delivered", words: "what an expert examined: dates moved, keyed pseudonyms", is: ({ path }) => path.startsWith("/study") },
        { at: "covered", partner: "visit-insights-covered", lane: "visit-datasets/covered", fate: "delivered", words: "who came: this contract is a BAA", is: ({ body }) => body.includes("90017734") },
      ],
    },
    {
      from: "northside-adt",
      what: "ADT^A04: a visit of no known day",
      send: (visit) => visit.mllp(2576, visit.fixture("adt-a04.hl7").replace("NA20260301000482", "NA20260301000483").replace(/^EVN\|A04\|[^\r\n]*/m, "EVN|A04|")),
      answered: /^[AC]A$/,
      ends: [
        { at: "analytics", partner: "visit-insights", lane: "visit-analytics/insights", fate: "delivered", words: "the same two codes", is: ({ path }) => path.startsWith("/events") },
        { at: "analytics", partner: "visit-research", lane: "visit-analytics/research", fate: "refused", words: "the closed list wants a year: refused, not trimmed", is: ({ path }) => path.startsWith("/research") },
      ],
    },
  ],
};
