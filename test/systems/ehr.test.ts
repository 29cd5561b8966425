import { MedplumClient } from "@medplum/core";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BadDay } from "../simulators/fhir-server.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";

/** Identifiers of the patient of the admission, in the forms a partner or a log could hold them. */
const planted = ["81-552207", "81552207", "EXEMPLAR", "BRUNA", "19580413", "1958-04-13", "EXAMPLE ROAD", "VN9941207"];
const quick = (text: string) => text.replaceAll("retry: { initial: 1s, max: 1m }", "retry: { initial: 50ms, max: 200ms }");

/** Requests that reached the hospital: method and path, headers and body. */
const asked = (example: ExampleProject, method = "", path = /./) =>
  example.peers.received("hospital").filter((each) => (method === "" || each.headers[":method"] === method) && path.test(each.path));

const nothingLeaked = (example: ExampleProject) => {
  const said = [example.log.join("\n"), ...asked(example).map(({ path, headers }) => JSON.stringify([path, headers]))];
  for (const value of planted) for (const text of said) expect(text).not.toContain(value);
  expect(example.engine.operations.status().conservationGap).toBe(0);
};

describe("admissions to the hospital's record", () => {
  let example: ExampleProject;
  let sent = 0;
  beforeAll(async () => void (example = await exampleProject((text, file) => quick(file === "ehr-updates.yaml" ? text.replace("every: 10s", "every: 1h") : text))));
  // What a test that failed has left to go wrong is not for the next one.
  beforeEach(() => void example.peers.of("hospital").bad.splice(0));
  afterAll(() => example?.close());

  /** Sends one admission of its own while the server has these bad days, and gives how it ended. */
  async function admission(...bad: BadDay["what"][]) {
    example.peers.of("hospital").bad.push(...bad.map((what) => ({ at: /^POST \/$/, what })));
    const before = asked(example, "POST", /^\/fhir\/?$/).length;
    const id = `NA20260302${String(++sent).padStart(6, "0")}`;
    writeFileSync(join(example.root, "fixtures/one.hl7"), readFileSync(join(example.root, "fixtures/adt-a01.hl7"), "latin1").replace("NA20260302000017", id), "latin1");
    await example.send("fixtures/one.hl7");
    const [message] = example.engine.operations.messages({ lane: "ehr-admissions/record", limit: 1 });
    const entry = message?.entries.find(({ lane }) => lane === "ehr-admissions/record");
    const arrived = asked(example, "POST", /^\/fhir\/?$/).slice(before);
    return { id: message?.id ?? 0, state: entry?.state, code: entry?.code, attempts: entry?.attempts, requests: arrived.length, arrived };
  }

  it("are one transaction; a second one of the same patient changes the same resources", async () => {
    const first = await admission();
    expect(first).toMatchObject({ state: "delivered", requests: 1 });
    expect(first.arrived[0]?.headers).toMatchObject({ "content-type": "application/fhir+json", authorization: `Bearer ${example.secret("hospital_token")}`, prefer: "return=minimal" });
    const patients = () => example.peers.of("hospital").all("Patient");
    expect(patients()).toMatchObject([{ name: [{ family: "EXEMPLAR" }], birthDate: "1958-04-13" }]);
    await admission();
    expect(patients()).toHaveLength(1);
  });

  it.each([
    ["429 with Retry-After", ["busy"], 2],
    ["409, while somebody else changes the patient", ["conflict", "conflict"], 3],
    ["an expired token", ["expired"], 2],
    ["a fault of the server", ["fault"], 2],
  ] as const)("%s: sent again, and arrives", async (_, bad, requests) => {
    const started = performance.now();
    const got = await admission(...bad);
    expect(got).toMatchObject({ state: "delivered", requests });
    if (bad[0] === "busy") expect(performance.now() - started).toBeGreaterThan(950);
    expect(new Set(got.arrived.map(({ body }) => body)).size).toBe(1);
  });

  it.each([
    ["409 for good", ["conflict", "conflict", "conflict"], "FHC-210", 3],
    ["412", ["mismatch"], "FHC-211", 1],
    ["an OperationOutcome that echoes the patient", ["echo"], "FHC-209", 1],
  ] as const)("%s: rejected, with a code alone", async (_, bad, code, requests) => {
    expect(await admission(...bad)).toMatchObject({ state: "rejected", code, requests });
  });

  it("keeps what the server echoed sealed with the message, and nowhere else", async () => {
    const { id } = await admission("echo");
    expect(Buffer.from(example.engine.operations.message(id)?.responses["ehr-admissions/record"]?.bytes ?? []).toString()).toContain("EXEMPLAR");
    nothingLeaked(example);
  });

  it("an answer that is lost: unknown, sent again with the same bytes, and nothing is there twice", async () => {
    const patients = example.peers.of("hospital").all("Patient").length;
    await example.close();
    example = await exampleProject((text, file) => quick(file === "ehr-updates.yaml" ? text.replace("every: 10s", "every: 1h") : text.replace("interaction: transaction,", "interaction: transaction, timeout: 3s,")));
    const got = await admission("silent");
    expect(got).toMatchObject({ state: "delivered", requests: 2 });
    expect(got.arrived[0]?.body).toBe(got.arrived[1]?.body);
    expect(example.peers.of("hospital").all("Patient")).toHaveLength(patients);
  });

  it("a batch that fails in part: rejected with the server's answer, entry by entry", async () => {
    await example.close();
    const batch = "transform: |\n      const bundle = toFhir(msg, { bundle: \"transaction\", drop: [\"Provenance\"] });\n      bundle.type = \"batch\";\n      return bundle;";
    example = await exampleProject((text, file) => (file === "ehr-admissions.yaml" ? quick(text).replace(/transform: \{ map.*\}/, batch).replace("interaction: transaction", "interaction: batch").replace(/\ntests:[\s\S]*/, "\n") : text));
    expect(await admission()).toMatchObject({ state: "delivered", requests: 1 });
    const got = await admission("partly");
    expect(got).toMatchObject({ state: "rejected", code: "FHC-212", requests: 1 });
    const answer = JSON.parse(Buffer.from(example.engine.operations.message(got.id)?.responses["ehr-admissions/record"]?.bytes ?? []).toString());
    expect(answer.entry.at(-1).response.status).toBe("422 Unprocessable Entity");
    nothingLeaked(example);
  });
});

