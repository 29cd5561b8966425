import { afterEach, expect, test } from "vitest";
import { codeOf, reasonOf } from "./asking.ts";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { oru, partnersYaml, sluiceYaml } from "./small-project.ts";

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

async function setUp(source: string, http = false) {
  const partner = new MllpPartner();
  open.push(partner);
  const ports = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  await partner.listen(ports.ward);
  const channel = `channel: results
classification: phi
source:
  partner: lab
  ${http ? `http: { port: ${ports.source}, path: /in, id: { header: X-Id } }` : `mllp: { port: ${ports.source} }`}
  format: hl7v2
  split: batch
  ${source}
destinations:
  ward:
    partner: ward
    purpose: TREAT
    mllp: { timeout: 20s }
    retry: { initial: 10ms, max: 50ms }
`;
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel });
  open.push(disk);
  return { ports, partner, disk };
}

const batch = (messages: readonly string[], count = messages.length) =>
  `FHS|^~\\&|LIS|NORTH\rBHS|^~\\&|LIS|NORTH\r${messages.join("")}BTS|${count}\rFTS|1\r`;

test("a batch is cut into its messages, in order; one answer speaks for all, and the same batch again is not taken twice", async () => {
  const { ports, partner, disk } = await setUp("ack: delivered\n  within: 20s");
  const sent = batch([oru("C1"), oru("C2"), oru("C3")]);
  expect(codeOf(await sendMllp(ports.source, sent))).toBe("AA C1");
  expect(partner.arrived).toEqual(["C1", "C2", "C3"]);
  expect(partner.bodies[1]).toBe(oru("C2"));
  expect(codeOf(await sendMllp(ports.source, sent))).toBe("AA C1");
  expect(codeOf(await sendMllp(ports.source, oru("C4")))).toBe("AA C4");
  expect(disk.engine.operations.status().lanes[0]?.received).toBe(4);
});

test("of a batch with a bad message, or with a wrong count, nothing is taken", async () => {
  const { ports, disk } = await setUp("ack: stored");
  const bad = await sendMllp(ports.source, batch([oru("C1"), oru("C2").replace("ORU^R01", "SIU^S12"), oru("C3")]));
  expect([codeOf(bad), reasonOf(bad)]).toEqual(["AR C2", "200 FLW-101"]);
  const cut = await sendMllp(ports.source, batch([oru("C1"), oru("C2")], 3));
  expect([codeOf(cut), reasonOf(cut)]).toEqual(["AE C1", "100 HL7-301"]);
  expect(disk.engine.operations.status().lanes[0]?.received).toBe(0);
});

test("the partner's no to one of them is the answer to all; the others are delivered", async () => {
  const { ports, partner, disk } = await setUp("ack: delivered\n  within: 20s");
  partner.move = (id) => (id === "C2" ? answer("AR", id) : answer("AA", id));
  const sent = batch([oru("C1"), oru("C2"), oru("C3")]);
  expect(reasonOf(await sendMllp(ports.source, sent))).toBe("207 FLW-312");
  const ends = () => disk.engine.operations.status().lanes[0]?.ends;
  await eventually(() => ends()?.delivered === 2);
  expect(ends()).toMatchObject({ delivered: 2, rejected: 1 });
  await disk.restart();
  expect(reasonOf(await sendMllp(ports.source, sent))).toBe("207 FLW-312");
  expect(partner.arrived).toEqual(["C1", "C2", "C3"]);
});

test("over HTTP the sender's id names the body: the same id again takes nothing twice", async () => {
  const { ports, partner, disk } = await setUp("ack: stored", true);
  const post = async () => (await fetch(`http://127.0.0.1:${ports.source}/in`, { method: "POST", headers: { "x-id": "B1" }, body: batch([oru("C1"), oru("C2")]) })).status;
  expect([await post(), await post()]).toEqual([202, 202]);
  await eventually(() => disk.engine.operations.status().lanes[0]?.ends.delivered === 2);
  expect(partner.arrived).toEqual(["C1", "C2"]);
});
