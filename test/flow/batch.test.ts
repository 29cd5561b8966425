import { afterEach, expect, test } from "vitest";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function batched(batch: string, order = "", transform?: string) {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const yaml = channelYaml(ports, transform)
    .replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "")
    .replace("destinations:", `${order}destinations:`)
    .replace("attempts: 3", "attempts: 0")
    .replace("    mllp: { timeout", `    batch: ${batch}\n    mllp: { timeout`);
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": yaml });
  open.push(disk);
  const partner = new MllpPartner();
  open.push(partner);
  await partner.listen(ports.ward);
  let code = "AA";
  partner.move = (_, body) => answer(code, idOf(body));
  const lane = () => disk.engine.operations.status().lanes[0];
  const send = async (...ids: string[]) => {
    for (const id of ids) expect(await sendMllp(ports.source, oru(id).replace("900123^", `${id.charAt(1)}^`))).toContain("MSA|AA|");
  };
  /** Accepted as one behind another, however long the machine takes for it, before the lane looks at the first. */
  const sendAtOnce = async (...ids: string[]) => {
    const { lanes } = disk.engine.operations;
    await lanes.pause(["results/ward"], "they are to wait together");
    await send(...ids);
    await lanes.resume(["results/ward"]);
  };
  return { disk, partner, lane, send, sendAtOnce, says: (next: string) => (code = next) };
}

/** FHS-11. */
const idOf = (body: string) => body.split("\r")[0]?.split("|")[10] ?? "";
/** MSH-10 of each message inside. */
const membersOf = (body: string) => body.split("\r").filter((line) => line.startsWith("MSH")).map((line) => line.split("|")[9]);

test("consecutive messages go as one, in order, when there are enough or the time is over", async () => {
  const { disk, partner, lane, send } = await batched("{ max: 3, within: 6s }");
  await send("1A", "2A", "3A", "4A");
  await eventually(() => partner.bodies.length === 1);
  await eventually(() => lane()?.status.kind === "gathering");
  await eventually(() => lane()?.ends.delivered === 4);
  expect(partner.bodies.map(membersOf)).toEqual([["1A", "2A", "3A"], ["4A"]]);
  expect(partner.bodies[0]).toMatch(/^FHS\|.*\rBHS\|[\s\S]*\rBTS\|3\rFTS\|1\r$/);
  for (const id of [1, 2, 3]) expect(Buffer.from(disk.engine.operations.message(id)?.responses["results/ward"]?.bytes ?? []).toString()).toContain("MSA|AA|");
});

test("a batch that failed goes again unchanged, after a restart too, whatever has come since", async () => {
  const { disk, partner, lane, send, sendAtOnce, says } = await batched("{ max: 10, within: 1s }");
  says("AE");
  await sendAtOnce("1A", "2A");
  await eventually(() => partner.bodies.length >= 2);
  await send("3A", "4A");
  await disk.restart();
  await send("5A");
  says("AA");
  await eventually(() => lane()?.ends.delivered === 5);
  const ids = new Set(partner.bodies.map(idOf));
  expect(ids.size).toBe(2);
  for (const body of partner.bodies.slice(0, -1)) expect(body).toBe(partner.bodies[0]);
  expect(membersOf(partner.bodies[0] ?? "")).toEqual(["1A", "2A"]);
  expect(membersOf(partner.bodies.at(-1) ?? "")).toEqual(["3A", "4A", "5A"]);
});

test("with an order, each batch is of one key", async () => {
  const { partner, lane, sendAtOnce } = await batched("{ max: 3, within: 1s }", "order: { by: PID-3.1, parallel: 2 }\n");
  await sendAtOnce("1A", "1B", "2A", "2B", "3A");
  await eventually(() => lane()?.ends.delivered === 5);
  expect(partner.bodies.map(membersOf).sort()).toEqual([["1A", "2A", "3A"], ["1B", "2B"]]);
});

test("one that cannot go ends alone, and those around it go on", async () => {
  const { partner, lane, send } = await batched("{ max: 3, within: 1s }", "", 'if (msg.get("MSH-10") === "2A") throw new Error("no");');
  await send("1A", "2A", "3A", "4A");
  await eventually(() => lane()?.ends.delivered === 3);
  await eventually(() => lane()?.ends.dead === 1);
  expect(partner.bodies.flatMap(membersOf)).toEqual(["1A", "3A", "4A"]);
});
