import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StripeSimulator, StripeTrouble } from "../simulators/stripe.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

const charged = { amount: "4000", currency: "usd", customer: "cus_T9xkQ2mWv4LpZr", payment_method: "pm_1Qr8LkT2vXw9ZsYb4NcE7uHd", confirm: "true" };

describe("payments", () => {
  let example: ExampleProject;
  let stripe: StripeSimulator;
  let visits = 0;
  beforeAll(async () => {
    example = await exampleProject((text, file) => (file.startsWith("appointment") || file.startsWith("visit-") ? text.replace("initial: 2s", "initial: 50ms") : text));
    stripe = example.peers.of("stripe");
  });
  // What a test that failed has left under way, or to go wrong, is not the next one's.
  beforeEach(async () => {
    stripe.calm();
    await example.settled();
  });
  afterAll(() => example?.close());

  /** A request of the visits application, with an id of its own. */
  async function post(path: string, body: unknown, type = "application/fhir+json"): Promise<{ status: number; text: string }> {
    const headers = { authorization: `Bearer ${example.secret("visits_token")}`, "content-type": type, "idempotency-key": `visit-${++visits}` };
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  }

  const appointment = (more: Record<string, unknown> = {}) => ({
    resourceType: "Appointment", id: `visit-${visits}`, status: "booked", description: "Alma Testpatient, follow-up of hypertension",
    extension: [
      { url: "https://visits.example/fhir/extension/copay", valueMoney: { value: 40, currency: "USD" } },
      { url: "https://visits.example/fhir/extension/stripe-customer", valueString: charged.customer },
      { url: "https://visits.example/fhir/extension/stripe-method", valueString: charged.payment_method },
    ],
    ...more,
  });

  const lane = (name: string) => example.engine.operations.status().lanes.find((one) => one.lane === name);

  async function charge(...troubles: StripeTrouble[]) {
    const before = { made: stripe.made.length, ends: { ...lane("appointment-payment/payment")?.ends } };
    stripe.trouble(...troubles);
    expect((await post("/appointments", appointment())).status).toBe(202);
    await example.settled();
    const { delivered = 0, rejected = 0 } = lane("appointment-payment/payment")?.ends ?? {};
    return { made: stripe.made.slice(before.made), delivered: delivered - (before.ends.delivered ?? 0), rejected: rejected - (before.ends.rejected ?? 0) };
  }

  it("a booked visit is charged with a token, an amount and a random reference", async () => {
    const { made, delivered } = await charge();
    expect(delivered).toBe(1);
    expect(made).toEqual([{ id: expect.stringMatching(/^pi_/), object: "payment_intent", fields: { ...charged, "metadata[ref]": expect.stringMatching(/^[0-9a-f]{32}$/) } }]);
    const arrival = example.peers.received("stripe").at(-1);
    expect(arrival?.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded", authorization: `Bearer ${example.secret("stripe_key")}`, "stripe-version": expect.stringMatching(/^20\d\d-/) });
    expect(arrival?.headers["idempotency-key"]?.length).toBeGreaterThan(15);
  });

  it("402: a declined card is rejected, and kept is the kind of the error alone", async () => {
    expect(await charge("declined")).toEqual({ made: [], delivered: 0, rejected: 1 });
    const [message] = example.engine.operations.messages({ lane: "appointment-payment/payment", limit: 1 });
    expect(message?.entries[0]).toMatchObject({ state: "rejected", code: "STR-203" });
    const shown = await example.cli("message", "show", `m${message?.id}`, "--contents", "--unmask", "--purpose", "HPAYMT");
    expect(shown.out).toContain("insufficient_funds");
    expect(shown.out).not.toContain('"message"');
  });

  it.each([["409: the key is in use elsewhere", "in-use"], ["429: too many requests", "limited"], ["500: an error of the server", "error"]] as const)("%s: asked again, and charged once", async (_, trouble) => {
    expect(await charge(trouble)).toMatchObject({ made: [{ object: "payment_intent" }], delivered: 1 });
  });

  it("time-out after the charge: asked again under the same key, and charged once", async () => {
    const before = example.peers.received("stripe").length;
    expect(await charge("lost")).toMatchObject({ made: [{ object: "payment_intent" }], delivered: 1 });
    const keys = example.peers.received("stripe").slice(before).map(({ headers }) => headers["idempotency-key"]);
    expect(keys.length).toBe(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("a repeat of the application's own request is no second charge", async () => {
    const before = stripe.made.length;
    const body = appointment();
    const first = await post("/appointments", body);
    visits--;
    const second = await post("/appointments", body);
    expect([second.status, second.text]).toEqual([202, first.text]);
    await example.settled();
    expect(stripe.made.length).toBe(before + 1);
  });

  it("what the answer says of the payer is kept nowhere", async () => {
    await charge();
    const [message] = example.engine.operations.messages({ lane: "appointment-payment/payment", limit: 1 });
    const shown = await example.cli("message", "show", `m${message?.id}`, "--contents", "--unmask", "--purpose", "HPAYMT", "--json");
    expect(shown.out).toContain("succeeded");
    for (const word of ["receipt", "billing_details", "alma@testpatient.example"]) expect(shown.out).not.toContain(word);
    // Four digits stand by chance in a hash.
    expect(shown.out).not.toMatch(/(?<![0-9a-f])4242(?![0-9a-f])/);
  });

  it("a refund names the charge and the amount, and not why", async () => {
    const { made: [intent] } = await charge();
    expect((await post("/refunds", { charge: intent?.id, amount: 4000, why: "Alma Testpatient is in hospital" }, "application/json")).status).toBe(202);
    await example.settled();
    expect(stripe.made.at(-1)).toMatchObject({ object: "refund", fields: { payment_intent: intent?.id, amount: "4000", reason: "requested_by_customer" } });
  });

  it("a customer is made without a name, and its token comes back", async () => {
    const patient = { resourceType: "Patient", id: "90017734", name: [{ family: "Testpatient", given: ["Alma"] }] };
    const { status, text } = await post("/customers", patient);
    expect(status).toBe(200);
    const made = stripe.made.at(-1);
    expect(made).toMatchObject({ object: "customer", fields: { "metadata[ref]": expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(JSON.parse(text)).toEqual({ id: made?.id, object: "customer", status: "succeeded", created: expect.any(Number), livemode: false });
  });

  describe("webhooks", () => {
    /** Each event is another, and each try of a test is about a charge of its own. */
    let events = 0;
    const fresh = () => `pi_hook${String(++events).padStart(12, "0")}`;
    const event = (type: string, created: number, charge: string) => ({
      id: `evt_${++events}`, object: "event", type, created,
      data: { object: { id: charge, object: "payment_intent", status: type === "payment_intent.succeeded" ? "succeeded" : "processing", amount: 4000, latest_charge: { billing_details: { name: "Alma Testpatient" } } } },
    });
    const url = () => `http://127.0.0.1:${example.at(8041)}/stripe`;
    const told = (of: string) => example.peers.received("visits").map(({ body }) => JSON.parse(body) as { charge: string; status: string }).filter(({ charge }) => charge === of);
    const notify = (one: object, secret = example.secret("stripe_webhook"), at?: number) => stripe.notify(url(), secret, one, at);

    it("what became of a charge reaches the application, without who paid", async () => {
      const charge = fresh();
      expect(await notify(event("payment_intent.processing", 100, charge))).toBe(202);
      expect(await notify(event("payment_intent.succeeded", 110, charge))).toBe(202);
      await example.settled();
      expect(told(charge)).toEqual(["processing", "succeeded"].map((status) => ({ charge, status, amount: 4000 })));
    });

    it("an event that comes twice is told once, and one out of order changes nothing", async () => {
      const charge = fresh();
      const late = event("payment_intent.succeeded", 210, charge);
      const at = Math.floor(Date.now() / 1000);
      expect([await notify(late, undefined, at), await notify(late, undefined, at)]).toEqual([202, 202]);
      expect(await notify(event("payment_intent.processing", 200, charge))).toBe(202);
      await example.settled();
      expect(told(charge).map(({ status }) => status)).toEqual(["succeeded"]);
    });

    it("another's signature, an old one and none are refused, and nothing is stored", async () => {
      const charge = fresh();
      const before = example.peers.received("visits").length;
      expect(await notify(event("payment_intent.succeeded", 300, charge), "whsec_another")).toBe(401);
      expect(await notify(event("payment_intent.succeeded", 300, charge), undefined, Math.floor(Date.now() / 1000) - 3600)).toBe(401);
      expect((await fetch(url(), { method: "POST", body: "{}", headers: { "content-type": "application/json" } })).status).toBe(401);
      await example.settled();
      expect(example.peers.received("visits").length).toBe(before);
    });

    it("what Stripe's own library signs is taken", async () => {
      const library = new Stripe("sk_test_library");
      const charge = fresh();
      const payload = JSON.stringify(event("payment_intent.succeeded", 400, charge));
      const header = library.webhooks.generateTestHeaderString({ payload, secret: example.secret("stripe_webhook") });
      const { status } = await fetch(url(), { method: "POST", body: payload, headers: { "content-type": "application/json", "stripe-signature": header } });
      await example.settled();
      expect([status, told(charge).length]).toEqual([202, 1]);
    });
  });

  it("the simulator is one that Stripe's own library talks to", async () => {
    const library = new Stripe("sk_test_library", { host: "127.0.0.1", port: example.peers.ports.stripe, protocol: "http", maxNetworkRetries: 2, telemetry: false });
    const { customer, payment_method } = charged;
    const ask = () => library.paymentIntents.create({ amount: 5000, currency: "usd", customer, payment_method, confirm: true, metadata: { ref: "0123456789abcdef" } }, { idempotencyKey: "library-1" });
    stripe.trouble("in-use", "lost");
    const intent = await ask();
    expect(intent).toMatchObject({ object: "payment_intent", amount: 5000, status: "succeeded" });
    expect((await ask()).id).toBe(intent.id);
    // What the library puts on the wire is what the connector puts there.
    const [ours, theirs] = ["pi_ours", "library-1"].map((_, i) => example.peers.received("stripe").filter(({ headers }) => (headers["idempotency-key"] === "library-1") === (i === 1)).find(({ path }) => path === "/v1/payment_intents"));
    expect(Object.keys(Object.fromEntries(new URLSearchParams(theirs?.body))).sort()).toEqual(Object.keys(Object.fromEntries(new URLSearchParams(ours?.body))).sort());
    expect(theirs?.headers["content-type"]).toBe(ours?.headers["content-type"]);
    stripe.trouble("declined");
    await expect(library.paymentIntents.create({ amount: 5000, currency: "usd" })).rejects.toMatchObject({ type: "StripeCardError", code: "card_declined" });
    await expect(library.refunds.create({ payment_intent: intent.id, amount: 100 })).resolves.toMatchObject({ object: "refund", status: "succeeded" });
  });

  it("a declined parameter of the closed list cannot be written: lint says so", async () => {
    const { readFileSync, writeFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const file = join(example.root, "appointment-payment.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("      confirm: { const: true }\n", '      confirm: { const: true }\n      description: { enum: [visit] }\n      customer_email: { const: a@b.example }\n'));
    const { code, out } = await example.cli("lint", "--json").finally(() => writeFileSync(file, text));
    expect(code).toBe(1);
    expect(out.match(/PHI-131/g)?.length).toBe(2);
  });
});