describe("changes at the hospital's record", () => {
  let example: ExampleProject | undefined;
  afterEach(async () => {
    await example?.close();
    example = undefined;
  });

  const patient = (n: number, given = "BRUNA") => ({ resourceType: "Patient", id: `p${n}`, identifier: [{ system: "urn:oid:2.16.840.1.113883.19.5", value: `81-55220${n}` }], name: [{ family: "EXEMPLAR", given: [given] }], birthDate: "1958-04-13" });
  const polled = (change: (text: string) => string = (text) => text) =>
    exampleProject((text, file) => (file === "ehr-updates.yaml" ? change(quick(text).replace("every: 10s", "every: 1s")) : text));
  const ward = () => (example as ExampleProject).peers.received("ward").map(({ body }) => body);
  const given = () => ward().map((body) => /PID\|[^\r]*?EXEMPLAR\^(\w+)/.exec(body)?.[1]);
  const begun = () => expect.poll(() => asked(example as ExampleProject, "POST", /Patient\/_search$/).length).toBeGreaterThan(0);

  it("reach the ward page by page, each version once, however often searches overlap", async () => {
    example = await polled();
    await begun();
    const hospital = example.peers.of("hospital");
    hospital.pageSize = 2;
    for (let n = 1; n <= 5; n++) hospital.put(patient(n, `G${n}`));
    await expect.poll(given).toEqual(["G1", "G2", "G3", "G4", "G5"]);
    hospital.put(patient(3, "AGAIN"));
    await expect.poll(() => given().length).toBe(6);
    const rounds = asked(example, "POST", /Patient\/_search$/).length;
    await expect.poll(() => asked(example as ExampleProject, "POST", /Patient\/_search$/).length).toBeGreaterThan(rounds + 1);
    expect(given()).toEqual(["G1", "G2", "G3", "G4", "G5", "AGAIN"]);
    expect(asked(example, "GET", /_getpages/).length).toBeGreaterThan(3);
    const [search] = asked(example, "POST", /Patient\/_search$/);
    expect([search?.path, search?.body]).toEqual(["/fhir/Patient/_search", expect.stringMatching(/^_lastUpdated=ge\d{4}-/)]);
    nothingLeaked(example);
  });

  it("are not lost while the engine is down", async () => {
    example = await polled();
    await begun();
    const hospital = example.peers.of("hospital");
    hospital.put(patient(1, "BEFORE"));
    await expect.poll(given).toEqual(["BEFORE"]);
    const restarting = example.restart();
    hospital.put(patient(2, "DURING"));
    await restarting;
    await expect.poll(given).toEqual(["BEFORE", "DURING"]);
  });

  it.each([
    ["429 with Retry-After", [{ at: /Patient\/_search$/, what: "busy" }], "FHP-102"],
    ["an expired token", [{ at: /Patient\/_search$/, what: "expired" }], "FHP-103"],
    ["a fault in the middle of the pages", [{ at: /pages$/, what: "fault" }], "FHP-101"],
    ["a page that comes too slowly", [{ at: /pages$/, what: "slow" }], "NET-209"],
    ["a next page that leads elsewhere", [{ at: /Patient\/_search$/, what: "elsewhere" }], "PHI-208"],
  ] as const)("%s: told by its code, and the round begins again where it was", async (_, bad, code) => {
    example = await polled((text) => text.replace("overlap: 1m", "overlap: 1m\n    timeout: 1s"));
    await begun();
    const hospital = example.peers.of("hospital");
    hospital.pageSize = 1;
    hospital.bad.push(...bad);
    for (let n = 1; n <= 3; n++) hospital.put(patient(n, `G${n}`));
    await expect.poll(() => example?.log.some((line) => line.includes(code))).toBe(true);
    await expect.poll(given).toEqual(["G1", "G2", "G3"]);
    nothingLeaked(example);
  });

  it.each([false, true])("a rest-hook notification begins a round at once (with a payload: %s)", async (payload) => {
    example = await polled((text) => text.replace("every: 1s", "every: 1h"));
    await begun();
    const hospital = example.peers.of("hospital");
    const url = `http://127.0.0.1:${example.at(8045)}/hooks/hospital`;
    hospital.subscriber = { url, headers: { authorization: "Bearer wrong" }, payload };
    hospital.put(patient(1, "UNHEARD"));
    await expect.poll(() => example?.log.some((line) => line.includes("NET-109"))).toBe(true);
    expect(given()).toEqual([]);
    hospital.subscriber = { url, headers: { authorization: `Bearer ${example.secret("hospital_hook")}` }, payload };
    hospital.put(patient(2, "HEARD"));
    await expect.poll(given).toEqual(["UNHEARD", "HEARD"]);
    nothingLeaked(example);
  });

  it("are exported in bulk, waited for, read line by line and deleted there", async () => {
    example = await exampleProject((text, file) => (file === "ehr-updates.yaml" ? quick(text).replace("every: 10s", "every: 1h\n    export: { path: /Patient/$export }") : text), {});
    await expect.poll(() => asked(example as ExampleProject, "DELETE", /export-job/).length).toBe(1);
    await example.close();
    example = await polled((text) => text.replace("every: 1s", "every: 3s\n    export: { path: /Patient/$export }"));
    const hospital = example.peers.of("hospital");
    for (let n = 1; n <= 4; n++) hospital.put(patient(n, `G${n}`));
    await expect.poll(given).toEqual(["G1", "G2", "G3", "G4"]);
    const [started] = asked(example, "GET", /\$export/);
    expect(started?.headers).toMatchObject({ prefer: "respond-async", authorization: `Bearer ${example.secret("hospital_token")}` });
    expect(started?.path).toContain("_type=Patient");
    nothingLeaked(example);
  });
});

