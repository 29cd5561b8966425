import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ProjectError } from "../../engine/cli/compose.ts";
import { engineOnDisk, eventually, freePort, type OnDisk, sendMllp } from "../flow/engine-on-disk.ts";
import { link, result, sluiceYaml } from "./folder-project.ts";

let disk: OnDisk | undefined;
let server: Server | undefined;
afterEach(async () => {
  await disk?.close();
  server?.closeAllConnections();
  server?.close();
  disk = server = undefined;
});

async function partner() {
  const bodies: string[] = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      bodies.push(body);
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await eventually(() => server?.listening === true);
  return { bodies, port: (server.address() as AddressInfo).port };
}

const partnersYaml = (port: number) => `partners:
  sender: { kind: lab, links: { inbound: ${link} } }
  receiver:
    kind: provider
    endpoints: [{ id: api, url: "http://127.0.0.1:${port}/in" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: ${link} }
`;

const first = (port: number, classification = "phi") => `channel: first
classification: ${classification}
source: { partner: sender, mllp: { port: ${port} } }
destinations:
  next:
    partner: self
    transform: |
      msg.set("MSH-3", "FIRST");
    channel: { to: second }
    retry: { initial: 20ms, max: 100ms }
`;

const second = (classification = "phi") => `channel: second
classification: ${classification}
source: { partner: self, channel: {}, format: hl7v2 }
destinations:
  api: { partner: receiver, purpose: TREAT, http: {} }
`;

test("a message is handed over in order, once, with its parent; a repeat of the sender makes no second one", async () => {
  const { bodies, port } = await partner();
  const intake = await freePort();
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "first.yaml": first(intake), "second.yaml": second() });
  const ids = Array.from({ length: 30 }, (_, n) => `H${n}`);
  for (const id of ids) expect(await sendMllp(intake, result(id))).toContain("MSA|AA|");
  await eventually(() => bodies.length === 30);
  expect(bodies.map((body) => /ORU\^R01\|(\w+)/.exec(body)?.[1])).toEqual(ids);
  expect(bodies.every((body) => body.startsWith("MSH|^~\\&|FIRST|"))).toBe(true);
  await sendMllp(intake, result("H3"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(bodies).toHaveLength(30);
  const { operations } = disk.engine;
  const children = operations.messages({ limit: 100 }).filter(({ channel }) => channel === "second");
  expect(children).toHaveLength(30);
  for (const child of children) expect(operations.message(child.parent ?? 0)?.channel).toBe("first");
  expect(new Set(children.map(({ parent }) => parent)).size).toBe(30);
});

test("stopped and started with messages under way: none is lost, none is taken twice by the other channel", async () => {
  const { bodies, port } = await partner();
  const intake = await freePort();
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "first.yaml": first(intake), "second.yaml": second() });
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 10; n++) await sendMllp(intake, result(`R${round}-${n}`));
    await disk.restart();
  }
  await eventually(() => new Set(bodies).size === 40);
  const { operations } = disk.engine;
  expect(operations.messages({ limit: 200 }).filter(({ channel }) => channel === "second")).toHaveLength(40);
});

test("a replay is taken by the other channel and by a partner that keeps count; its retry after a restart is the same one", async () => {
  const keys: string[] = [];
  let isDown = false;
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      keys.push(String(request.headers["idempotency-key"]));
      response.writeHead(isDown ? 503 : 200).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await eventually(() => server?.listening === true);
  const [intake, { port }] = [await freePort(), server.address() as AddressInfo];
  const retrying = second().replace("http: {} }", "http: {}, retry: { initial: 20ms, max: 100ms } }");
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "first.yaml": first(intake), "second.yaml": retrying });
  await sendMllp(intake, result("P1"));
  await eventually(() => keys.length === 1);
  await replay(1, "first/next");
  await eventually(() => keys.length === 2);
  const taken = disk.engine.operations.messages({ limit: 9 }).filter(({ channel }) => channel === "second");
  expect(taken.map(({ parent }) => parent)).toEqual([1, 1]);
  isDown = true;
  await replay(taken[0]?.id ?? 0, "second/api");
  await eventually(() => keys.length > 2);
  await disk.restart();
  const before = keys.length;
  await eventually(() => keys.length > before);
  isDown = false;
  await eventually(() => disk?.engine.operations.status().lanes.every(({ depth }) => depth === 0) === true);
  expect(new Set(keys).size).toBe(3);
  expect(new Set(keys.slice(2)).size).toBe(1);

  async function replay(id: number, lane: string) {
    await eventually(() => disk?.engine.operations.message(id)?.entries.every(({ state }) => state === "delivered") === true);
    disk?.engine.operations.jobs.start({ kind: "replay", selection: { ids: [id], channel: lane.split("/")[0] ?? "" }, to: [lane], reason: "lost it" });
  }
});

