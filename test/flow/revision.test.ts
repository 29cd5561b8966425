import { createServer, type Server } from "node:http";
import { rmSync, writeFileSync } from "node:fs";
import type { Server as Listener } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Arrivals } from "../simulators/arrivals.ts";
import { mllpPeer } from "../simulators/mllp-peer.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const mark = (text: string) => `msg.set("MSH-3", "${text}");`;
const withoutEhr = (yaml: string) => yaml.replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "");

/** A project whose only destination, the ward, is down until `answer` is called. */
async function wardIsDown(attempts = 0, transform?: { readonly file: string; readonly text: string }) {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const channel = (text: string) => {
    const yaml = withoutEhr(channelYaml(ports, text)).replace("attempts: 3", `attempts: ${attempts}`);
    return transform ? yaml.replace(/transform: \|\n.*\n/, `transform: { file: ${transform.file} }\n`) : yaml;
  };
  const files = { "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel(mark("FIRST")) };
  const disk = await engineOnDisk(transform ? { ...files, [transform.file]: transform.text } : files);
  open.push(disk);
  return { ports, disk, channel };
}

async function answer(port: number): Promise<Arrivals> {
  const arrivals = new Arrivals();
  await listening(mllpPeer(arrivals), port);
  return arrivals;
}

async function listening(server: Listener | Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  open.push(server);
}

const edit = (disk: OnDisk, text: string, file = "results.yaml") => writeFileSync(join(disk.root, file), text);
const lane = (disk: OnDisk) => disk.engine.operations.status().lanes[0];
const entry = (disk: OnDisk, id: number) => disk.engine.operations.message(id)?.entries[0];
const seen = (arrivals: Arrivals) => arrivals.all().map(({ body }) => `${body.split("|")[2]} ${body.split("|")[9]}`);

test("what was accepted runs under the revision that accepted it, new messages under the new one", async () => {
  const { ports, disk, channel } = await wardIsDown();
  for (const id of ["C1", "C2"]) await sendMllp(ports.source, oru(id));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  edit(disk, channel(mark("SECOND")));
  await disk.restart();
  await sendMllp(ports.source, oru("C3"));
  expect(lane(disk)?.depth).toBe(3);
  const arrivals = await answer(ports.ward);
  await eventually(() => lane(disk)?.ends.delivered === 3);
  expect(seen(arrivals)).toEqual(["FIRST C1", "FIRST C2", "SECOND C3"]);
});

test("the edit of a code file is a revision too, and what is put back is prepared by the code of now", async () => {
  const code = (text: string) => `export default (msg) => { ${mark(text)} };\n`;
  const { ports, disk } = await wardIsDown(1, { file: "transforms/ward.ts", text: code("FIRST") });
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.ends.dead === 1);
  edit(disk, code("SECOND"), "transforms/ward.ts");
  await disk.restart();
  const arrivals = await answer(ports.ward);
  await sendMllp(ports.source, oru("C2"));
  await eventually(() => lane(disk)?.ends.delivered === 1);
  await disk.engine.operations.retry("results/ward", 1);
  await eventually(() => lane(disk)?.ends.delivered === 2);
  expect(seen(arrivals)).toEqual(["SECOND C2", "SECOND C1"]);
});

test("an entry whose revision is not on disk any more is held; put back, it runs as the channel is now", async () => {
  const { ports, disk, channel } = await wardIsDown();
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  const revision = entry(disk, 1)?.revision ?? "";
  const file = join(".sluice", "revisions", `results@${revision}.json`);
  await disk.engine.close();
  rmSync(join(disk.root, file));
  edit(disk, channel(mark("SECOND")));
  await disk.restart();
  await eventually(() => entry(disk, 1)?.state === "held");
  expect(entry(disk, 1)?.code).toBe("FLW-202");
  const arrivals = await answer(ports.ward);
  await disk.engine.operations.retry("results/ward", 1);
  await eventually(() => lane(disk)?.ends.delivered === 1);
  expect(seen(arrivals)).toEqual(["SECOND C1"]);
});

