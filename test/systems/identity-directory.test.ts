import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { engineOnDisk, eventually, freePort } from "../flow/engine-on-disk.ts";
import type { FhirServer } from "../simulators/fhir-server.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

const npi = (value: string) => ({ system: "http://hl7.org/fhir/sid/us-npi", value });
const practitioner = (id: string, number: string, code: string, more: object = {}) => ({
  resourceType: "Practitioner", id, active: true, name: [{ family: "Sample", given: ["Uma"] }], identifier: [{ system: "urn:example:staff", value: `S-${id}` }, npi(number)], qualification: [{ code: { coding: [{ code }] } }], ...more,
});

describe("a directory of practitioners", () => {
  let example: ExampleProject;
  let directory: FhirServer;
  beforeAll(async () => {
    example = await exampleProject((text, file) => (file === "provider-directory.yaml" ? text.replace("every: 10s", "every: 1s") : text));
    directory = example.peers.of("directory");
  });
  afterAll(() => example?.close());
  let tries = 0;

  const table = (name: string) => {
    try {
      return readFileSync(join(example.root, `lookups/provider-${name}.csv`), "utf8");
    } catch {
      return "";
    }
  };

  it("becomes lookup tables of numbers and codes; who has left loses the row, and the running channels learn it", async () => {
    directory.put(practitioner("p2", "1000000004", "DERM"));
    directory.put(practitioner("p1", "1999999984", "CARD"));
    directory.put({ resourceType: "PractitionerRole", id: "r1", active: true, practitioner: { reference: "Practitioner/p1", identifier: npi("1999999984"), display: "Uma Sample" }, code: [{ coding: [{ code: "ICU" }] }], telecom: [{ system: "phone", value: "+1 555 0100" }] });
    await expect.poll(() => table("specialty")).toBe("key,value\n1000000004,dermatology\n1999999984,cardiology\n");
    await expect.poll(() => table("department")).toBe("key,value\n1999999984,acute-care\n");
    await expect.poll(() => ({ ...example.engine.project.lookups.get("provider-specialty") })).toEqual({ "1000000004": "dermatology", "1999999984": "cardiology" });
    directory.put(practitioner("p2", "1000000004", "DERM", { active: false }));
    await expect.poll(() => ({ ...example.engine.project.lookups.get("provider-specialty") })).toEqual({ "1999999984": "cardiology" });
    await expect.poll(() => example.log.some((line) => line.includes('"lookup-changed"') && line.includes('"provider-specialty"'))).toBe(true);
  });

  it("a number whose check digit is wrong goes into no table: it is held, and the directory desk's work", async () => {
    const id = `p3-${++tries}`;
    directory.put(practitioner(id, "1999999985", "CARD"));
    const textOf = (message: number) => Buffer.from(example.engine.operations.message(message)?.raw?.bytes ?? []).toString();
    const its = () => example.engine.operations.messages({ lane: "provider-directory/specialties", limit: 20 }).find((message) => textOf(message.id).includes(`"${id}"`));
    await expect.poll(() => its()?.entries.find(({ lane }) => lane.endsWith("/specialties"))).toMatchObject({ state: "held", code: "FHR-110" });
    await expect.poll(() => example.engine.operations.work.list({ state: "open", limit: 20 }).filter(({ message }) => message === its()?.id)).toMatchObject([{ list: "directory-entry-review", owner: "directory-desk", code: "FHR-110" }]);
    expect(table("specialty")).not.toContain("1999999985");
  });

  it("a code that no table knows is told by its table, never by itself", async () => {
    directory.put(practitioner("p4", "1000000012", "GENO"));
    await expect.poll(() => table("specialty")).toContain("1000000012,other");
    const missed = example.log.filter((line) => line.includes('"lookup-missed"'));
    expect(missed.at(-1)).toContain('"table":"specialties"');
    for (const word of ["GENO", "1000000012", "Sample"]) expect(example.log.join("\n")).not.toContain(word);
  });

  it("a directory that asks to be left alone, or whose answer breaks, is asked again and nothing is missed", async () => {
    directory.bad.push({ at: /Practitioner\/_search/, what: "busy" }, { at: /Practitioner\/_search/, what: "fault" });
    directory.put(practitioner("p5", "1000000020", "FAM"));
    await expect.poll(() => table("specialty")).toContain("1000000020,family-medicine");
  });
});

test("a table that a person edits is in force within seconds, as a new revision; what else lies half-done beside it is not, and a broken table changes nothing", async () => {
  const [port, sink] = [await freePort(), await freePort()];
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      arrived.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(sink, "127.0.0.1", resolve));
  const link = 'auth: none, allow: ["*"], limit: 100/s, audit: full, phi: allowed';
  const channel = (word: string) => `channel: route
classification: phi
lookups: [wards]
source: { partner: app, http: { port: ${port}, path: /route }, format: json }
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    transform: |
      return { to: lookup("wards", msg.ward, "nowhere"), by: "${word}" };
    http: {}
`;
  const onDisk = await engineOnDisk({
    "sluice.yaml": "name: tables\nsandbox: { walls: reduced }\n",
    "partners.yaml": `partners:
  app: { kind: provider, links: { inbound: { ${link} } } }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "http://127.0.0.1:${sink}/" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: { ${link} } }
`,
    "lookups/wards.csv": 'code,ward\n3W,"medicine, third floor"\n012,zero\n',
    "route.yaml": channel("first"),
  });
  try {
    const send = async (ward: string) => {
      const before = arrived.length;
      expect((await fetch(`http://127.0.0.1:${port}/route`, { method: "POST", body: JSON.stringify({ ward }) })).status).toBe(202);
      await eventually(() => arrived.length > before);
      return JSON.parse(arrived.at(-1) ?? "") as object;
    };
    expect(await send("3W")).toEqual({ to: "medicine, third floor", by: "first" });
    expect(await send("012")).toEqual({ to: "zero", by: "first" });
    expect(await send("9X")).toEqual({ to: "nowhere", by: "first" });
    expect(onDisk.log.filter((line) => line.includes("lookup-missed"))).toHaveLength(1);
    writeFileSync(join(onDisk.root, "route.yaml"), channel("half-done"));
    writeFileSync(join(onDisk.root, "lookups/wards.csv"), "code,ward\n3W,surgery\n9X,night\n");
    await eventually(() => onDisk.log.some((line) => line.includes('"lookup-changed"') && line.includes('"count":2')));
    await eventually(() => onDisk.log.some((line) => line.includes('"channel-reloaded"') && line.includes('"route"')));
    expect(await send("9X")).toEqual({ to: "night", by: "first" });
    writeFileSync(join(onDisk.root, "lookups/wards.csv"), "code,ward\n3W,surgery\n3W,again\n");
    await eventually(() => onDisk.log.some((line) => line.includes('"lookup-not-taken"')));
    expect(await send("3W")).toEqual({ to: "surgery", by: "first" });
  } finally {
    await onDisk.close();
    server.closeAllConnections();
    server.close();
  }
});
