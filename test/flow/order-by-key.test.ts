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
      .replace("    mllp: { timeout: 20s", `${more}    mllp: { timeout: 20s`);
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
  /** Whoever waits for an answer of it waits no more. */
  const goesAndComesBack = async () => {
    await partner.close();
    await partner.listen(ports.ward);
  };
  return { disk, partner, lane, edit, send, of, goesAndComesBack };
}

test("patients pass each other, each on a connection of its own, and no message of one passes another of the same", async () => {
  const { disk, partner, lane, send, of, goesAndComesBack } = await ordered("order: { by: PID-3.1, parallel: 2 }\n");
  let broken = true;
  partner.move = (id) => (id.endsWith("B") ? answer("AA", id) : id.endsWith("S") && broken ? "silent" : broken ? answer("AE", id) : answer("AA", id));
  await send("1S", "1A", "2A", "1B", "2B", "3B");
  await eventually(() => lane()?.ends.delivered === 3 && of("A").length > 0 && of("S").length > 0);
  // Patient S still waits for its answer: the others' answers came over another connection.
  expect(of("S")).toEqual(["1S"]);
  expect(of("B")).toEqual(["1B", "2B", "3B"]);
  expect(new Set(of("A"))).toEqual(new Set(["1A"]));
  expect(disk.engine.operations.message(2)?.entries[0]?.state).toBe("waiting");
  broken = false;
  await goesAndComesBack();
  await disk.restart();
  await send("3A");
  await eventually(() => lane()?.ends.delivered === 7);
  expect([...new Set(of("A"))]).toEqual(["1A", "2A", "3A"]);
  expect(of("A").slice(-3)).toEqual(["1A", "2A", "3A"]);
});

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
});

test("outside its delivery window a lane takes messages and says when it opens", async () => {
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 13);
  const days = "[mon, tue, wed, thu, fri, sat, sun]";
  const opens = hour(2);
  const window = `    window: { days: ${days}, from: "${opens}:00", to: "${hour(3)}:00", timezone: UTC }\n`;
  const { partner, lane, send } = await ordered("", window);
  await send("1A");
  await eventually(() => lane()?.depth === 1 && lane()?.status.kind === "outside-window");
  const status = lane()?.status;
  const opensAt = status?.kind === "outside-window" ? status.opensAt : 0;
  expect(new Date(opensAt).toISOString().slice(11, 16)).toBe(`${opens}:00`);
  expect(partner.arrived).toEqual([]);
});
