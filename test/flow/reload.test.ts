import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { loadProject, ProjectError, type RunningEngine, startEngine } from "../../engine/cli/compose.ts";
import { fieldOf, FrameReader, framed } from "../ledger/frames.ts";
import { Arrivals } from "../simulators/arrivals.ts";
import { mllpPeer } from "../simulators/mllp-peer.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "./engine-on-disk.ts";
import { reloadLoad } from "./reload-load.ts";
import { channelYaml, oru, partnersYaml, type SmallPorts, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const mark = (text: string) => `msg.set("MSH-3", "${text}");`;
const withoutEhr = (yaml: string) => yaml.replace(/ {2}ehr:\n[\s\S]*?(?= {2}ward:)/, "");

async function ward(answers = true) {
  const ports: SmallPorts = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const channel = (text: string) => withoutEhr(channelYaml(ports, text)).replace("attempts: 3", "attempts: 0").replace("timeout: 20s", "timeout: 30s");
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel(mark("FIRST")) });
  open.push(disk);
  return { ports, disk, channel, arrivals: answers ? await answer(ports.ward) : new Arrivals() };
}

async function answer(port: number): Promise<Arrivals> {
  const arrivals = new Arrivals();
  await listening(mllpPeer(arrivals), port);
  return arrivals;
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  open.push(server);
}

/** One connection that stays, as a sender's does. */
async function connection(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  open.push({ close: () => socket.destroy() });
  await once(socket, "connect");
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString("latin1")));
  socket.on("error", () => {});
  return {
    socket,
    send: (message: string) => void socket.write(framed(message)),
    answers: () => [...text.matchAll(/\rMSA\|(A[AER])\|(\w+)/g)].map((found) => `${found[1]} ${found[2]}`),
  };
}

const save = (disk: OnDisk, text: string, file = "results.yaml") => writeFileSync(join(disk.root, file), text);
const reload = async (disk: OnDisk | { engine: RunningEngine; root: string }) => disk.engine.reload(await loadProject(disk.root));
const codeOf = (promise: Promise<unknown>) => promise.then(() => "none", (error: { code: string }) => error.code);
const lane = (disk: OnDisk) => disk.engine.operations.status().lanes[0];
const seen = (arrivals: Arrivals) => arrivals.all().map(({ body }) => `${body.split("|")[2]} ${body.split("|")[9]}`);

test("one channel is reloaded again and again while another is under load: nothing dropped, nothing reordered, and within 300 ms", async () => {
  const load = await reloadLoad(4);
  open.push({ close: load.remove });
  const engine = await startEngine({ root: load.root, log: () => {}, allowVolatileStore: true });
  open.push(engine);
  const sender = load.start();
  const { registry } = await loadProject(load.root);
  await eventually(() => sender.acked > 50);
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const before = sender.acked;
    const started = performance.now();
    load.edit((yaml) => yaml.replace("SLUICE", `REV${i}`));
    const report = await engine.reload(await loadProject(load.root, { registry }));
    times.push(performance.now() - started);
    expect(report).toMatchObject({ changed: ["edited"], unchanged: ["steady"] });
    await eventually(() => sender.acked > before + 20);
  }
  expect(await load.end()).toMatchObject({ lost: 0, reordered: 0, duplicates: 0, damaged: 0, dropped: 0 });
  // What it costs is what the quickest took: neighbours on the machine make others slower, and none quicker. `bench:reload` says how all of them are.
  expect(Math.min(...times)).toBeLessThan(300);
}, 120_000);

test("connections stay open through an edit of the code: what was accepted keeps its revision, the next message has the new one", async () => {
  const { ports, disk, channel, arrivals } = await ward(false);
  const sender = await connection(ports.source);
  sender.send(oru("C1"));
  await eventually(() => sender.answers().length === 1);
  await eventually(() => lane(disk)?.status.kind === "retrying");
  save(disk, channel(mark("SECOND")));
  expect(await reload(disk)).toEqual({ added: [], changed: ["results"], removed: [], unchanged: [], restart: [] });
  sender.send(oru("C2"));
  await eventually(() => sender.answers().length === 2);
  const peer = await answer(ports.ward);
  await eventually(() => lane(disk)?.ends.delivered === 2);
  expect(seen(peer)).toEqual(["FIRST C1", "SECOND C2"]);
  expect(sender.answers()).toEqual(["AA C1", "AA C2"]);
  expect(sender.socket.closed).toBe(false);
  expect(arrivals.count).toBe(0);
});