describe("our own application in front of the record", () => {
  let example: ExampleProject;
  let client: MedplumClient;
  beforeAll(async () => {
    example = await exampleProject((text, file) => quick(file === "ehr-updates.yaml" ? text.replace("every: 10s", "every: 1h") : text));
    client = clientWith(example.secret("portal_token"));
  });
  afterAll(() => example?.close());

  const clientWith = (accessToken: string) => new MedplumClient({ baseUrl: `http://127.0.0.1:${example.at(8042)}/`, fhirUrlPath: "fhir", accessToken, fetch, cacheTime: 0 });
  const one = () => ({ resourceType: "Patient", identifier: [{ system: "urn:oid:2.16.840.1.113883.19.5", value: "81-552207" }], name: [{ family: "EXEMPLAR", given: ["BRUNA"] }], gender: "female", birthDate: "1958-04-13" }) as const;
  const failure = async (done: Promise<unknown>) => done.then(() => undefined, (error: { outcome?: unknown }) => error.outcome);

  it("an independent client reads what it takes, creates and updates; the record is written by identifier", async () => {
    expect(await client.get("fhir/metadata")).toMatchObject({ resourceType: "CapabilityStatement", fhirVersion: "4.0.1", rest: [{ resource: [{ type: "Patient", interaction: [{ code: "create" }, { code: "update" }] }] }] });
    await client.createResource(one());
    await client.updateResource({ ...one(), id: "p1", gender: "other" });
    await example.settled();
    expect(example.peers.of("hospital").all("Patient")).toMatchObject([{ gender: "other", identifier: [{ value: "81-552207" }] }]);
    for (const { path } of asked(example)) expect(path).toMatch(/^\/fhir(\/|\/[A-Z][A-Za-z]+\/_search)?$/);
    nothingLeaked(example);
  });

  it("what is no valid R4 is refused by place and code, without a value", async () => {
    const outcome = await failure(client.createResource({ ...one(), gender: "woman" } as never));
    expect(outcome).toMatchObject({ resourceType: "OperationOutcome", issue: [{ severity: "error", expression: ["Patient.gender"], details: { coding: [{ system: "urn:sluice:error", code: "FHR-111" }] } }] });
    expect(JSON.stringify(outcome)).not.toMatch(/woman|EXEMPLAR/);
    nothingLeaked(example);
  });

  it("what it does not take, a condition in a header, and a wrong token are refused", async () => {
    expect(await failure(client.createResource({ resourceType: "Basic", code: { text: "x" } } as never))).toMatchObject({ issue: [{ details: { coding: [{ code: "FHC-103" }] } }] });
    const conditional = await fetch(`http://127.0.0.1:${example.at(8042)}/fhir/Patient`, {
      method: "POST", body: JSON.stringify(one()),
      headers: { "content-type": "application/fhir+json", authorization: `Bearer ${example.secret("portal_token")}`, "if-none-exist": "identifier=urn:oid:2.16.840.1.113883.19.5|81-552207" },
    });
    expect([conditional.status, await conditional.json()]).toMatchObject([400, { issue: [{ details: { coding: [{ code: "FHC-104" }] } }] }]);
    expect(await failure(clientWith("wrong").createResource(one()))).toBeDefined();
    nothingLeaked(example);
  });

  it("while its bytes are on the way to the record it is told 201 with a name of the engine's making", async () => {
    const reply = await fetch(`http://127.0.0.1:${example.at(8042)}/fhir/Patient`, { method: "POST", body: JSON.stringify(one()), headers: { "content-type": "application/fhir+json", authorization: `Bearer ${example.secret("portal_token")}` } });
    expect([reply.status, reply.headers.get("location")]).toEqual([201, expect.stringMatching(/^\/fhir\/Patient\/m\d+$/)]);
  });
});
