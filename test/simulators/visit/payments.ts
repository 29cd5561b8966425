import { bearer, type End, fhirJson, type SystemStep, type Visit } from "./step.ts";

interface Appointment {
  readonly extension: readonly { readonly url: string }[];
}

function book(visit: Visit, id: string, change: Readonly<Record<string, unknown>> = {}, customer?: string): Promise<string> {
  const appointment = JSON.parse(visit.fixture("appointment-booked.json")) as Appointment;
  const extension = appointment.extension.map((each) => (customer !== undefined && each.url.endsWith("stripe-customer") ? { ...each, valueString: customer } : each));
  return visit.post(8041, "/appointments", JSON.stringify({ ...appointment, extension, ...change }), { ...fhirJson, ...bearer(visit.secret("visits_token")), "idempotency-key": id });
}

const charge: Pick<End, "at" | "partner" | "lane" | "taken"> = { at: "stripe", partner: "stripe", lane: "appointment-payment/payment", taken: (peers) => peers.of("stripe").made.length };

export const payments: SystemStep = {
  system: "payments",
  does: "charge",
  attempts: [
    {
      from: "visits-app",
      what: "Appointment: a booked visit with a copay of $40",
      send: (visit) => book(visit, "visit-charge-1"),
      answered: /^202/,
      ends: [{ ...charge, fate: "delivered", words: "an amount, two tokens and a random reference" }],
    },
    {
      from: "visits-app",
      what: "Appointment: her name in the place of the token",
      send: (visit) => book(visit, "visit-charge-2", {}, "cus_AlmaTestpatient"),
      answered: /^202/,
      ends: [{ ...charge, fate: "refused", words: "a name of this very message is inside" }],
    },
    {
      from: "visits-app",
      what: "Appointment: a visit that is only proposed",
      send: (visit) => book(visit, "visit-charge-3", { status: "proposed" }),
      answered: /^202/,
      ends: [{ ...charge, fate: "filtered", words: "nothing is due yet" }],
    },
    {
      from: "visits-app",
      what: "Appointment: a card that the bank declines",
      send: (visit) => {
        visit.peers.of("stripe").trouble("declined");
        return book(visit, "visit-charge-4");
      },
      answered: /^202/,
      ends: [{ ...charge, fate: "dead", words: "Stripe said no; finance finds it among the dead letters" }],
    },
    {
      from: "stripe",
      what: "webhook: the charge has succeeded",
      send: async (visit) => {
        const [intent] = visit.peers.of("stripe").made;
        const event = { id: "evt_visit_1", object: "event", type: "payment_intent.succeeded", created: Math.floor(Date.now() / 1000), data: { object: { id: intent?.id, object: "payment_intent", status: "succeeded", amount: 4000, receipt_email: "alma@testpatient.example" } } };
        return String(await visit.peers.of("stripe").notify(`http://127.0.0.1:${visit.at(8041)}/stripe`, visit.secret("stripe_webhook"), event));
      },
      answered: /^202/,
      ends: [{ at: "visits", partner: "visits-ledger", lane: "payment-events/visits", fate: "delivered", words: "which charge, its state, its amount; not who paid", is: ({ path }) => path.startsWith("/payments") }],
    },
  ],
};