test("edits of the source keep its socket: open connections go on under their options, new ones have the new", async () => {
  const { ports, disk, channel, arrivals } = await ward();
  const first = await connection(ports.source);
  first.send(oru("C1"));
  await eventually(() => first.answers().length === 1);
  save(disk, channel(mark("FIRST")).replace(`{ port: ${ports.source} }`, `{ port: ${ports.source}, maxFrame: 2kb }`));
  await reload(disk);
  const second = await connection(ports.source);
  const large = (id: string) => oru(id).replace("718-7", "7".repeat(4000));
  first.send(large("C2"));
  second.send(large("C3"));
  await eventually(() => first.answers().length === 2 && second.socket.closed);
  first.send(oru("C4"));
  await eventually(() => arrivals.count === 3);
  expect(seen(arrivals)).toEqual(["FIRST C1", "FIRST C2", "FIRST C4"]);
  expect(disk.log.some((line) => line.includes("MLP-"))).toBe(true);
});

test("a source that moves to another port leaves the old one", async () => {
  const { ports, disk, channel, arrivals } = await ward();
  const port = await freePort();
  save(disk, channel(mark("FIRST")).replace(String(ports.source), String(port)));
  await reload(disk);
  expect(disk.engine.operations.status().channels[0]?.source.port).toBe(port);
  await sendMllp(port, oru("C1"));
  await eventually(() => arrivals.count === 1);
  await expect(sendMllp(ports.source, oru("C2"))).rejects.toThrow();
});

test("a mistake leaves everything as it was, and says where it stands", async () => {
  const { ports, disk, channel, arrivals } = await ward();
  save(disk, channel("msg.set("));
  const error = await reload(disk).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProjectError);
  expect((error as ProjectError).diagnostics[0]).toMatchObject({ code: "SBX-101", at: { file: "results.yaml" } });
  const other = await freePort();
  await listening(createServer(), other);
  save(disk, channel(mark("SECOND")).replace(String(ports.source), String(other)));
  expect(await codeOf(reload(disk))).toBe("NET-101");
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => arrivals.count === 1);
  expect(seen(arrivals)).toEqual(["FIRST C1"]);
});

test("a change that fails in a later channel is taken back in the earlier ones too", async () => {
  const { ports, disk, channel, arrivals } = await ward();
  const taken = await freePort();
  await listening(createServer(), taken);
  save(disk, channel(mark("SECOND")));
  save(disk, channel(mark("OTHER")).replace("channel: results", "channel: second").replace(String(ports.source), String(taken)), "zz.yaml");
  expect(await codeOf(reload(disk))).toBe("NET-101");
  expect(disk.engine.project.channels.map(({ name }) => name)).toEqual(["results"]);
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => arrivals.count === 1);
  expect(seen(arrivals)).toEqual(["FIRST C1"]);
});

test("channels and destinations come and go; one with messages in flight does not go until they have ended", async () => {
  const { ports, disk, channel } = await ward(false);
  const port = await freePort();
  save(disk, channel(mark("OTHER")).replace("channel: results", "channel: second").replace(String(ports.source), String(port)), "second.yaml");
  expect(await reload(disk)).toMatchObject({ added: ["second"], unchanged: ["results"] });
  await sendMllp(port, oru("C1"));
  await eventually(() => disk.engine.operations.status().lanes[1]?.status.kind === "retrying");
  const second = readFileSync(join(disk.root, "second.yaml"), "utf8");
  save(disk, second.replace("  ward:\n", "  ward2:\n"), "second.yaml");
  expect(await codeOf(reload(disk))).toBe("RUN-121");
  rmSync(join(disk.root, "second.yaml"));
  expect(await codeOf(reload(disk))).toBe("RUN-121");
  const peer = await answer(ports.ward);
  await eventually(() => disk.engine.operations.status().lanes[1]?.depth === 0);
  expect(seen(peer)).toEqual(["OTHER C1"]);
  save(disk, second.replace("  ward:\n", "  ward2:\n"), "second.yaml");
  expect(await reload(disk)).toMatchObject({ changed: ["second"] });
  await eventually(() => disk.engine.operations.status().lanes.map((each) => each.lane).join() === "results/ward,second/ward2");
  await sendMllp(port, oru("C2"));
  await eventually(() => peer.count === 2);
  rmSync(join(disk.root, "second.yaml"));
  await eventually(() => disk.engine.operations.status().lanes[1]?.depth === 0);
  expect(await reload(disk)).toMatchObject({ removed: ["second"] });
  await expect(sendMllp(port, oru("C3"))).rejects.toThrow();
});