describe("intake that a person closes while messages wait to be handed over", () => {
  async function waiting() {
    const { bodies, port } = await partner();
    const intake = await freePort();
    const few = first(intake).replace("retry: {", "retry: { attempts: 2,");
    disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "first.yaml": few, "second.yaml": second() });
    const { operations } = disk.engine;
    await operations.lanes.pause(["first/next"], "test");
    for (let n = 0; n < 5; n++) await sendMllp(intake, result(`D${n}`));
    return { bodies, intake, operations, lane: () => operations.status().lanes.find(({ lane }) => lane === "first/next") };
  }

  test("of every channel: the lanes run empty, and then nothing comes in", async () => {
    const { bodies, intake, operations, lane } = await waiting();
    await operations.intake.close(["second"]);
    await operations.intake.close(["first"]);
    await operations.lanes.resume(["first/next"]);
    await eventually(() => bodies.length === 5);
    await eventually(() => operations.status().lanes.every(({ depth }) => depth === 0));
    await eventually(() => operations.status().channels.every(({ drained }) => drained === true));
    await expect(sendMllp(intake, result("D9"))).rejects.toThrow();
    // Its giver comes back, and the one that stays closed takes nothing more.
    await operations.intake.open(["first"]);
    await sendMllp(intake, result("D10"));
    await eventually(() => lane()?.status.kind === "suspended");
    expect(bodies).toHaveLength(5);
  });

  test("of the taker alone: they wait without an attempt, and go on when it opens", async () => {
    const { bodies, operations, lane } = await waiting();
    await operations.intake.close(["second"]);
    await operations.lanes.resume(["first/next"]);
    await eventually(() => lane()?.status.kind === "suspended");
    expect(lane()?.status).toEqual({ kind: "suspended", code: "RUN-120" });
    // More looks than the lane has attempts.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(lane()?.depth).toBe(5);
    expect(operations.messages({ limit: 10 }).flatMap(({ entries }) => entries.map(({ attempts }) => attempts))).toEqual([0, 0, 0, 0, 0]);
    await operations.intake.open(["second"]);
    await eventually(() => bodies.length === 5);
  });
});

test.each([
  ["limited", "phi", "PHI-103"],
  ["phi", "{ level: phi, compartments: [behavioral] }", "PHI-115"],
])("a channel classified %s is handed nothing of %s: lint says %s and nothing starts", async (below, above, code) => {
  const files = { "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(1), "first.yaml": first(await freePort(), above), "second.yaml": second(below) };
  const error = await engineOnDisk(files).then(
    (started) => started.close(),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ProjectError);
  expect((error as ProjectError).diagnostics.map((d) => d.code)).toContain(code);
});

test("lowered while messages wait: the guard asks again at the hand-off, and nothing goes over", async () => {
  const { bodies, port } = await partner();
  const intake = await freePort();
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "first.yaml": first(intake), "second.yaml": second() });
  await sendMllp(intake, result("W1"));
  await eventually(() => bodies.length === 1);
  // As a reload would: the party that stands for the channel is what the channel is by then.
  const { project } = disk.engine;
  const taker = project.partners.get("self:second");
  if (!taker) throw new Error("no party for the channel");
  (project.partners as Map<string, unknown>).set("self:second", { ...taker, agreements: taker.agreements.map((a) => ({ ...a, levels: ["limited"] })) });
  await sendMllp(intake, result("W2"));
  const { operations } = disk.engine;
  await eventually(() => operations.messages({ limit: 10 }).some(({ entries }) => entries.some(({ code }) => code === "PHI-202")));
  expect(bodies).toHaveLength(1);
  expect(operations.messages({ limit: 10 }).filter(({ channel }) => channel === "second")).toHaveLength(1);
});

test("a timer's messages take the whole path, each moment once over a restart", async () => {
  const { bodies, port } = await partner();
  const tick = `channel: tick
classification: none
source: { partner: self, timer: { every: 100ms }, format: json }
destinations:
  api:
    partner: receiver
    sends: none
    transform: |
      return { n: msg.sequence };
    only: { event: { const: tick }, n: { type: integer, minimum: 1, maximum: 1000000 } }
    http: {}
`;
  disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(port), "tick.yaml": tick });
  await eventually(() => bodies.length >= 5);
  await disk.restart();
  const before = bodies.length;
  await eventually(() => bodies.length >= before + 5);
  const numbers = bodies.map((body) => JSON.parse(body).n as number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
