import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../engine/runtime/clock.ts";
import type { Clock } from "../../engine/sdk/index.ts";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { oru } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const day = 86_400_000;
const noon = Date.UTC(2026, 10, 20, 12);

/** A bureau that takes counts, and an engine on a clock that the test moves. */
async function counting() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const source = await freePort();
  let skew = noon - systemClock.now();
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + skew };
  const link = (direction: string) => `links: { ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed } }`;
  const disk = await engineOnDisk(
    {
      "sluice.yaml": "name: small\ndata: .sluice\n",
      "partners.yaml": `partners:
  lab:
    kind: lab
    mayDeidentify: true
    agreements: [{ id: LAB-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    ${link("inbound")}
  bureau:
    kind: analytics
    endpoints: [{ id: api, url: "http://127.0.0.1:${(server.address() as AddressInfo).port}" }]
    agreements: [{ id: COUNTS, basis: deidentified, levels: [deidentified], purposes: [HRESCH], effective: 2020-01-01, timezone: UTC }]
    ${link("outbound")}
`,
      "results.yaml": `channel: results
classification: phi
source:
  partner: lab
  mllp: { port: ${source} }
  types: ["ORU^R01"]
destinations:
  counts:
    partner: bureau
    sends: deidentified
    purpose: HRESCH
    http: { endpoint: api, path: /counts }
    deidentify:
      method: aggregate
      aggregate: { every: day, timezone: UTC }
      transform: |
        return { sex: msg.get("PID-8") === "F" ? "F" : "M" };
    only:
      sex: { enum: [F, M] }
`,
    },
    { clock },
  );
  open.push(disk);
  const send = async (from: number, count: number, sex: string) => {
    for (let i = from; i < from + count; i++) expect(await sendMllp(source, oru(`C${i}`).replace("|F|||12", `|${sex}|||12`).replace(/\rPID\|([^|]*)\|[^|]*\|[^|]*\|[^|]*\|/, `\rPID|$1||90${i}^^^N^MR||`))).toContain("MSA|AA|");
  };
  return { disk, bodies, send, move: (ms: number) => (skew += ms), lane: () => disk.engine.operations.status().lanes[0] };
}

test("a day's messages leave as counts once it is over, small counts untold, and nobody's data with them", async () => {
  const { disk, bodies, send, move, lane } = await counting();
  await send(0, 14, "F");
  await send(14, 12, "M");
  await eventually(() => lane()?.status.kind === "gathering");
  move(day);
  await send(26, 3, "F");
  await disk.restart();
  await eventually(() => bodies.length === 1);
  await eventually(() => lane()?.ends.delivered === 26);
  expect(JSON.parse(bodies[0] ?? "")).toEqual({
    period: { first: "2026-11-20", last: "2026-11-20", every: "day", timezone: "UTC" }, minimum: 11, dimensions: ["sex"], total: 26, margins: [{ sex: "F", count: 14 }, { sex: "M", count: 12 }],
  });
  move(day);
  await disk.restart();
  await eventually(() => bodies.length === 2);
  expect(JSON.parse(bodies[1] ?? "")).toMatchObject({ period: { first: "2026-11-21" }, total: null, margins: [{ sex: "F", count: null }] });
  await eventually(() => lane()?.ends.delivered === 29);
}, 60_000);
