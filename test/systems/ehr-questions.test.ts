import { MedplumClient } from "@medplum/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exampleProject, type ExampleProject } from "./example-project.ts";

interface Bundle {
  readonly type: string;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: { readonly id: string; readonly name: readonly { readonly given: readonly string[] }[] } }[];
}

/** The façade that answers: reads and searches of our own application, asked on to the hospital's record. */
describe("questions to the hospital's record", () => {
  let example: ExampleProject;
  let base: string;
  const bad = () => example.peers.of("hospital").bad;
  beforeAll(async () => {
    example = await exampleProject((text, file) => (file === "ehr-updates.yaml" ? text.replace("every: 10s", "every: 1h") : file === "ehr-questions.yaml" ? text.replace("maxAge: 10s", "maxAge: 2s").replace("page: 20", "page: 2") : text));
    base = `http://127.0.0.1:${example.at(8042)}/records`;
    const hospital = example.peers.of("hospital");
    for (let n = 1; n <= 5; n++) hospital.put({ resourceType: "Patient", id: `p${n}`, identifier: [{ system: "urn:oid:2.16.840.1.113883.19.5", value: `81-55220${n}` }], name: [{ family: "EXEMPLAR", given: [`G${n}`] }], birthDate: "1958-04-13" });
  });
  // What a test that failed has left to go wrong is not for the next one.
  afterEach(() => void bad().splice(0));
  afterAll(() => example?.close());

  const bearer = (token = example.secret("portal_token")) => ({ authorization: `Bearer ${token}` });
  const search = async (form: string, type = "Patient", headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}/${type}/_search`, { method: "POST", headers: { ...bearer(), "content-type": "application/x-www-form-urlencoded", ...headers }, body: form });
    return { status: response.status, said: (await response.json()) as Bundle & { issue: { code: string; expression?: string[]; details: { coding: { code: string }[] } }[] } };
  };
  const names = ({ entry = [] }: Bundle) => entry.map(({ resource }) => resource.name[0]?.given[0]);
  /** What the questions made the record be asked; other channels poll it. */
  const asked = () => example.peers.received("hospital").filter(({ body, path }) => path.includes("/Patient/") && !body.startsWith("_lastUpdated"));

  it("an independent client reads a resource by its id; the record is asked by POST _search", async () => {
    const client = new MedplumClient({ baseUrl: `http://127.0.0.1:${example.at(8042)}/`, fhirUrlPath: "records", accessToken: example.secret("portal_token"), fetch, cacheTime: 0 });
    expect(await client.readResource("Patient", "p3")).toMatchObject({ resourceType: "Patient", id: "p3", name: [{ given: ["G3"] }] });
    const last = asked().at(-1);
    expect([last?.path, last?.body]).toEqual(["/fhir/Patient/_search", "_id=p3"]);
    await expect(client.readResource("Patient", "nobody")).rejects.toMatchObject({ outcome: { issue: [{ code: "not-found", details: { coding: [{ code: "FHC-109" }] } }] } });
    expect(await client.get("records/metadata")).toMatchObject({ rest: [{ resource: [{ type: "Observation" }, { type: "Patient", interaction: [{ code: "read" }, { code: "search-type" }], searchParam: expect.arrayContaining([{ name: "birthdate", type: "date" }]) }] }] });
  });

  it("a search comes page by page; no address says what was searched for", async () => {
    const found: (string | undefined)[] = [];
    const first = await search("family=exemplar&birthdate=1958-04-13");
    expect([first.status, first.said.type]).toEqual([200, "searchset"]);
    let page: Bundle = first.said;
    const addresses: string[] = [];
    for (;;) {
      found.push(...names(page));
      addresses.push(...page.link.map(({ url }) => url));
      const next = page.link.find(({ relation }) => relation === "next")?.url;
      if (next === undefined) break;
      page = (await (await fetch(next, { headers: bearer() })).json()) as Bundle;
    }
    expect(found).toEqual(["G1", "G2", "G3", "G4", "G5"]);
    expect(addresses.filter((url) => /exemplar|1958|8064|getpages/i.test(url))).toEqual([]);
    expect(addresses.every((url) => url.startsWith(base))).toBe(true);
  });

  it.each([
    ["a parameter of nobody's", "EXEMPLAR=1", 400, "FHC-106", "http[1]"],
    ["one of another type", "category=lab", 400, "FHC-106", "http[1]"],
    ["a modifier that is none", "family:phonetic=EXEMPLAR", 400, "FHC-106", "http.family"],
    ["a date that is none", "birthdate=EXEMPLAR", 400, "FHC-107", "http.birthdate"],
    ["no criterion", "_count=5", 400, "FHC-107", "http"],
  ])("%s is refused by its place, without a value, and nobody is asked", async (_, form, status, code, place) => {
    const before = asked().length;
    const answer = await search(form);
    expect([answer.status, answer.said.issue[0]?.details.coding[0]?.code, answer.said.issue[0]?.expression]).toEqual([status, code, [place]]);
    expect(JSON.stringify(answer.said)).not.toContain("EXEMPLAR");
    expect(asked()).toHaveLength(before);
  });

  it("a search in an address, a page of nobody's, another's token and another type are refused", async () => {
    const get = async (path: string, token?: string) => {
      const response = await fetch(`${base}/${path}`, { headers: bearer(token) });
      return [response.status, (await response.text()).match(/FHC-\d+/)?.[0]];
    };
    expect(await get("Patient?family=EXEMPLAR")).toEqual([405, "FHC-111"]);
    expect(await get("_page/0123456789abcdef")).toEqual([410, "FHC-110"]);
    expect(await get("Condition/c1")).toEqual([404, "FHC-103"]);
    expect((await get("Patient/p1", "wrong"))[0]).toBe(401);
    expect((await search("patient=p1", "Condition")).status).toBe(404);
  });

  it.each([
    ["an OperationOutcome that echoes the question", "echo", 422],
    ["a fault that lasts", "fault", 422],
  ] as const)("%s reaches nobody but as a code", async (_, what, status) => {
    bad().push(...Array.from({ length: 12 }, () => ({ at: /Patient\/_search$/, what })));
    const answer = await search("family=EXEMPLAR");
    bad().splice(0);
    expect([answer.status, answer.said.issue[0]?.code]).toEqual([status, "processing"]);
    expect(JSON.stringify(answer.said)).not.toContain("EXEMPLAR");
    expect(example.log.join("\n")).not.toContain("EXEMPLAR");
  });

  it("a slow question holds up no other", async () => {
    const { promise: until, resolve: end } = Promise.withResolvers<void>();
    bad().push({ at: /Patient\/_search$/, what: "slow", until });
    const slow = search("family=EXEMPLAR");
    await expect.poll(() => bad()).toEqual([]);
    // The record says nothing to the first before the second is answered.
    expect((await search("identifier=urn:oid:2.16.840.1.113883.19.5|81-552202")).status).toBe(200);
    end();
    expect((await slow).status).toBe(200);
  });

  it("every read stands in the ledger: who was answered, and about whom", async () => {
    await search("identifier=urn:oid:2.16.840.1.113883.19.5|81-552204");
    await expect.poll(async () => (await example.cli("disclosures", "patient", "--id", "81-552204", "--purpose", "PATRQT", "--all")).out).toMatch(/Care Portal[\s\S]*answer: Bundle/);
    expect(example.engine.operations.status().conservationGap).toBe(0);
  });
});
