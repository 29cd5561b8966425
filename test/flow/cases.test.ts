import { afterEach, expect, test } from "vitest";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { MllpPartner } from "./mllp-partner.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A result of the order in OBR-2, in a state, as of a minute. */
const result = (id: string, order: string, state: string, minute: number) =>
  oru(id).replace("OBR|1|P100|F200|718-7^Hemoglobin^LN|||20260301113000", `OBR|1|${order}|F200|718-7^Hemoglobin^LN|||20260301113000|||||||||||||||2026030112${String(minute).padStart(2, "0")}00|||${state}`);

const caseYaml = (more: string) => `case:
  kind: order
  owner: lab-desk
  key: [OBR-2.1]
  stamp: OBR-22
  state: { of: OBR-25, P: preliminary, F: final, C: corrected }
  moves: { preliminary: [preliminary, final], final: [final, corrected], corrected: [corrected] }
${more}
`;

async function withCases(more = "") {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const channel = channelYaml(ports, 'msg.set("MSH-3", [meta.case.state, meta.case.previous ?? "", meta.case.matched ? "" : "UNMATCHED"].join("/"));')
    .replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "")
    .replace("destinations:", `${caseYaml(more)}destinations:`);
  const orders = await freePort();
  const opener = channelYaml({ ...ports, source: orders }).replace("channel: results", "channel: orders").replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "")
    .replace("destinations:", "case: { kind: order, owner: lab-desk, key: [OBR-2.1], state: { const: preliminary } }\n\ndestinations:");
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel, "orders.yaml": opener });
  open.push(disk);
  const partner = new MllpPartner();
  open.push(partner);
  await partner.listen(ports.ward);
  const { operations } = disk.engine;
  const send = async (...messages: string[]) => {
    for (const each of messages) expect(await sendMllp(ports.source, each)).toContain("MSA|AA|");
  };
  const entry = (id: number) => disk.engine.operations.message(id)?.entries[0];
  return { disk, partner, operations, send, entry, order: (text: string) => sendMllp(orders, text) };
}

test("an older result is held after the correction, also after a restart, and code is told how the case stands", async () => {
  const { disk, partner, send, entry } = await withCases();
  await send(result("A1", "P1", "F", 10), result("A2", "P1", "C", 20));
  // What has arrived and is not on record as delivered when the engine ends would go once more.
  await eventually(() => entry(2)?.state === "delivered");
  await disk.restart();
  await send(result("A3", "P1", "F", 10).replace("13.40", "13.41"));
  await eventually(() => entry(3)?.state === "held");
  expect(entry(3)?.code).toBe("CAS-103");
  expect(partner.bodies.map((text) => text.split("|")[2])).toEqual(["final//", "corrected/final/"]);
  const { operations } = disk.engine;
  expect(operations.status().work).toMatchObject([{ list: "order-review", owner: "lab-desk", open: 1 }]);
  expect(operations.status().conservationGap).toBe(0);
  // It went on by nobody's word; a person lets it go, and the partner is told what it is.
  await operations.work.close(1, "jdoe", "asked for by the ward", true);
  await eventually(() => partner.arrived.length === 3);
  expect(partner.bodies[2]?.split("|")[2]).toBe("final//UNMATCHED");
  await eventually(() => operations.status().work.length === 0);
  expect(operations.status().conservationGap).toBe(0);
  expect(disk.log.join("\n")).not.toMatch(/\bP1\b|EXEMPLAR|\b13\.41\b|asked for/);
});

test("a result before its order waits for it, and follows it", async () => {
  const { disk, partner, operations, send, entry, order } = await withCases("  opens: false\n  unmatched: { list: unmatched-results, do: hold }");
  await send(result("A1", "P2", "F", 10));
  await eventually(() => entry(1)?.state === "held");
  expect(operations.work.list({ limit: 5 })).toMatchObject([{ list: "unmatched-results", code: "CAS-102", message: 1, state: "open" }]);
  await disk.restart();
  expect(partner.arrived).toEqual([]);
  expect(await order(result("B1", "P2", "", 0))).toContain("MSA|AA|");
  await eventually(() => entry(1)?.state === "delivered" && partner.arrived.length === 2);
  // They go over two lanes, whose order at the partner nobody promises.
  expect(partner.arrived.toSorted()).toEqual(["A1", "B1"]);
  expect(partner.bodies[partner.arrived.indexOf("A1")]?.split("|")[2]).toBe("final/preliminary/");
  await eventually(() => disk.engine.operations.work.list({ state: "open", limit: 5 }).length === 0);
});

test("without its order it goes on after its time, and says so; one that was given up waits no more", async () => {
  const { disk, partner, operations, send, entry } = await withCases("  opens: false\n  unmatched: { do: hold, for: 8s }");
  await send(result("A1", "P3", "F", 10), result("A2", "P4", "F", 10));
  await eventually(() => entry(1)?.state === "held" && entry(2)?.state === "held");
  await operations.discard("results/ward", 2, "double");
  expect(operations.work.list({ state: "open", limit: 5 })).toMatchObject([{ message: 1 }]);
  await eventually(() => partner.arrived.length === 1);
  expect(partner.bodies[0]?.split("|")[2]).toBe("final//UNMATCHED");
  await eventually(() => operations.work.list({ state: "open", limit: 5 }).length === 0);
  expect(disk.engine.operations.status().conservationGap).toBe(0);
});
