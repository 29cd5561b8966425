import type { SystemStep } from "./step.ts";

export const labs: SystemStep = {
  system: "labs",
  does: "result",
  attempts: [
    {
      from: "northside-lis",
      what: "ORU^R01: potassium 7.1, critically high",
      send: (visit) => visit.mllp(2575, visit.fixture("oru-r01.hl7")),
      answered: /^[AC]A$/,
      ends: [
        { at: "ehr", partner: "clinic-ehr", lane: "lab-results/ehr", fate: "delivered", words: "the result as a FHIR Bundle", is: ({ body }) => body.includes('"value":7.1') && body.includes("HH") },
        { at: "ward", partner: "northside-ward", lane: "lab-results/ward", fate: "delivered", words: "the message, without her social security number", is: ({ body }) => body.includes("7.1|mmol/L") && !body.includes("999-12-3456") },
        { at: "tracker", partner: "specimen-tracker", lane: "lab-results/tracker", fate: "refused", words: "its field would carry the order number, and nothing is signed" },
      ],
    },
    {
      from: "northside-lis",
      what: "ORU^R01: the same, under an order number that says nothing",
      send: (visit) => visit.mllp(2575, visit.fixture("oru-r01.hl7").replace("NS20260301000117", "NS20260301000118").replaceAll("LB26-0091123^NSLIS", "6f1c9d0e-58b7-4c1a-9a53-0d2f7e6b4a11^NSLIS")),
      answered: /^[AC]A$/,
      ends: [{ at: "tracker", partner: "specimen-tracker", lane: "lab-results/tracker", fate: "delivered", words: "that an order is final, and its random number", is: ({ body }) => body.includes("6f1c9d0e-58b7-4c1a-9a53-0d2f7e6b4a11") }],
    },
  ],
};
