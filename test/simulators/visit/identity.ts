import { Browser } from "../browser.ts";
import { bearer, fhirJson, type SystemStep, type Visit } from "./step.ts";

const scim = (visit: Visit, user: object) => visit.post(8041, "/scim/v2/Users", JSON.stringify({ schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], ...user }), { "content-type": "application/scim+json", ...bearer(visit.secret("workforce_scim_token")) });

/** In a browser, from the record's link to the application's last page. */
async function launched(visit: Visit, iss: string): Promise<string> {
  const { status, text } = await new Browser().open(`http://127.0.0.1:${visit.at(8041)}/smart/launch?${new URLSearchParams({ iss, launch: "visit-1" })}`);
  return `${status} ${text}`;
}

export const identity: SystemStep = {
  system: "identity",
  does: "sign in",
  attempts: [
    {
      from: "workforce-login",
      what: "SCIM: a practitioner begins to work here",
      send: (visit) => scim(visit, { userName: "uma.sample@visits.example", active: true, title: "Physician" }),
      answered: /^201/,
      ends: [{ at: "staff", partner: "visits-staff", lane: "staff-provisioning/staff", fate: "delivered", words: "who may sign in, and that it is a physician" }],
    },
    {
      from: "workforce-login",
      what: "SCIM: a user of no name",
      send: (visit) => scim(visit, { active: true }),
      answered: /^400/,
      ends: [{ at: "staff", partner: "visits-staff", fate: "refused", words: "RFC 7643 4.1.1 wants a userName: answered at the door" }],
    },
    {
      from: "hospital-launch",
      what: "SMART App Launch: she opens our application from the hospital's record, with two factors",
      send: (visit) => launched(visit, `http://127.0.0.1:${visit.at(8064)}/fhir`),
      answered: /^200 Done/,
      ends: [{ at: "desk", partner: "visits-desk", lane: "app-launch/desk", fate: "delivered", words: "which practitioner, which patient, which visit; no token" }],
    },
    {
      from: "hospital-launch",
      what: "SMART App Launch: from a server that is not the hospital's",
      send: (visit) => launched(visit, "https://record.example/fhir"),
      answered: /^400/,
      ends: [{ at: "desk", partner: "visits-desk", fate: "refused", words: "nobody is asked to sign in there" }],
    },
    {
      from: "care-portal",
      what: "somebody comes with a token that is not ours",
      send: (visit) => visit.post(8042, "/fhir/Patient", visit.fixture("patient.json"), { ...fhirJson, ...bearer("not-the-token-of-the-portal") }),
      answered: /^401/,
      ends: [{ at: "hospital", partner: "hospital-ehr", fate: "refused", words: "401: nothing was read of what came with it", is: ({ path, body }) => !path.includes("_search") && body.includes('"transaction"') }],
    },
  ],
};
