import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEngine, type RunningEngine } from "../../engine/cli/compose.ts";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { createMissingSecrets } from "../../engine/cli/secrets-needed.ts";
import { examplePorts, startSimulators, type Simulators } from "./simulators.ts";

/** Every identifier of the fixtures' patient, as it could be read in what a partner receives. */
const planted = ["90017734", "TESTPATIENT", "Testpatient", "ALMA", "Alma", "19640229", "1964-02-29", "5550143", "EXAMPLE STREET", "999-12-3456", "LB26-0091123", "ORD7730021", "VN8830012"];

describe("the example project with its partners", () => {
  let root = "";
  let peers: Simulators;
  let engine: RunningEngine;
  const log: string[] = [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "sluice-example-"));
    cpSync("channels", root, { recursive: true, filter: (path) => !/[\\/](\.sluice|secrets)([\\/]|$)/.test(path) });
    peers = await startSimulators({ ehr: 0, ward: 0, stripe: 0, analytics: 0, tracker: 0 });
    const names = Object.keys(examplePorts) as (keyof typeof examplePorts)[];
    rewrite("partners.yaml", names.map((name) => [examplePorts[name], peers.ports[name]]));
    for (const [file, port] of [["lab-results", 2575], ["visit-analytics", 2576], ["appointment-payment", 8041]] as const) {
      rewrite(`${file}.yaml`, [[port, await freePort()]]);
    }
    await createMissingSecrets(root);
    engine = await startEngine({ root, log: (line) => void log.push(line), allowVolatileStore: true });
  });
  afterAll(async () => {
    await engine?.close();
    await peers?.close();
    rmSync(root, { recursive: true, force: true });
  });

  function rewrite(file: string, ports: readonly (readonly [number, number])[]): void {
    let text = readFileSync(join(root, file), "utf8");
    for (const [from, to] of ports) text = text.replace(new RegExp(`\\b${from}\\b`, "g"), String(to));
    writeFileSync(join(root, file), text);
  }

  async function send(file: string): Promise<void> {
    const terminal = sampleTerminal({ cwd: root });
    expect([await main(["send", file], terminal), terminal.errs]).toEqual([0, []]);
    await settled();
  }

  async function settled(): Promise<void> {
    await expect.poll(() => engine.operations.status().lanes.reduce((sum, lane) => sum + lane.depth, 0), { timeout: 10_000 }).toBe(0);
  }

  it("brings a lab result to the record and the ward, and refuses the tracker its order number", async () => {
    await send("fixtures/oru-r01.hl7");
    const [bundle] = peers.received("ehr").map(({ body }) => JSON.parse(body));
    const types = bundle.entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
    expect(types).toEqual(["Patient", "DiagnosticReport", ...Array(6).fill("Observation")]);
    expect(peers.received("ehr")[0]?.body).toContain('"value":1.10');
    expect(peers.received("ward")[0]?.body).toContain("7.1|mmol/L");
    expect(peers.received("ward")[0]?.body).not.toContain("999-12-3456");
    expect(peers.received("tracker")).toEqual([]);
    const tracker = engine.operations.messages({ lane: "lab-results/tracker", limit: 1 })[0]?.entries.find(({ lane }) => lane.endsWith("/tracker"));
    expect(tracker).toMatchObject({ state: "refused", code: "PHI-201" });
  });

  it("charges a visit; what Stripe learns is the closed list", async () => {
    await send("fixtures/appointment-booked.json");
    const [order] = peers.received("stripe");
    expect(JSON.parse(order?.body ?? "")).toEqual({
      amount: 4000, currency: "usd", customer: "cus_T9xkQ2mWv4LpZr", payment_method: "pm_1Qr8LkT2vXw9ZsYb4NcE7uHd", confirm: true,
    });
    expect(order?.headers["authorization"]).toBe(`Bearer ${readFileSync(join(root, "secrets/stripe_key"), "utf8").trim()}`);
  });

  it("counts a visit by codes, with the same token for the same patient", async () => {
    await send("fixtures/adt-a04.hl7");
    const again = readFileSync(join(root, "fixtures/adt-a04.hl7"), "utf8").replace("NA20260301000482", "NA20260301000483");
    writeFileSync(join(root, "fixtures/again.hl7"), again);
    await send("fixtures/again.hl7");
    const arrived = (at: string) => peers.received("analytics").filter(({ path }) => path.startsWith(at)).map(({ body }) => JSON.parse(body));
    const [first, second] = arrived("/events");
    expect(first).toMatchObject({ event: "visit", visit_type: "emergency", department: "acute-care" });
    expect(second.visitor).toBe(first.visitor);
    const [visit, another] = arrived("/research");
    expect(visit).toEqual({ event: "visit", patient: expect.stringMatching(/^[0-9a-f]{32}$/), visit_year: 2026, birth_year: 1964, sex: "F", zip3: "011", class: "E" });
    expect(another).toEqual(visit);
    expect(visit.patient).not.toBe(first.visitor);
  });

  it("lets no identifier reach those who have no agreement, nor the log", () => {
    const left = (["stripe", "analytics", "tracker"] as const).flatMap((name) => peers.received(name));
    expect(left.length).toBeGreaterThan(2);
    for (const value of planted) {
      for (const arrival of left) expect(JSON.stringify(arrival)).not.toContain(value);
      expect(log.join("\n")).not.toContain(value);
    }
    expect(engine.operations.status().conservationGap).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
