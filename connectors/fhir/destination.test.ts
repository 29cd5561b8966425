import { describe, expect, test } from "vitest";
import { codeOf, type OutboundMessage } from "../../engine/sdk/index.ts";
import { completeOptions, PartnerHost, releaseInMemory } from "../../engine/sdk/testing/index.ts";
import { fhirDestination } from "./destination.ts";
import { destinationOptions } from "./options.ts";

const encode = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const patient = { resourceType: "Patient", id: "srv-7", identifier: [{ value: "no system" }, { system: "urn:a", value: "A|1" }, { system: "urn:b", value: "B 2" }] };

const made = (options: object) => fhirDestination(completeOptions(destinationOptions, { endpoint: "e", ...options }));
const message = (content: unknown): OutboundMessage => ({ id: "m1", channel: "c", destination: "d", sequence: 1, receivedAt: 0, content: { format: "fhir", bytes: encode(content) } });
const rendered = (options: object, content: unknown = patient) => made(options).render(message(content));

describe("the request of an interaction", () => {
  test("create, update, delete and read", () => {
    expect(rendered({ interaction: "create" })).toMatchObject({ method: "POST", path: "/Patient", body: encode(patient), headers: { prefer: "return=minimal", "content-type": "application/fhir+json" } });
    expect(rendered({ interaction: "update" })).toMatchObject({ method: "PUT", path: "/Patient/srv-7", serverIds: ["srv-7"] });
    expect(rendered({ interaction: "delete" })).toMatchObject({ method: "DELETE", path: "/Patient/srv-7", serverIds: ["srv-7"], body: new Uint8Array() });
    expect(rendered({ interaction: "read" })).toMatchObject({ method: "GET", path: "/Patient/srv-7", serverIds: ["srv-7"], body: new Uint8Array() });
  });

  test("what is looked for stands in the body alone, and decimals keep their digits", () => {
    const written = '{"resourceType":"Observation","identifier":[{"system":"urn:b","value":"B 2"}],"valueQuantity":{"value":1.10}}';
    const { path, query, headers, body } = rendered({ interaction: "conditional-create" }, written);
    expect([path, query, JSON.stringify(headers).includes("B")]).toEqual([undefined, undefined, false]);
    expect(text(body)).toContain('"value":1.10');
    expect(JSON.parse(text(body)).entry[0].request).toEqual({ method: "POST", url: "Observation", ifNoneExist: "identifier=urn%3Ab%7CB%202" });
    expect(JSON.parse(text(rendered({ interaction: "conditional-update" }).body)).entry[0].request).toEqual({ method: "PUT", url: "Patient?identifier=urn%3Aa%7CA%5C%7C1" });
    expect(JSON.parse(text(rendered({ interaction: "conditional-update", match: "urn:b" }).body)).entry[0].request.url).toBe("Patient?identifier=urn%3Ab%7CB%202");
  });

  test("a search is a form", () => {
    const asked = { resourceType: "Parameters", parameter: [{ name: "family", valueString: "Ex & Emplar" }, { name: "_count", valueInteger: 5 }] };
    const { method, path, query, body, headers } = rendered({ interaction: "search", type: "Patient" }, asked);
    expect([method, path, query, text(body), headers?.["content-type"]]).toEqual(["POST", "/Patient/_search", undefined, "family=Ex+%26+Emplar&_count=5", "application/x-www-form-urlencoded"]);
  });

  test.each([
    [{ interaction: "update" }, { resourceType: "Patient" }, "FHC-202"],
    [{ interaction: "update" }, { resourceType: "Patient", id: "a/b" }, "FHC-202"],
    [{ interaction: "conditional-create" }, { resourceType: "Patient", identifier: [{ value: "1" }] }, "FHC-203"],
    [{ interaction: "conditional-create", match: "urn:c" }, patient, "FHC-203"],
    [{ interaction: "transaction" }, { resourceType: "Bundle", type: "message" }, "FHC-201"],
    [{ interaction: "create" }, "no JSON: Exemplar", "FHC-201"],
    [{ interaction: "create" }, { resourceType: "../x" }, "FHC-201"],
    [{ interaction: "search", type: "Patient" }, patient, "FHC-201"],
  ])("%o of %o is %s", (options, content, code) => {
    let thrown: unknown;
    try {
      rendered(options, content);
    } catch (error) {
      thrown = error;
    }
    expect([codeOf(thrown, "FLW-000"), String(thrown).includes("Exemplar")]).toEqual([code, false]);
  });
});

