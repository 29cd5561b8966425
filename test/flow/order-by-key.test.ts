import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** The second letter of a control id is the patient: `1A` is the first message of patient A. */
const message = (id: string) => oru(id).replace("900123^", `${id.charAt(1)}^`);

async function ordered(order: string, more = "") {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const channel = (by: string) =>
    channelYaml(ports)
      .replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "")
      .replace("destinations:", `${by}destinations:`)
      .replace("attempts: 3", "attempts: 0")
      .replace("    mllp: { timeout", `${more}    mllp: { timeout`);
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel(order) });
  open.push(disk);
  const partner = new MllpPartner();
  open.push(partner);
  await partner.listen(ports.ward);
  const lane = () => disk.engine.operations.status().lanes[0];
  const edit = (by: string) => writeFileSync(join(disk.root, "results.yaml"), channel(by));
  const send = async (...ids: string[]) => {
    for (const id of ids) expect(await sendMllp(ports.source, message(id))).toContain("MSA|AA|");
  };
  const of = (patient: string) => partner.arrived.filter((id) => id.endsWith(patient));
  return { disk, partner, lane, edit, send, of };
}

test("patients pass each other, each on a connection of its own, and no message of one passes another of the same", async () => {
  const { disk, partner, lane, send, of } = await ordered("order: { by: PID-3.1, parallel: 2 }\n");
  let broken = true;
  partner.move = (id) => (id.endsWith("B") ? answer("AA", id) : id.endsWith("S") ? "silent" : broken ? answer("AE", id) : answer("AA", id));
  await send("1S", "1A", "2A", "1B", "2B", "3B");
  await eventually(() => lane()?.ends.delivered === 3);
  // Patient S still waits for its answer: the others' answers came over another connection.
  expect(of("S")).toEqual(["1S"]);
  expect(of("B")).toEqual(["1B", "2B", "3B"]);
  expect(new Set(of("A"))).toEqual(new Set(["1A"]));
  expect(disk.engine.operations.message(2)?.entries[0]?.state).toBe("waiting");
  broken = false;
  await disk.restart();
  await send("3A");
  await eventually(() => lane()?.ends.delivered === 6);
  expect([...new Set(of("A"))]).toEqual(["1A", "2A", "3A"]);
  expect(of("A").slice(-3)).toEqual(["1A", "2A", "3A"]);
}, 30_000);

test("what a channel is ordered by changes only while nothing waits", async () => {
  const { disk, partner, lane, edit, send } = await ordered("order: { by: PID-3.1, parallel: 2 }\n");
  partner.move = (id) => answer("AE", id);
  await send("1A", "2A");
  await eventually(() => partner.arrived.length > 0);
  edit("order: { by: PV1-19.1 }\n");
  await disk.engine.close();
  await expect(disk.restart()).rejects.toMatchObject({ code: "RUN-122", safe: { lane: "results/ward", inFlight: 2 } });
  edit("order: { by: PID-3.1, parallel: 5 }\n");
  partner.move = (id) => answer("AA", id);
  await disk.restart();
  await eventually(() => lane()?.depth === 0);
  edit("");
  await disk.restart();
  await send("3A");
  await eventually(() => lane()?.ends.delivered === 3);
}, 30_000);

test("outside its delivery window a lane takes messages and says when it opens", async () => {
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 13);
  const days = "[mon, tue, wed, thu, fri, sat, sun]";
  const window = `    window: { days: ${days}, from: "${hour(2)}:00", to: "${hour(3)}:00", timezone: UTC }\n`;
  const { partner, lane, send } = await ordered("", window);
  await send("1A");
  await eventually(() => lane()?.depth === 1);
  const status = lane()?.status;
  expect(status?.kind).toBe("outside-window");
  const opensAt = status?.kind === "outside-window" ? status.opensAt : 0;
  expect(new Date(opensAt).toISOString().slice(11, 16)).toBe(`${hour(2)}:00`);
  expect(partner.arrived).toEqual([]);
});
