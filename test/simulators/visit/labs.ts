import { bearer, fhirJson, type SystemStep, type Visit } from "./step.ts";

/** The alert that the pagers were told last. */
function alertOf(visit: Visit): string {
  const page = visit.peers.received("onCall").at(-1)?.body ?? "{}";
  return (JSON.parse(page) as { alert?: string }).alert ?? "";
}

export const labs: SystemStep = {
  system: "labs",
  does: "order, result",
  attempts: [
    {
      from: "visits-orders",
      what: "ServiceRequest: a panel is ordered",
      send: (visit) => visit.post(8041, "/orders", visit.fixture("order-panel.json"), { ...fhirJson, ...bearer(visit.secret("visits_orders_token")) }),
      answered: /^20\d/,
      ends: [{ at: "lab", partner: "northside-lis", lane: "lab-orders/laboratory", fate: "delivered", words: "OML^O21: the order, patient and specimen", is: ({ body }) => body.includes("OML^O21") && body.includes("ORD7730021") }],
    },
    {
      from: "northside-lis",
      what: "ORU^R01: potassium 7.1, critically high",
      send: (visit) => {
        visit.peers.of("onCall").onDuty = undefined;
        return visit.mllp(2575, visit.fixture("oru-r01.hl7"));
      },
      answered: /^[AC]A$/,
      ends: [
        { at: "ehr", partner: "clinic-ehr", lane: "lab-results/ehr", fate: "delivered", words: "the result as a FHIR Bundle", is: ({ body }) => body.includes('"value":7.1') && body.includes("HH") },
        { at: "ward", partner: "northside-ward", lane: "lab-results/ward", fate: "delivered", words: "the message, without her social security number", is: ({ body }) => body.includes("7.1|mmol/L") && !body.includes("999-12-3456") },
        { at: "onCall", partner: "on-call-paging", fate: "delivered", words: "a page, on a path of its own, until somebody has seen it" },
        { at: "tracker", partner: "specimen-tracker", lane: "lab-results/tracker", fate: "refused", words: "its field would carry the order number, and nothing is signed" },
      ],
    },
    {
      from: "on-call-paging",
      what: "somebody has seen it, which alone ends the alert",
      send: (visit) => visit.post(8041, "/critical-seen", JSON.stringify({ alert: alertOf(visit), by: "on-call-nurse" }), { "content-type": "application/json", ...bearer(visit.secret("paging_token")) }),
      answered: /^20\d/,
      ends: [{ at: "inbox", partner: "visits-inbox", lane: "critical-seen/inbox", fate: "delivered", words: "who has seen it", is: ({ path }) => path.startsWith("/results-seen") }],
    },
    {
      from: "northside-lis",
      what: "ORU^R01: a corrected result, under a number that says nothing",
      send: (visit) => visit.mllp(2575, visit.fixture("oru-r01.hl7").replace("NS20260301000117", "NS20260301000118").replace("20260301142000-0500||CH|F", "20260301153000-0500||CH|C").replaceAll("LB26-0091123^NSLIS", "6f1c9d0e-58b7-4c1a-9a53-0d2f7e6b4a11^NSLIS")),
      answered: /^[AC]A$/,
      ends: [
        { at: "ehr", partner: "clinic-ehr", lane: "lab-results/ehr", fate: "delivered", words: "the correction, in its order" },
        { at: "tracker", partner: "specimen-tracker", lane: "lab-results/tracker", fate: "delivered", words: "that an order is corrected, and its random number", is: ({ body }) => body.includes("6f1c9d0e-58b7-4c1a-9a53-0d2f7e6b4a11") },
      ],
    },
  ],
};
