import { afterAll, beforeAll, expect, test } from "vitest";
import { type Simulators, startSimulators } from "../simulators/simulators.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "../flow/engine-on-disk.ts";
import { sluiceYaml } from "../flow/small-project.ts";
import { tracesOf } from "./traces.ts";

/** Planted in the result; none of them may be in what the payment or the analytics partner receives, in any form. */
const planted = {
  family: "QUARTZMAN",
  given: "OLYMPIADA",
  mrn: "900177345",
  birthDate: "19640229",
  phone: "4135550143",
  ssn: "999123456",
  street: "4711 EXAMPLE STREET",
  account: "ACC5520981",
  order: "ORD7730021",
  kin: "PEREGRINUS",
} as const;

/** Each way tries to get `value` out; only the last two are honest. */
const ways = [
  "({ amount: value })",
  "({ amount: 100, description: value })",
  "({ amount: 100, [value]: 1 })",
  "({ amount: 100, currency: value })",
  "({ amount: 100, customer: value })",
  "({ amount: Number(value) })",
  "({ amount: 100, kind: value })",
  "({ amount: 100, kind: 'visit', metadata: { ref: value } })",
  "({ amount: [value] })",
  "value",
  "JSON.stringify({ amount: 100, note: value })",
  "({ amount: 100, toString: undefined, note: value.split('').reverse().join('') })",
];

const partners = ({ pay, count }: { pay: number; count: number }) => `partners:
  lab:
    kind: lab
    links:
      inbound: { auth: none, allow: ["ORU^R01"], limit: 10000/s, audit: metadata, phi: allowed }
  payments:
    kind: payment
    endpoints: [{ id: api, url: "http://127.0.0.1:${pay}/v1" }]
    agreements:
      - { id: P-1, basis: none, levels: [none], purposes: [HPAYMT], effective: 2020-01-01, timezone: America/New_York }
    links:
      outbound: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: never }
  analytics:
    kind: analytics
    endpoints: [{ id: events, url: "http://127.0.0.1:${count}/events" }]
    agreements:
      - { id: A-1, basis: none, levels: [none], purposes: [HOPERAT], effective: 2020-01-01, timezone: America/New_York }
    links:
      outbound: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: never }
`;

const channel = (port: number) => `channel: leaky
summary: a transform that tries to get identifiers out
classification: phi
source:
  partner: lab
  mllp: { port: ${port} }
  types: ["ORU^R01"]
transform: |
  log(msg.get("PID-5.1"));
destinations:
  payment:
    partner: payments
    sends: none
    purpose: HPAYMT
    transform: |
      const i = Number(msg.get("MSH-10").slice(1));
      const value = [${Object.values(places)
        .map((path) => `msg.get("${path}")`)
        .join(", ")}][i % ${Object.keys(places).length}];
      const ways = [${ways.map((way) => `() => (${way})`).join(", ")}];
      const way = ways[Math.floor(i / ${Object.keys(places).length})];
      return way === undefined ? { amount: 4000 } : way();
    only:
      amount: { type: integer, minimum: 50, maximum: 100000 }
      currency: { const: usd }
      customer: { copy: ZPY-1, as: stripe-customer }
    http: { endpoint: api }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
  counts:
    partner: analytics
    sends: none
    purpose: HOPERAT
    transform: |
      const i = Number(msg.get("MSH-10").slice(1));
      const value = [${Object.values(places)
        .map((path) => `msg.get("${path}")`)
        .join(", ")}][i % ${Object.keys(places).length}];
      return i < ${Object.keys(places).length * ways.length} ? { kind: value, age: Number(value) } : { kind: "final", age: 40 };
    only:
      kind: { enum: [final, preliminary] }
      age: { type: integer, minimum: 0, maximum: 89 }
      patient: { surrogate: PID-3.1 }
    http: { endpoint: events }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
`;

const places = {
  family: "PID-5.1",
  given: "PID-5.2",
  mrn: "PID-3.1",
  birthDate: "PID-7",
  phone: "PID-13",
  ssn: "PID-19",
  street: "PID-11.1",
  account: "PID-18",
  order: "OBR-2",
  kin: "NK1-2.1",
} as const;

