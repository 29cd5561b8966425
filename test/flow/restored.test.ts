import { readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeBackup, restoreBackup } from "../../engine/store/index.ts";
import { fileSource, link, partnersYaml, place, result, sluiceYaml } from "../files/folder-project.ts";
import { engineOnDisk, eventually } from "./engine-on-disk.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const channel = `channel: first
classification: phi
${fileSource()}
  format: hl7v2
destinations:
  box: { partner: receiver, purpose: TREAT, file: { name: "{sequence}-{id}.hl7" } }
`;
const project = { "sluice.yaml": sluiceYaml, "in/.keep": "", "taken/.keep": "", "failed/.keep": "", "out/.keep": "", "first.yaml": channel };

test("a record that comes back without the key of its ids does not start, and gets no other key", async () => {
  const disk = await engineOnDisk({ ...project, "partners.yaml": partnersYaml() });
  open.push(disk.close);
  place(disk.root, "a.hl7", result("A"));
  await eventually(() => readdirSync(join(disk.root, "out")).some((name) => name.endsWith(".hl7")));
  await disk.engine.close();
  rmSync(join(disk.root, ".sluice", "identity.key"));
  await expect(disk.restart()).rejects.toMatchObject({ code: "RUN-109", safe: { missing: true } });
  await expect(disk.restart()).rejects.toMatchObject({ code: "RUN-109", safe: { missing: true } });
});

test("after a restore a partner that drops repeats takes what is new, and knows again what was in flight", async () => {
  const got = new Map<string, string>();
  const dropped: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const key = String(request.headers["idempotency-key"]);
      const id = /ORU\^R01\|(\w+)/.exec(body)?.[1] ?? "";
      if (got.has(key)) dropped.push(id);
      else got.set(key, id);
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await eventually(() => server.listening);
  open.push(async () => server.close());
  const partners = `partners:
  sender: { kind: lab, links: { inbound: ${link} } }
  receiver:
    kind: provider
    endpoints: [{ id: api, url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/in" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: ${link} }
`;
  const api = channel.replace(/box:.*/, "api: { partner: receiver, purpose: TREAT, http: {} }");
  const disk = await engineOnDisk({ ...project, "first.yaml": api, "partners.yaml": partners });
  open.push(disk.close);
  const [data, backup] = [join(disk.root, ".sluice"), join(disk.root, "backup")];
  const put = (id: string) => place(disk.root, `${id}.hl7`, result(id));
  const idle = () => disk.engine.operations.status().lanes.every(({ depth }) => depth === 0);
  await disk.engine.operations.lanes.pause(["first/api"], "the backup is to have it in flight");
  put("FLIGHT");
  await eventually(() => !idle());
  makeBackup(data, backup, { withKeys: true, at: Date.now() });
  await disk.engine.operations.lanes.resume(["first/api"]);
  put("AFTER");
  // A file that is still in its folder when the engine ends would be a new one for the record of before.
  await eventually(() => got.size === 2 && idle() && readdirSync(join(disk.root, "taken")).filter((name) => name.endsWith(".hl7")).length === 2);
  await disk.engine.close();
  rmSync(data, { recursive: true });
  await restoreBackup(backup, data, { now: Date.now() });
  await disk.restart();
  for (const id of ["NEW1", "NEW2"]) put(id);
  await disk.engine.operations.lanes.resume(["first/api"]);
  await eventually(() => got.size === 4 && idle());
  expect([...got.values()].toSorted()).toEqual(["AFTER", "FLIGHT", "NEW1", "NEW2"]);
  expect(dropped).toEqual(["FLIGHT"]);
});
