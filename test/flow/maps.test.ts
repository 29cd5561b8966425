import { createServer } from "node:http";
import { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseHl7 } from "../../engine/codec/index.ts";
import { engineOnDisk, eventually, freePort } from "./engine-on-disk.ts";
import { MllpPartner } from "./mllp-partner.ts";
import { oru, sluiceYaml } from "./small-project.ts";

/** Maps that the YAML names, through the whole engine: sockets in, sockets out. */
const arrived: { readonly path: string; readonly type: string; readonly body: string }[] = [];
const ward = new MllpPartner();
const ports = { lab: 0, clinic: 0, feed: 0, visits: 0 };
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  const [lab, clinic, feed, visits, api, mllp] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort(), freePort()]);
  Object.assign(ports, { lab, clinic, feed, visits });
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk)).on("end", () => {
      arrived.push({ path: request.url ?? "", type: request.headers["content-type"] ?? "", body });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(api, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  await ward.listen(mllp);
  open.push(ward);
  const agreement = (id: string) => `\n    agreements:\n      - { id: ${id}, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }`;
  const link = (direction: string) => `\n    links:\n      ${direction}: { auth: none, allow: ["*"], limit: 1000/s, audit: metadata, phi: allowed }`;
  const channel = (name: string, source: string, destination: string) =>
    `channel: ${name}\nclassification: phi\nsource:\n${source}  ack: stored\ndestinations:\n  out:\n    purpose: TREAT\n${destination}    retry: { attempts: 2, initial: 10ms, max: 20ms }\n`;
  const http = "    partner: ehr\n    http: { method: POST }\n";
  const disk = await engineOnDisk({
    "sluice.yaml": sluiceYaml,
    "partners.yaml": `partners:
  lab:\n    kind: lab${agreement("LAB-1")}${link("inbound")}
  ehr:\n    kind: provider\n    endpoints:\n      - { id: api, url: "http://127.0.0.1:${api}/in" }${agreement("EHR-1")}${link("outbound")}
  ward:\n    kind: provider\n    endpoints:\n      - { id: feed, url: "mllp://127.0.0.1:${mllp}" }${agreement("WARD-1")}${link("outbound")}\n`,
    "results.yaml": channel("results", `  partner: lab\n  mllp: { port: ${lab} }\n  types: ["ORU^R01"]\n`, `${http}    format: fhir\n    transform: { map: hl7v2-to-fhir, bundle: transaction, drop: [Provenance] }\n`),
    "legacy.yaml": channel("legacy", `  partner: lab\n  http: { port: ${clinic}, path: /fhir }\n  format: fhir\n  types: [Bundle, Observation]\n`, `    partner: ward\n    mllp: { timeout: 20s }\n    format: hl7v2\n    transform:\n      map: fhir-to-hl7v2\n      sendingApplication: CLINIC\n      rows:\n        "PV1[Encounter]": [{ to: PV1-10, value: CAR }]\n`),
    "calendar.yaml": channel("calendar", `  partner: lab\n  http: { port: ${feed}, path: /ical }\n  format: ical\n  types: ["*"]\n`, `${http}    format: fhir\n    transform: { map: ical-to-fhir, days: 3650 }\n`),
    "invites.yaml": channel("invites", `  partner: lab\n  http: { port: ${visits}, path: /fhir }\n  format: fhir\n  types: [Appointment]\n`, `${http}    format: ical\n    transform: { map: fhir-to-ical, method: REQUEST }\n`),
  });
  open.push(disk);
}, 120_000);

afterAll(async () => {
  for (const one of open.reverse()) await one.close();
});

const post = async (port: number, path: string, type: string, body: string) => (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers: { "content-type": type }, body })).status;

