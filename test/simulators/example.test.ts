import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleProject, type ExampleProject } from "../systems/example-project.ts";

/** Every identifier of the fixtures' patient, as it could be read in what a partner receives. */
const planted = ["90017734", "TESTPATIENT", "Testpatient", "ALMA", "Alma", "19640229", "1964-02-29", "5550143", "EXAMPLE STREET", "999-12-3456", "LB26-0091123", "ORD7730021", "VN8830012"];

describe("the example project with its partners", () => {
  let example: ExampleProject;
  beforeAll(async () => void (example = await exampleProject()));
  afterAll(() => example?.close());

  it("brings a lab result to the record and the ward, and refuses the tracker its order number", async () => {
    await example.send("fixtures/oru-r01.hl7");
    const [bundle] = example.peers.received("ehr").map(({ body }) => JSON.parse(body));
    const types = bundle.entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
    expect(types).toEqual(["Patient", "DiagnosticReport", ...Array(6).fill("Observation")]);
    expect(example.peers.received("ehr")[0]?.body).toContain('"value":1.10');
    expect(example.peers.received("ward")[0]?.body).toContain("7.1|mmol/L");
    expect(example.peers.received("ward")[0]?.body).not.toContain("999-12-3456");
    expect(example.peers.received("tracker")).toEqual([]);
    const tracker = example.engine.operations.messages({ lane: "lab-results/tracker", limit: 1 })[0]?.entries.find(({ lane }) => lane.endsWith("/tracker"));
    expect(tracker).toMatchObject({ state: "refused", code: "PHI-201" });
  });

  it("charges a visit; what Stripe learns is the closed list", async () => {
    await example.send("fixtures/appointment-booked.json");
    const [order] = example.peers.received("stripe");
    expect(Object.fromEntries(new URLSearchParams(order?.body))).toEqual({
      amount: "4000", currency: "usd", customer: "cus_T9xkQ2mWv4LpZr", payment_method: "pm_1Qr8LkT2vXw9ZsYb4NcE7uHd", confirm: "true", "metadata[ref]": expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(order?.headers["authorization"]).toBe(`Bearer ${example.secret("stripe_key")}`);
  });

  it("counts a visit by codes, with the same token for the same patient", async () => {
    await example.send("fixtures/adt-a04.hl7");
    const again = readFileSync(join(example.root, "fixtures/adt-a04.hl7"), "utf8").replace("NA20260301000482", "NA20260301000483");
    writeFileSync(join(example.root, "fixtures/again.hl7"), again);
    await example.send("fixtures/again.hl7");
    const arrived = (at: string) => example.peers.received("analytics").filter(({ path }) => path.startsWith(at)).map(({ body }) => JSON.parse(body));
    const [first, second] = arrived("/events");
    expect(first).toMatchObject({ event: "visit", visit_type: "emergency", department: "acute-care" });
    expect(second.visitor).toBe(first.visitor);
    const [visit, another] = arrived("/research");
    expect(visit).toEqual({ event: "visit", patient: expect.stringMatching(/^[0-9a-f]{32}$/), visit_year: 2026, birth_year: 1964, sex: "F", zip3: "011", class: "E" });
    expect(another).toEqual(visit);
    expect(visit.patient).not.toBe(first.visitor);
  });

  it("has channels whose own tests pass, and nothing for lint to say", async () => {
    const [tested, linted] = [await example.cli("test"), await example.cli("lint")];
    expect([tested.code, tested.out.split("\n").filter((line) => line.startsWith("FAIL"))]).toEqual([0, []]);
    expect([linted.code, linted.err]).toEqual([0, ""]);
  });

  it("lets no identifier reach those who have no agreement, nor the log", () => {
    const left = (["stripe", "analytics", "tracker"] as const).flatMap((name) => example.peers.received(name));
    expect(left.length).toBeGreaterThan(2);
    for (const value of planted) {
      for (const arrival of left) expect(JSON.stringify(arrival)).not.toContain(value);
      expect(example.log.join("\n")).not.toContain(value);
    }
    expect(example.engine.operations.status().conservationGap).toBe(0);
  });
});