function result(control: string, customer = "cus_T9xkQ2mWv4LpZr"): string {
  const p = planted;
  return [
    `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01|${control}|P|2.5.1`,
    `PID|1||${p.mrn}^^^NORTH^MR||${p.family}^${p.given}||${p.birthDate}|F|||${p.street}^^SPRINGFIELD^MA^01101||${p.phone}|||||${p.account}|${p.ssn}`,
    `NK1|1|${p.kin}^${p.given}|SPO`,
    `OBR|1|${p.order}|F2001|718-7^Hemoglobin^LN`,
    "OBX|1|NM|718-7^Hemoglobin^LN||13.4|g/dL|12.0-16.0|N|||F",
    `ZPY|${customer}`,
    "",
  ].join("\r");
}

let peers: Simulators;
let disk: OnDisk;
let port: number;
const tries = Object.keys(planted).length * ways.length;

beforeAll(async () => {
  peers = await startSimulators(() => 0);
  port = await freePort();
  disk = await engineOnDisk({
    "sluice.yaml": sluiceYaml,
    "partners.yaml": partners({ pay: peers.ports.tracker, count: peers.ports.analytics }),
    "leaky.yaml": channel(port),
  });
});

afterAll(async () => {
  await disk?.close();
  await peers?.close();
});

function seenBy(partner: "tracker" | "analytics"): string {
  return JSON.stringify(peers.received(partner).map(({ path, headers, body }) => ({ path, headers, body })));
}

test("no identifier of the result reaches payment or analytics, by any way a transform has", async () => {
  for (let i = 0; i < tries; i++) expect(await sendMllp(port, result(`T${i}`))).toContain(`MSA|AA|T${i}`);
  for (const [name, value] of Object.entries(planted)) {
    const customer = `cus_${value.replace(/[^A-Za-z0-9]/g, "").padEnd(8, "x")}`;
    expect(await sendMllp(port, result(`T${tries + 1}${name.length}`, customer))).toContain("MSA|AA|");
  }
  await eventually(() => disk.engine.operations.status().lanes.every((lane) => lane.depth === 0), 30_000);
  expect(tracesOf(planted, seenBy("tracker"))).toEqual([]);
  expect(tracesOf(planted, seenBy("analytics"))).toEqual([]);
});

test("an honest message arrives, so the ways were closed and not the road", async () => {
  const before = peers.counts();
  expect(await sendMllp(port, result(`T${tries + 5000}`))).toContain("MSA|AA|");
  await eventually(() => peers.counts().tracker === before.tracker + 1 && peers.counts().analytics === before.analytics + 1);
  expect(JSON.parse(peers.received("tracker").at(-1)?.body ?? "")).toEqual({ amount: 4000, currency: "usd", customer: "cus_T9xkQ2mWv4LpZr" });
  expect(tracesOf(planted, seenBy("tracker") + seenBy("analytics"))).toEqual([]);
});

test("each refusal names its rule and destination, and no value", () => {
  const refused = disk.engine.operations.dead({ limit: 10_000 }).filter((entry) => entry.state === "refused");
  expect(refused.length).toBeGreaterThan(tries);
  expect(new Set(refused.map((entry) => entry.lane))).toEqual(new Set(["leaky/payment", "leaky/counts"]));
  for (const entry of refused) {
    expect(entry.code).toMatch(/^PHI-2\d\d$/);
    const step = disk.engine.operations.message(entry.id)?.history.find((h) => h.lane === entry.lane && h.state === "refused");
    expect(step?.reason).toBeTruthy();
    expect(tracesOf(planted, `${step?.code} ${step?.reason}`)).toEqual([]);
  }
  expect(tracesOf(planted, disk.log.join("\n"))).toEqual([]);
});

test("the checker finds what it looks for", () => {
  expect(tracesOf(planted, '{"note":"quartz-man"}')).toEqual(["family"]);
  expect(tracesOf(planted, Buffer.from("ACC5520981").toString("base64"))).toEqual(["account"]);
  expect(tracesOf(planted, "999-12-3456")).toEqual(["ssn"]);
});
