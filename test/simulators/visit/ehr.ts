import { bearer, fhirJson, type SystemStep, type Visit } from "./step.ts";

/** A transaction, not one of the polls that ask for what changed. */
const isTransaction = ({ path, body }: { readonly path: string; readonly body: string }) => !path.includes("_search") && body.includes('"transaction"');

function patient(visit: Visit, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { readonly resourceType: string } {
  const resource = JSON.parse(visit.fixture("patient.json")) as { resourceType: string; identifier: readonly object[] };
  return { ...resource, id: "p-9001", identifier: resource.identifier.map((each) => ({ ...each, value: "90017734" })), name: [{ use: "official", family: "TESTPATIENT", given: ["ALMA"] }], birthDate: "1964-02-29", ...change };
}

const put = (visit: Visit, resource: object) => visit.post(8042, "/fhir/Patient", JSON.stringify(resource), { ...fhirJson, ...bearer(visit.secret("portal_token")) });

export const ehr: SystemStep = {
  system: "ehr",
  does: "see",
  attempts: [
    {
      from: "northside-adt",
      what: "ADT^A01: she is seen at the clinic",
      send: (visit) => visit.mllp(2577, visit.fixture("adt-a04.hl7").replaceAll("A04", "A01").replace("NA20260301000482", "NA20260304000901")),
      answered: /^[AC]A$/,
      ends: [{ at: "hospital", partner: "hospital-ehr", lane: "ehr-admissions/record", fate: "delivered", words: "one FHIR transaction: patient and encounter", is: isTransaction }],
    },
    {
      from: "care-portal",
      what: "Patient: the care team corrects her name",
      send: (visit) => put(visit, patient(visit)),
      answered: /^20\d/,
      ends: [{ at: "hospital", partner: "hospital-ehr", lane: "ehr-front/record", fate: "delivered", words: "her record, found by identifier inside the body", is: isTransaction }],
    },
    {
      from: "care-portal",
      what: "Patient: a birth date that is none",
      send: (visit) => put(visit, patient(visit, { birthDate: "29.02.1964" })),
      answered: /^4\d\d .*OperationOutcome(?!.*29\.02)/s,
      ends: [{ at: "hospital", partner: "hospital-ehr", fate: "refused", words: "no valid R4: answered at the door, without the value", is: isTransaction }],
    },
    {
      from: "hospital-ehr",
      what: "its record changes, and it says so by a subscription",
      send: async (visit) => {
        const hospital = visit.peers.of("hospital");
        hospital.subscriber = { url: `http://127.0.0.1:${visit.at(8045)}/hooks/hospital`, headers: bearer(visit.secret("hospital_hook")), payload: false };
        hospital.put(patient(visit, { telecom: [{ system: "phone", value: "413-555-0143" }] }));
        hospital.subscriber = undefined;
        return "told";
      },
      answered: /^told$/,
      ends: [{ at: "ward", partner: "northside-ward", lane: "ehr-updates/ward", fate: "delivered", words: "ADT^A08, asked of the record and mapped", is: ({ body }) => body.includes("ADT^A08") && body.includes("TESTPATIENT") }],
    },
  ],
};
