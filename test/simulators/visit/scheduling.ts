import { bearer, type End, type SystemStep, type Visit } from "./step.ts";

/** A day ahead, so that it stands in the half year that feeds show. */
const start = `${new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)}T13:00:00.000Z`;
const end = new Date(Date.parse(start) + 20 * 60_000).toISOString();

interface Booking {
  readonly id: string;
  readonly version?: number;
  readonly state?: string;
}

function book(visit: Visit, { id, version = 1, state = "booked" }: Booking): Promise<string> {
  const booking = { booking: id, version, provider: "uma-sample", patient: "90017734", from: start, to: end, state };
  return visit.post(8041, "/bookings", JSON.stringify(booking), { "content-type": "application/json", ...bearer(visit.secret("visits_token")) });
}

const atRecord = (id: string): Pick<End, "at" | "partner" | "is"> => ({
  at: "hospital",
  partner: "hospital-ehr",
  is: ({ path, body }) => !path.includes("_search") && body.includes('"transaction"') && body.includes(id),
});

export const scheduling: SystemStep = {
  system: "scheduling",
  does: "book",
  attempts: [
    {
      from: "visits-app",
      what: "she books a video visit",
      send: (visit) => book(visit, { id: "V-9001" }),
      answered: /^202/,
      ends: [{ ...atRecord("V-9001"), lane: "visit-bookings/record", fate: "delivered", words: "Appointment and Slot in one transaction; the provider's feed says only when" }],
    },
    {
      from: "visits-app",
      what: "somebody else books the same provider at the same time",
      send: (visit) => book(visit, { id: "V-9002" }),
      answered: /^409/,
      ends: [{ ...atRecord("V-9002"), fate: "refused", words: "409: nobody is booked twice" }],
    },
    {
      from: "visits-app",
      what: "a change that is older than what is known",
      send: (visit) => book(visit, { id: "V-9001", version: 0, state: "cancelled" }),
      answered: /^409/,
      ends: [{ ...atRecord("V-9001"), fate: "refused", words: "409: the visit stands as it is" }],
    },
    {
      from: "hospital-ehr",
      what: "the hospital's desk books a visit of its own",
      send: async (visit) => {
        const participant = [{ actor: { reference: "Patient/90017734" }, status: "accepted" }, { actor: { reference: "Practitioner/ben-example" }, status: "accepted" }];
        visit.peers.of("hospital").put({ resourceType: "Appointment", id: "L-9001", identifier: [{ system: "https://lakeside.example/visits", value: "L-9001" }], status: "booked", start, end, participant });
        return "put";
      },
      answered: /^put$/,
      ends: [{ at: "schedule", partner: "visits-schedule", lane: "desk-visits/visits", fate: "delivered", words: "asked of the record, told to our own calendar", is: ({ body }) => body.includes("L-9001") }],
    },
  ],
};
