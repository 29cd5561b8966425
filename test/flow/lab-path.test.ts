import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadProject } from "../../engine/cli/compose.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import type { Clock } from "../../engine/sdk/index.ts";
import { startSimulators, type Simulators } from "../simulators/simulators.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

async function small(change: { transform?: string; wardExpires?: string; clock?: Clock } = {}): Promise<{ ports: SmallPorts; peers: Simulators; disk: OnDisk }> {
  const peers = await startSimulators(() => 0);
  open.push(peers);
  const ports = { source: await freePort(), ehr: peers.ports.ehr, ward: peers.ports.ward };
  const disk = await engineOnDisk({
    "sluice.yaml": sluiceYaml,
    "partners.yaml": partnersYaml(ports, change.wardExpires),
    "results.yaml": channelYaml(ports, change.transform),
  }, change.clock ? { clock: change.clock } : {});
  open.push(disk);
  return { ports, peers, disk };
}

test("a result crosses MLLP, the store, the isolate and the guard, and reaches HTTP and MLLP", async () => {
  const { ports, peers, disk } = await small();
  const ack = await sendMllp(ports.source, oru("C1"));
  expect(ack).toMatch(/^MSH\|\^~\\&\|EHR\|SOUTH\|LIS\|NORTH\|/);
  expect(ack).toContain("\rMSA|AA|C1");
  await eventually(() => peers.counts().ehr === 1 && peers.counts().ward === 1);
  expect(JSON.parse(peers.received("ehr")[0]?.body ?? "")).toMatchObject({ id: "C1", entry: [{ resource: { name: [{ family: "EXEMPLAR" }] } }] });
  expect(peers.received("ward")[0]?.body).toBe(oru("C1").replace("|LIS|", "|SLUICE|"));
  await eventually(() => disk.engine.operations.status().lanes.every((lane) => lane.ends.delivered === 1));
  expect(disk.engine.operations.status().conservationGap).toBe(0);
});

test("the same id and bytes get the same answer and are not delivered twice", async () => {
  const { ports, peers } = await small();
  expect(await sendMllp(ports.source, oru("C1"))).toContain("MSA|AA|C1");
  expect(await sendMllp(ports.source, oru("C1"))).toContain("MSA|AA|C1");
  expect(await sendMllp(ports.source, oru("C2"))).toContain("MSA|AA|C2");
  await eventually(() => peers.counts().ward === 2);
  expect(peers.counts().ehr).toBeLessThanOrEqual(2);
});

test("a type the channel does not take is answered AR, without a word of its content", async () => {
  const { ports, disk } = await small();
  const ack = await sendMllp(ports.source, oru("C9", "VERYPRIVATE").replace("ORU^R01", "SIU^S12"));
  expect(ack).toContain("MSA|AR|C9");
  expect(ack).toContain("FLW-101");
  expect(ack).not.toContain("VERYPRIVATE");
  expect(disk.engine.operations.status().lanes.map((lane) => lane.received)).toEqual([0, 0]);
});

test("a transform that throws ends as dead with the place in the YAML; the other destination is served", async () => {
  const { ports, peers, disk } = await small({ transform: 'throw new Error("EXEMPLAR");' });
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => peers.counts().ehr === 1);
  await eventually(() => disk.engine.operations.status().lanes[1]?.ends.dead === 1);
  const [message] = disk.engine.operations.messages({ limit: 1 });
  const detail = disk.engine.operations.message(message?.id ?? 0);
  const end = detail?.history.find((step) => step.state === "dead");
  expect(end?.reason).toMatch(/results\.yaml:2\d:\d+/);
  expect(disk.log.join("\n")).not.toContain("EXEMPLAR");
});

test("an agreement that lapses while the engine runs suspends its lane at the head; the other destination goes on", async () => {
  let ahead = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const { ports, peers, disk } = await small({ wardExpires: "2099-12-30", clock });
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => peers.counts().ward === 1);
  ahead = Date.UTC(2099, 11, 31, 12) - systemClock.now();
  await sendMllp(ports.source, oru("C2"));
  await eventually(() => peers.counts().ehr === 2);
  await eventually(() => disk.engine.operations.status().lanes[1]?.status.kind === "suspended");
  expect(peers.counts().ward).toBe(1);
  writeFileSync(join(disk.root, "partners.yaml"), partnersYaml(ports, "2100-12-31"));
  await disk.engine.reload(await loadProject(disk.root));
  await eventually(() => peers.counts().ward === 2);
});

test("what was accepted before a stop is delivered after the next start, in order", async () => {
  const { ports, peers, disk } = await small();
  for (let i = 1; i <= 20; i++) await sendMllp(ports.source, oru(`C${i}`));
  await disk.restart();
  for (let i = 21; i <= 25; i++) await sendMllp(ports.source, oru(`C${i}`));
  await eventually(() => disk.engine.operations.status().lanes.every((lane) => lane.depth === 0));
  const seen = [...new Set(peers.received("ward").map((arrival) => /\|(C\d+)\|/.exec(arrival.body)?.[1]))];
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `C${i + 1}`));
});
