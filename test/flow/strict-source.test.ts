import { afterEach, expect, test } from "vitest";
import { startSimulators } from "../simulators/simulators.ts";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { channelYaml, partnersYaml, sluiceYaml } from "./small-project.ts";

let open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

const profile = `profile: lab
segments:
  ZPT: { after: PID, cardinality: 0..1 }
fields:
  ZPT-1: { type: SI, usage: R }
  PID-8: { usage: R, table: "0001" }
`;

async function running(keys: string) {
  const peers = await startSimulators(() => 0);
  open.push(peers);
  const ports = { source: await freePort(), ehr: peers.ports.ehr, ward: peers.ports.ward };
  const files = { "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "profiles/lab.yaml": profile, "results.yaml": channelYaml(ports).replace("  ack: stored\n", `  ack: stored\n${keys}`) };
  const disk = await engineOnDisk(files);
  open.push(disk);
  return { ports, peers, disk };
}

const result = (id: string, { sex = "F", sequence = "", extra = "" } = {}) =>
  `MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260105081500||ORU^R01^ORU_R01|${id}|P|2.5.1|${sequence}\rPID|1||900123^^^NORTH^MR||EXEMPLAR^ADA||19470823|${sex}\r${extra}OBR|1||F1|718-7^Hemoglobin^LN\rOBX|1|NM|718-7^Hemoglobin^LN||13.5|g/dL|||||F\r`;

test("a source that refuses answers with the places of the standard and of its profile, stores nothing of it, and takes what is sound", async () => {
  const { ports, peers, disk } = await running("  validate: refuse\n  profile: lab\n");
  const refused = await sendMllp(ports.source, result("BAD1", { sex: "Q", extra: "ZPT|one\r" }).replace("19470823", "19471323"));
  expect(refused).toContain("MSA|AE|BAD1");
  expect(refused).toContain("ERR||PID^1^7^1^1|102^^HL70357|E|HL7-407^^L");
  expect(refused).toContain("ERR||PID^1^8|103^^HL70357|E|HL7-408^^L");
  expect(refused).toContain("ERR||ZPT^1^1|102^^HL70357|E|HL7-407^^L");
  expect(disk.engine.operations.status().lanes[0]?.received).toBe(0);
  expect(await sendMllp(ports.source, result("GOOD1", { extra: "ZPT|1\r" }))).toContain("MSA|AA|GOOD1");
  await eventually(() => peers.received("ward").some((arrival) => arrival.body.includes("GOOD1")));
  const told = disk.log.filter((line) => line.includes("nonconforming"));
  expect(told.map((line) => JSON.parse(line)).map(({ code, path, count }) => `${code} ${path} ${count}`)).toEqual(["HL7-407 PID-7.1 1", "HL7-408 PID-8 1", "HL7-407 ZPT-1 1"]);
  expect(disk.log.join("\n")).not.toMatch(/EXEMPLAR|19471323/);
});

test("sequence numbers of a link are in the record: the engine that comes back expects the next one", async () => {
  const { ports, disk } = await running("  sequence: true\n");
  expect(await sendMllp(ports.source, result("A1", { sequence: "4" }))).toContain("MSA|AA|A1||5");
  expect(await sendMllp(ports.source, result("A3", { sequence: "6" }))).toMatch(/MSA\|AR\|A3\|[^|]*\|5/);
  expect(await sendMllp(ports.source, result("A1", { sequence: "4" }))).toContain("MSA|AA|A1||5");
  expect(disk.engine.operations.status().lanes[0]?.received).toBe(1);
  await disk.restart();
  expect(await sendMllp(ports.source, result("A3", { sequence: "6" }))).toMatch(/MSA\|AR\|A3\|[^|]*\|5/);
  expect(await sendMllp(ports.source, result("A2", { sequence: "5" }))).toContain("MSA|AA|A2||6");
});