test("hl7v2-to-fhir: a result in over MLLP is a Bundle out over HTTP", async () => {
  const socket = new Socket().connect(ports.lab, "127.0.0.1");
  socket.write(`\x0b${oru("C1")}\x1c\r`);
  await eventually(() => arrived.some(({ body }) => body.includes("DiagnosticReport")));
  socket.destroy();
  const { type, body } = arrived.find((each) => each.body.includes("DiagnosticReport")) as (typeof arrived)[number];
  expect(type).toContain("fhir+json");
  const bundle = JSON.parse(body) as { type: string; entry: { resource: { resourceType: string } }[] };
  expect(bundle.type).toBe("transaction");
  expect(bundle.entry.map(({ resource }) => resource.resourceType)).toEqual(expect.arrayContaining(["Patient", "Observation"]));
  expect(body).toContain('"value":13.40');
});

test("fhir-to-hl7v2: what came out goes back in over HTTP, and is a result over MLLP, with its digits", async () => {
  const body = arrived.find((each) => each.body.includes("DiagnosticReport"))?.body ?? "";
  expect(await post(ports.clinic, "/fhir", "application/fhir+json", body)).toBeLessThan(300);
  await eventually(() => ward.bodies.length > 0);
  const [text = ""] = ward.bodies;
  const message = parseHl7(text);
  expect([message.type, message.version, message.get("MSH-3"), message.get("PID-3.1"), message.get("PID-5.1"), message.get("OBR-4.1"), message.get("OBX-5"), message.get("OBX-6.1"), message.get("OBX-8"), message.get("OBX-11")])
    .toEqual(["ORU^R01", "2.5.1", "CLINIC", "900123", "EXEMPLAR", "718-7", "13.40", "g/dL", "N", "F"]);
  expect(message.controlId).toMatch(/^[0-9A-F]{20}$/);
});

test("fhir-to-hl7v2: a resource that no message can be made of reaches nobody", async () => {
  const before = ward.bodies.length;
  await post(ports.clinic, "/fhir", "application/fhir+json", '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"y"}');
  await post(ports.clinic, "/fhir", "application/fhir+json", '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"y","subject":{"identifier":{"value":"7"},"display":"Ada"}}');
  await eventually(() => ward.bodies.length > before);
  expect(ward.bodies.slice(before).map((text) => parseHl7(text).get("PID-3.1"))).toEqual(["7"]);
});

test("ical-to-fhir: a series is an Appointment for each day ahead", async () => {
  const soon = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10).replaceAll("-", "")}T090000Z`;
  const calendar = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "METHOD:PUBLISH", "BEGIN:VEVENT", "UID:e1@x.example", `DTSTAMP:${soon}`, `DTSTART:${soon}`, "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:Dialysis", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
  expect(await post(ports.feed, "/ical", "text/calendar", calendar)).toBeLessThan(300);
  await eventually(() => arrived.some(({ body }) => body.includes("Dialysis")));
  const bundle = JSON.parse(arrived.find(({ body }) => body.includes("Dialysis"))?.body ?? "{}") as { type: string; entry: { resource: { resourceType: string; minutesDuration: number } }[] };
  expect([bundle.type, bundle.entry.map(({ resource }) => [resource.resourceType, resource.minutesDuration])]).toEqual(["collection", Array.from({ length: 3 }, () => ["Appointment", 30])]);
});

test("fhir-to-ical: an Appointment is an invitation", async () => {
  const appointment = { resourceType: "Appointment", id: "a1", status: "booked", description: "Echo", start: "2026-03-20T09:00:00Z", end: "2026-03-20T09:30:00Z", participant: [{ actor: { display: "Ada" }, status: "accepted" }] };
  expect(await post(ports.visits, "/fhir", "application/fhir+json", JSON.stringify(appointment))).toBeLessThan(300);
  await eventually(() => arrived.some(({ body }) => body.includes("SUMMARY:Echo")));
  const { type, body } = arrived.find((each) => each.body.includes("SUMMARY:Echo")) as (typeof arrived)[number];
  expect(type).toContain("text/calendar");
  for (const line of ["METHOD:REQUEST", "DTSTART:20260320T090000Z", "DTEND:20260320T093000Z"]) expect(body).toContain(`${line}\r\n`);
});