describe("outcomes", () => {
  async function outcome(status: number, { interaction = "transaction", attempt = 1, body = {}, headers = {} as Record<string, string>, content = { resourceType: "Bundle", type: interaction } as unknown } = {}) {
    const host = new PartnerHost();
    host.move = () => ({ status, headers: { "content-type": "application/fhir+json", ...headers }, body: encode(body) });
    const { kind, ...more } = await made({ interaction }).send(releaseInMemory(rendered({ interaction }, content)), host.context(attempt));
    return [kind, "code" in more ? more.code : undefined];
  }

  test.each([
    [200, ["delivered", undefined]], [204, ["delivered", undefined]],
    [400, ["rejected", "FHC-209"]], [412, ["rejected", "FHC-211"]], [422, ["rejected", "FHC-209"]],
    [408, ["retry", "FHC-204"]], [429, ["retry", "FHC-204"]], [503, ["retry", "FHC-204"]], [500, ["retry", "FHC-205"]],
    [401, ["retry", "FHC-206"]], [403, ["retry", "FHC-206"]], [302, ["retry", "FHC-208"]], [404, ["retry", "FHC-207"]], [102, ["unknown", "FHC-213"]],
  ])("%i is %j", async (status, expected) => expect(await outcome(status)).toEqual(expected));

  test("a plain create that met a fault may have been done", async () => {
    expect(await outcome(500, { interaction: "create", content: patient })).toEqual(["unknown", "FHC-205"]);
  });

  test("409 is tried again a few times, then rejected", async () => {
    expect(await Promise.all([1, 2, 3].map((attempt) => outcome(409, { attempt })))).toEqual([["retry", "FHC-210"], ["retry", "FHC-210"], ["rejected", "FHC-210"]]);
  });

  test("404 with an OperationOutcome is of this request; what is to be deleted and is not there is deleted", async () => {
    expect(await outcome(404, { body: { resourceType: "OperationOutcome" } })).toEqual(["rejected", "FHC-209"]);
    expect(await outcome(410, { interaction: "delete", content: patient })).toEqual(["delivered", undefined]);
  });

  const put = { request: { method: "PUT", url: "Patient/1" } };
  const post = { request: { method: "POST", url: "Patient" } };
  const onlyOnce = { request: { method: "POST", url: "Patient", ifNoneExist: "identifier=a|1" } };
  test.each([
    ["all done", [put, post], ["200", "201 Created"], ["delivered", undefined]],
    ["one failed for good", [put, put], ["200", "422"], ["rejected", "FHC-212"]],
    ["one failed for now, the other may be done again", [put, onlyOnce, put], ["200", "201", "503 Service Unavailable"], ["retry", "FHC-216"]],
    ["one failed for now, and a plain create was done", [post, put], ["201", "429"], ["rejected", "FHC-212"]],
    ["only the plain create failed, for now", [put, post], ["200", "500"], ["retry", "FHC-216"]],
    ["an entry is missing", [put, put], ["200"], ["unknown", "FHC-213"]],
    ["a status is none", [put], ["fine"], ["unknown", "FHC-213"]],
  ])("a batch: %s", async (_, entry, statuses, expected) => {
    const body = { resourceType: "Bundle", type: "batch-response", entry: statuses.map((status) => ({ response: { status } })) };
    expect(await outcome(200, { interaction: "batch", content: { resourceType: "Bundle", type: "batch", entry }, body })).toEqual(expected);
  });
});