test("a destination that was given to another partner: what was meant for the first is held, and no credential goes astray", async () => {
  const { ports, disk } = await wardIsDown();
  const http = (partner: string, options: string) =>
    channelYaml(ports).replace(/ {2}ward:[\s\S]*/, "").replace("partner: ehr", `partner: ${partner}`).replace("http: { method: POST }", `http: { method: POST${options} }`).replace("attempts: 3", "attempts: 0");
  edit(disk, http("ehr", ""));
  await disk.restart();
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  const other = partnersYaml(ports).match(/ {2}ehr:[\s\S]*?(?= {2}ward:)/)?.[0].replace("ehr:", "other:").replace("EHR-1", "OTHER-1").replace(String(ports.ehr), String(await freePort()));
  edit(disk, `${partnersYaml(ports)}${other}`, "partners.yaml");
  edit(disk, http("other", ', auth: { bearer: "${env:HOME}" }'));
  const seenHeaders: unknown[] = [];
  await listening(createServer((request, response) => {
    seenHeaders.push(request.headers);
    request.resume().on("end", () => response.end("{}"));
  }), ports.ehr);
  await disk.restart();
  await eventually(() => entry(disk, 1)?.state === "held" || seenHeaders.length > 0);
  expect(seenHeaders).toEqual([]);
  expect(entry(disk, 1)?.code).toBe("FLW-206");
});

test("a channel that was tightened: what was ready before the restart is held, and goes anew as the channel is now when a person puts it back", async () => {
  const { ports, disk, channel } = await wardIsDown();
  const agreed = partnersYaml(ports).replace(/( {2}ward:[\s\S]*?)basis: treatment([\s\S]*?)purposes: \[TREAT\]/, "$1basis: baa$2purposes: [TREAT, HOPERAT]");
  edit(disk, agreed, "partners.yaml");
  await disk.restart();
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  expect(entry(disk, 1)).toMatchObject({ state: "waiting", filled: true });
  edit(disk, channel(mark("SECOND")).replace("purpose: TREAT", "purpose: HOPERAT"));
  await disk.restart();
  const arrivals = await answer(ports.ward);
  await eventually(() => entry(disk, 1)?.state === "held");
  expect(entry(disk, 1)?.code).toBe("FLW-206");
  await sendMllp(ports.source, oru("C2"));
  await eventually(() => lane(disk)?.ends.delivered === 1);
  await disk.engine.operations.retry("results/ward", 1);
  await eventually(() => lane(disk)?.ends.delivered === 2);
  expect(seen(arrivals)).toEqual(["SECOND C2", "SECOND C1"]);
});

test("a destination or a channel whose lane holds messages cannot be removed", async () => {
  const { ports, disk, channel } = await wardIsDown();
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  const start = () => disk.restart().then(() => "started", (error: unknown) => (error as { code: string }).code);
  edit(disk, channelYaml(ports).replace(/ {2}ward:[\s\S]*/, ""));
  expect(await start()).toBe("RUN-102");
  edit(disk, channel("").replace("channel: results", "channel: renamed"));
  expect(await start()).toBe("RUN-102");
  edit(disk, channel(""));
  expect(await start()).toBe("started");
  await answer(ports.ward);
  await eventually(() => lane(disk)?.depth === 0);
  edit(disk, channelYaml(ports).replace(/ {2}ward:[\s\S]*/, ""));
  expect(await start()).toBe("started");
});

test("an entry of a lane that the project no longer has stays at its end: it cannot be put back where nothing runs", async () => {
  const { ports, disk } = await wardIsDown(1);
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.ends.dead === 1);
  edit(disk, channelYaml(ports).replace(/ {2}ward:[\s\S]*/, ""));
  await disk.restart();
  await expect(disk.engine.operations.retry("results/ward", 1)).rejects.toHaveProperty("code", "RUN-108");
  expect(entry(disk, 1)?.state).toBe("dead");
  await disk.engine.operations.discard("results/ward", 1, "the ward has closed");
  expect(entry(disk, 1)?.state).toBe("cancelled");
});
