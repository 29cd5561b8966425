import { afterEach, expect, test } from "vitest";
import { engineOnDisk, freePort } from "./engine-on-disk.ts";
import { channelYaml, oru, partnersYaml, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

test("over HTTP the sender's own id recognises a resend: the same answer, taken once", async () => {
  const ports = { source: await freePort(), ehr: await freePort(), ward: await freePort() };
  const http = `http: { port: ${ports.source}, path: /in, id: { header: X-Request-Id } }`;
  const channel = channelYaml(ports).replace(`mllp: { port: ${ports.source} }`, http);
  const disk = await engineOnDisk({ "sluice.yaml": sluiceYaml, "partners.yaml": partnersYaml(ports), "results.yaml": channel });
  open.push(disk);
  const post = async (id: string, body: string) => {
    const response = await fetch(`http://127.0.0.1:${ports.source}/in`, { method: "POST", headers: { "x-request-id": id }, body });
    return `${response.status} ${await response.text()}`;
  };
  expect(await post("one", oru("C1"))).toBe('202 {"id":"m1"}');
  expect(await post("one", oru("C1"))).toBe('202 {"id":"m1"}');
  expect(await post("two", oru("C1"))).toMatch(/^202 \{"id":"m(?!1")/);
  expect(await post("one", oru("C2"))).toMatch(/^202 \{"id":"m(?!1")/);
  expect(disk.engine.operations.status().lanes.map((lane) => lane.received)).toEqual([3, 3]);
  expect(disk.log.join("\n")).toContain("same-id-other-bytes");
});
