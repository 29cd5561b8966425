import { prescription } from "../prescription.ts";
import { signingEvidence } from "../script-network.ts";
import { bearer, type End, type SystemStep, type Visit } from "./step.ts";

const uncontrolled = prescription({ id: "V-RX-1", drug: "00999000102", schedule: "", signed: false });
const controlled = (id: string) => prescription({ id });

const prescribe = (visit: Visit, message: string, evidence?: string) =>
  visit.post(8041, "/prescriptions", message, { "content-type": "application/xml", ...bearer(visit.secret("visits_rx_token")), ...(evidence === undefined ? {} : { "signing-evidence": evidence }) });

const given = (id: string): Pick<End, "at" | "partner" | "is" | "taken"> => ({
  at: "network",
  partner: "scripts-network",
  is: ({ body }) => body.includes(`<MessageID>${id}<`),
  taken: (peers) => peers.of("network").given.length,
});

export const pharmacy: SystemStep = {
  system: "pharmacy",
  does: "prescribe",
  attempts: [
    {
      from: "visits-rx",
      what: "NewRx: a drug that is known not to be controlled",
      send: (visit) => prescribe(visit, uncontrolled),
      answered: /^200 .*<Status>/s,
      ends: [{ ...given("V-RX-1"), lane: "prescriptions/network", fate: "delivered", words: "the prescription, byte for byte" }],
    },
    {
      from: "visits-rx",
      what: "NewRx: a controlled drug, without evidence of its signing",
      send: (visit) => prescribe(visit, controlled("V-RX-2")),
      answered: /^200 .*<Error>.*EPC-203/s,
      ends: [{ ...given("V-RX-2"), fate: "refused", words: "21 CFR 1311: no proof of two factors over these bytes" }],
    },
    {
      from: "visits-rx",
      what: "NewRx: the same drug, signed with two factors",
      send: (visit) => prescribe(visit, controlled("V-RX-3"), signingEvidence(controlled("V-RX-3"))),
      answered: /^200 .*<Status>/s,
      ends: [{ ...given("V-RX-3"), lane: "prescriptions/network", fate: "delivered", words: "the signed bytes as they were signed" }],
    },
    {
      from: "visits-rx",
      what: "NewRx: one that the pharmacy does not take",
      send: (visit) => {
        visit.peers.of("network").trouble("pharmacy-error");
        return prescribe(visit, prescription({ id: "V-RX-4", drug: "00999000102", schedule: "", signed: false }));
      },
      answered: /^422 .*<Error>/s,
      ends: [{ ...given("V-RX-4"), lane: "prescriptions/network", fate: "dead", words: "the pharmacy said no; the prescriber was told" }],
    },
  ],
};
