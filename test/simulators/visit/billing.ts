import { bearer, type SystemStep, type Visit } from "./step.ts";

interface ClaimForm {
  readonly payer: object;
  readonly billing: object;
  readonly subscriber: object;
}

const form = (visit: Visit) => JSON.parse(visit.fixture("claim.json")) as ClaimForm;
const post = (visit: Visit, path: string, body: object) => visit.post(8041, path, JSON.stringify(body), { "content-type": "application/json", ...bearer(visit.secret("billing_token")) });
const told = (transaction: string, claim: string) => ({ body }: { readonly body: string }) => body.includes(`"${transaction}"`) && body.includes(claim);

export const billing: SystemStep = {
  system: "billing",
  does: "claim",
  attempts: [
    {
      from: "visits-billing",
      what: "is she insured today?",
      send: (visit) => {
        const { payer, billing: provider, subscriber } = form(visit);
        return post(visit, "/eligibility", { payer, provider, subscriber, date: "2026-03-01" });
      },
      answered: /^200 .*"eligible":true/s,
      ends: [{ at: "clearinghouse", partner: "clearinghouse", lane: "eligibility/payer", fate: "delivered", words: "270 in real time; the 271 goes back to who asked", is: ({ path }) => path.includes("/eligibility") }],
    },
    {
      from: "visits-billing",
      what: "the claim for the visit, $110.50",
      send: (visit) => post(visit, "/claims", form(visit)),
      answered: /^202/,
      ends: [
        { at: "clearinghouse", partner: "clearinghouse", lane: "claims/clearinghouse", fate: "delivered", words: "837 by SFTP, one set a claim", is: ({ body }) => body.includes("CLM*VC100201*110.50") },
        { at: "visits", partner: "visits-ledger", lane: "claims/ledger", fate: "delivered", words: "an amount, and tokens in the place of numbers", is: ({ body }) => body.includes('"claimed"') },
        { at: "billing", partner: "visits-billing", lane: "claim-acceptances/desk", fate: "delivered", words: "277CA: the payer has taken it", is: told("277CA", "VC100201") },
      ],
    },
    {
      from: "visits-billing",
      what: "a claim with her name in the place of the visit's id",
      send: (visit) => post(visit, "/claims", { ...form(visit), claim: "VC100202", visit: "Alma Testpatient" }),
      answered: /^202/,
      ends: [
        { at: "clearinghouse", partner: "clearinghouse", lane: "claims/clearinghouse", fate: "delivered", words: "the payer may know her", is: ({ body }) => body.includes("CLM*VC100202*") },
        { at: "visits", partner: "visits-ledger", lane: "claims/ledger", fate: "refused", words: "the ledger may not: nothing of it arrives", is: ({ body }) => body.includes('"claimed"') },
      ],
    },
    {
      from: "clearinghouse",
      what: "835: the payer has paid",
      send: async (visit) => {
        visit.peers.of("clearinghouse").pays(["VC100201"]);
        return "put";
      },
      answered: /^put$/,
      ends: [{ at: "visits", partner: "visits-ledger", lane: "remittance-postings/ledger", fate: "delivered", words: "which payer paid how much, under the claim's token", is: ({ body }) => body.includes('"remitted"') }],
    },
  ],
};