/** A partner that answers when told to, and counts the connections it was sent to on. */
async function slowWard(port: number) {
  const peer = { connections: 0, ids: [] as string[], answer: () => {} };
  const pending: (() => void)[] = [];
  peer.answer = () => pending.shift()?.();
  const server = createServer((socket) => {
    peer.connections++;
    open.push({ close: () => socket.destroy() });
    socket.on("error", () => {});
    const reader = new FrameReader();
    socket.on("data", (chunk: Buffer) => {
      for (const message of reader.read(chunk)) {
        const id = fieldOf(message, "MSH", 10);
        peer.ids.push(id);
        pending.push(() => socket.write(framed(`MSH|^~\\&|W|X|S|Y|20260314||ACK|${id}|P|2.5.1\rMSA|AA|${id}\r`)));
      }
    });
  });
  await listening(server, port);
  return peer;
}

test("a lane whose policy changes begins anew after the attempt under way: same connection, same order, each once", async () => {
  const { ports, disk, channel } = await ward(false);
  const peer = await slowWard(ports.ward);
  for (const id of ["C1", "C2"]) await sendMllp(ports.source, oru(id));
  await eventually(() => peer.ids.length === 1);
  save(disk, channel(mark("FIRST")).replace("initial: 10ms", "initial: 20ms"));
  await reload(disk);
  save(disk, channel(mark("FIRST")).replace("initial: 10ms", "initial: 30ms"));
  await reload(disk);
  await sendMllp(ports.source, oru("C3"));
  for (let n = 1; n <= 3; n++) {
    await eventually(() => peer.ids.length === n && lane(disk)?.ends.delivered === n - 1);
    peer.answer();
  }
  await eventually(() => lane(disk)?.ends.delivered === 3);
  expect(peer).toMatchObject({ ids: ["C1", "C2", "C3"], connections: 1 });
});

test("with other connector options the attempt under way ends on its connection, and what follows takes a new one, in order", async () => {
  const { ports, disk, channel } = await ward(false);
  const peer = await slowWard(ports.ward);
  for (const id of ["C1", "C2"]) await sendMllp(ports.source, oru(id));
  await eventually(() => peer.ids.length === 1);
  save(disk, channel(mark("FIRST")).replace("timeout: 30s", "timeout: 40s"));
  await reload(disk);
  await sendMllp(ports.source, oru("C3"));
  expect(peer).toMatchObject({ ids: ["C1"], connections: 1 });
  for (let n = 1; n <= 3; n++) {
    await eventually(() => peer.ids.length === n);
    peer.answer();
  }
  await eventually(() => lane(disk)?.ends.delivered === 3);
  expect(peer).toMatchObject({ ids: ["C1", "C2", "C3"], connections: 2 });
});

test("a partner's new address is used at the next attempt of what waits; no channel has changed", async () => {
  const { ports, disk } = await ward(false);
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => lane(disk)?.status.kind === "retrying");
  const moved = await freePort();
  const peer = await answer(moved);
  save(disk, partnersYaml({ ...ports, ward: moved }), "partners.yaml");
  expect(await reload(disk)).toMatchObject({ changed: [], unchanged: ["results"] });
  await eventually(() => peer.count === 1);
});

test("an engine stops while lanes that were replaced still wait for their partner", async () => {
  const { ports, disk, channel } = await ward(false);
  const peer = await slowWard(ports.ward);
  await sendMllp(ports.source, oru("C1"));
  await eventually(() => peer.ids.length === 1);
  save(disk, channel(mark("FIRST")).replace("initial: 10ms", "initial: 20ms").replace("timeout: 30s", "timeout: 60s"));
  await reload(disk);
  const started = performance.now();
  await disk.engine.close();
  // The partner would have half a minute, or a whole one.
  expect(performance.now() - started).toBeLessThan(20_000);
});
