import type { Disclosing } from "../../phi/disclosure.ts";

/** An intent as the flow gives it. */
export const disclosing: Disclosing = {
  partner: "ehr", endpoint: "feed", revision: "r1", partnerHash: "ab", bytes: 4, policies: [], more: 0,
  labelIn: { level: "phi", compartments: ["hiv"], owners: ["north"], obligations: [] },
  label: { level: "phi", compartments: ["hiv"], owners: ["north"], obligations: [] },
  permit: { agreement: "T-1", basis: "treatment", purpose: "TREAT" },
  what: { type: "ORU^R01" },
  patients: [{ owner: "north", ids: ["4711", "4711^^^NORTH"] }],
};
