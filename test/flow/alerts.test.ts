import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { engineOnDisk, eventually, freePort, sendMllp } from "./engine-on-disk.ts";
import { oru, sluiceYaml } from "./small-project.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A paging service: what each of its addresses was told. */
class Pager {
  readonly told: { readonly path: string; readonly alert: string; readonly text: string }[] = [];
  /** Status and body of the answer, by path. */
  answer: (path: string) => { readonly status: number; readonly body?: string } = () => ({ status: 202 });
  #server: Server | undefined;

  async listen(port: number): Promise<void> {
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        const path = request.url ?? "";
        this.told.push({ path, text, alert: (JSON.parse(text) as { alert: string }).alert });
        const { status, body = "{}" } = this.answer(path);
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

const agreement = `
    agreements:
      - { id: A1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }`;
const link = (direction: string) => `
      ${direction}: { auth: none, allow: ["*"], limit: 10000/s, audit: metadata, phi: allowed }`;

async function withAlerts({ within = "700ms", escalate = "[second, third]", more = "" } = {}) {
  const [source, pagerPort, callback] = [await freePort(), await freePort(), await freePort()];
  const files = {
    "sluice.yaml": sluiceYaml,
    "partners.yaml": `partners:
  lab:
    kind: lab${agreement}
    links:${link("inbound")}
  pager:
    kind: provider
    endpoints:
      - { id: first, url: "http://127.0.0.1:${pagerPort}/first" }
      - { id: second, url: "http://127.0.0.1:${pagerPort}/second" }
      - { id: third, url: "http://127.0.0.1:${pagerPort}/third" }${agreement}
    links:${link("inbound")}${link("outbound")}
`,
    "lookups/critical-ranges.yaml": `"718-7|g/dL": 7.0..20.0\n`,
    "results.yaml": `channel: results
classification: phi
source:
  partner: lab
  mllp: { port: ${source} }
  types: [ORU^R01]
destinations:
  pager:
    partner: pager
    purpose: TREAT
    format: json
    alert:
      when: critical
      owner: lab-desk
      ranges: critical-ranges
      acknowledge: { within: ${within}, escalate: ${escalate}${more} }
    transform: |
      return { alert: meta.id, code: msg.get("OBX-3.1"), value: msg.get("OBX-5") };
    http: { endpoint: first, method: POST }
    retry: { initial: 20ms, max: 100ms }
`,
    "seen.yaml": `channel: seen
classification: phi
source:
  partner: pager
  http: { port: ${callback}, method: POST, path: /seen }
  format: json
acknowledges: { alert: alert, by: by }
destinations:
  log:
    partner: pager
    purpose: TREAT
    http: { endpoint: third, method: POST, path: /log }
`,
  };
  const pager = new Pager();
  open.push(pager);
  await pager.listen(pagerPort);
  const disk = await engineOnDisk(files);
  open.push(disk);
  const send = async (...messages: string[]) => {
    for (const each of messages) expect(await sendMllp(source, each)).toContain("MSA|AA|");
  };
  const entry = (id: number) => disk.engine.operations.message(id)?.entries[0];
  return { disk, pager, send, entry, callback };
}

const critical = (id: string, value = "5.1", flag = "LL", status = "F") => oru(id).replace("13.40|g/dL|12.0-16.0|N|||F", `${value}|g/dL|12.0-16.0|${flag}|||${status}`);

test("a critical result is told at once, and again up the ladder without end until a person has acknowledged", async () => {
  const { disk, pager, send, entry } = await withAlerts();
  await send(oru("A1"), critical("A2"));
  await eventually(() => pager.told.length >= 5);
  expect(pager.told.slice(0, 4).map(({ path }) => path)).toEqual(["/first", "/second", "/third", "/first"]);
  expect(new Set(pager.told.map(({ alert }) => alert)).size).toBe(1);
  expect(entry(1)).toMatchObject({ state: "filtered", code: "CAS-111" });
  const { work, status } = { work: disk.engine.operations.work, status: () => disk.engine.operations.status() };
  const [item] = work.list({ state: "open", limit: 5 });
  expect(item).toMatchObject({ list: "critical-results", owner: "lab-desk", code: "CAS-110", message: 2 });
  await expect(work.close(item?.id ?? 0, "jdoe", "no", false)).rejects.toMatchObject({ code: "CAS-206" });
  await work.acknowledge(item?.id ?? 0, "jdoe");
  await eventually(() => entry(2)?.state === "delivered");
  const told = pager.told.length;
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(pager.told.length).toBe(told);
  await eventually(() => status().work.length === 0);
  expect(status().conservationGap).toBe(0);
  expect(disk.log.join("\n")).not.toMatch(/\b5\.1\b|718-7|EXEMPLAR/);
});

test("the obligation stands over a restart, and one alert waits for no other", async () => {
  const { disk, pager, send, entry } = await withAlerts({ within: "1500ms" });
  pager.answer = () => ({ status: 500 });
  await send(critical("A1"), critical("A2").replaceAll("F200", "F201"), critical("A3").replaceAll("F200", "F202"));
  await eventually(() => new Set(pager.told.map(({ alert }) => alert)).size === 3);
  await disk.restart();
  pager.answer = () => ({ status: 202 });
  await eventually(() => [1, 2, 3].every((id) => entry(id)?.state === "held" || entry(id)?.code === "CAS-110"));
  await disk.restart();
  const before = pager.told.length;
  await eventually(() => new Set(pager.told.slice(before).map(({ alert }) => alert)).size === 3);
  for (const { id } of disk.engine.operations.work.list({ state: "open", limit: 5 })) await disk.engine.operations.work.acknowledge(id, "jdoe");
  await eventually(() => [1, 2, 3].every((id) => entry(id)?.state === "delivered"));
});

test("one version is told of once, a corrected one again, and so is a correction to normal", async () => {
  const { disk, pager, send, entry } = await withAlerts({ within: "1h" });
  await send(critical("A1"), critical("A2"), critical("A3", "5.4", "LL", "C"), critical("A4", "12.5", "N", "C"), critical("A5", "12.6", "N", "F"));
  await eventually(() => [1, 2, 3, 4, 5].every((id) => entry(id)?.state !== "waiting"));
  expect([1, 2, 3, 4, 5].map((id) => entry(id)?.code)).toEqual(["CAS-110", "CAS-113", "CAS-110", "CAS-110", "CAS-111"]);
  expect(pager.told.map(({ text }) => (JSON.parse(text) as { value: string }).value).toSorted()).toEqual(["12.5", "5.1", "5.4"]);
  expect(disk.engine.operations.status().work).toMatchObject([{ open: 3 }]);
});

test("the partner's callback acknowledges, and its answer where it names who; an unknown alert is held", async () => {
  const { disk, pager, send, entry, callback } = await withAlerts({ within: "1h", more: ", answer: acknowledgedBy" });
  const say = (body: object) => fetch(`http://127.0.0.1:${callback}/seen`, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  await send(critical("A1"));
  await eventually(() => pager.told.length === 1 && entry(1)?.state === "held");
  expect((await say({ alert: "nobody-knows", by: "nurse" })).status).toBeLessThan(300);
  await eventually(() => disk.engine.operations.message(2)?.entries[0]?.code === "CAS-112");
  await say({ alert: pager.told[0]?.alert, by: "nurse" });
  await eventually(() => entry(1)?.state === "delivered");
  pager.answer = () => ({ status: 200, body: JSON.stringify({ acknowledgedBy: "charge nurse" }) });
  await send(critical("A9").replaceAll("F200", "F209"));
  await eventually(() => disk.engine.operations.message(4)?.entries[0]?.state === "delivered");
  await eventually(() => disk.engine.operations.status().work.length === 0);
});

test("a flag that is missing, unknown or off the scale is told of; a no of the pager end nothing", async () => {
  const { pager, send, entry } = await withAlerts({ within: "1h" });
  pager.answer = (path) => (path === "/first" ? { status: 422 } : { status: 202 });
  const of = (id: string, value: string, flag: string) => critical(id, value, flag).replaceAll("F200", `F${id}`);
  await send(of("A1", "6.9", ""), of("A2", "13", "ZZ"), of("A3", "13", ">"), of("A4", "hemolyzed", ""), of("A5", "13", "H"));
  await eventually(() => [1, 2, 3, 4].every((id) => entry(id)?.code === "CAS-110") && entry(5)?.state === "filtered");
  await eventually(() => pager.told.filter(({ path }) => path === "/second").length >= 4);
  expect(pager.told.filter(({ path }) => path === "/second").length).toBe(4);
});
