import { describe, expect, test } from "vitest";
import type { InboundRequest, Receipt } from "../../engine/sdk/index.ts";
import { completeOptions, SourceHost } from "../../engine/sdk/testing/index.ts";
import { sourceOptions } from "./options.ts";
import { fhirSource } from "./source.ts";

const encode = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const patient = { resourceType: "Patient", id: "p1", name: [{ family: "Exemplar" }] };
const bundle = { resourceType: "Bundle", type: "transaction", entry: [{ request: { method: "POST" } }, { request: { method: "PUT" } }] };

async function answer(request: Partial<InboundRequest>, receipt: Receipt = { kind: "accepted", id: "m7" }, ack: "stored" | "processed" = "processed") {
  const host = new SourceHost();
  host.verdict = async () => receipt;
  await fhirSource(completeOptions(sourceOptions, { path: "/fhir", create: ["Patient"], update: ["Patient"], bundles: ["transaction"], id: { header: "X-Request-Id" } })).start({ ...host.context, ack });
  const { status, headers, body } = await host.request({ method: "POST", headers: { "content-type": "application/fhir+json" }, ...request });
  const said = new TextDecoder().decode(body);
  expect(said).not.toContain("Exemplar");
  return { status, location: headers?.location, said: said === "" ? undefined : JSON.parse(said), received: host.received.length, identities: host.identities };
}

const create = { path: "/fhir/*", rest: "Patient", body: encode(patient) };
const update = { ...create, method: "PUT", rest: "Patient/p1" };
const code = ({ said }: Awaited<ReturnType<typeof answer>>) => said.issue[0].details.coding[0].code;

describe("what is taken", () => {
  test.each([
    [create, "processed", 201], [create, "stored", 202], [update, "processed", 200], [update, "stored", 202],
  ] as const)("%o with ack %s is %i", async (request, ack, status) => {
    expect(await answer(request, undefined, ack)).toMatchObject({ status, received: 1, said: { resourceType: "OperationOutcome", issue: [{ severity: "information" }] }, location: request === create ? "/fhir/Patient/m7" : undefined });
  });

  test("a Bundle is answered entry by entry", async () => {
    const request = { path: "/fhir", body: encode(bundle) };
    expect(await answer(request)).toMatchObject({ status: 200, said: { type: "transaction-response", entry: [{ response: { status: "201 Created" } }, { response: { status: "200 OK" } }] } });
    expect(await answer(request, undefined, "stored")).toMatchObject({ status: 202, said: { entry: [{ response: { status: "202 Accepted" } }, { response: { status: "202 Accepted" } }] } });
  });

  test("a client's own id goes along", async () => {
    expect((await answer({ ...create, headers: { "content-type": "application/fhir+json", "x-request-id": "r 1" } })).identities).toEqual(["r 1"]);
  });

  test("a destination's answer is given", async () => {
    expect(await answer(create, { kind: "accepted", id: "m7", response: { format: "fhir", bytes: encode({ resourceType: "Basic" }) } })).toMatchObject({ status: 200, said: { resourceType: "Basic" } });
  });
});

describe("what is not", () => {
  test.each([
    ["another type", { ...create, rest: "Observation", body: encode({ resourceType: "Observation" }) }, 404, "FHC-103"],
    ["a type and a body that differ", { ...create, body: encode({ resourceType: "Observation" }) }, 400, "FHC-101"],
    ["an id and a body that differ", { ...update, rest: "Patient/p2" }, 400, "FHC-101"],
    ["an update without an id", { ...update, rest: "Patient" }, 404, "FHC-103"],
    ["a create with an id", { ...create, rest: "Patient/p1" }, 404, "FHC-103"],
    ["an operation", { ...create, rest: "Patient/p1/$everything" }, 404, "FHC-103"],
    ["no JSON", { ...create, body: encode("Exemplar") }, 400, "FHC-101"],
    ["no UTF-8", { ...create, body: new Uint8Array([0x7b, 0xff, 0x7d]) }, 400, "FHC-101"],
    ["a kind of Bundle", { path: "/fhir", body: encode({ ...bundle, type: "batch" }) }, 422, "FHC-103"],
    ["a resource at the base", { path: "/fhir", body: encode(patient) }, 400, "FHC-101"],
    ["another media type", { ...create, headers: { "content-type": "application/fhir+xml" } }, 415, "FHC-102"],
    ["a condition in a header", { ...create, headers: { "content-type": "application/fhir+json", "if-none-exist": "identifier=1" } }, 400, "FHC-104"],
    ["an id that could be another's", { ...create, headers: { "content-type": "application/fhir+json", "x-request-id": "" } }, 400, "FHC-105"],
  ])("%s never reaches the engine", async (_, request, status, expected) => {
    const got = await answer(request as Partial<InboundRequest>);
    expect([got.status, code(got), got.received]).toEqual([status, expected, 0]);
  });

  test("what the engine refuses is told by code and place", async () => {
    const problems = Array.from({ length: 60 }, (_, i) => ({ code: "FHR-111", path: `Patient.name[${i}]`, line: 1, standard: "code-invalid" }) as const);
    const got = await answer(create, { kind: "refused", code: "FLW-110", problems });
    expect([got.status, got.said.issue.length, got.said.issue[3]]).toEqual([422, 50, { severity: "error", code: "code-invalid", details: { coding: [{ system: "urn:sluice:error", code: "FHR-111" }] }, expression: ["Patient.name[3]"] }]);
    expect(code(await answer(create, { kind: "refused", code: "FLW-101" }))).toBe("FLW-101");
    expect(await answer(create, { kind: "refused", code: "CAS-103" })).toMatchObject({ status: 409, said: { issue: [{ severity: "error", code: "conflict", details: { coding: [{ code: "CAS-103" }] } }] } });
  });

  test("not now, and perhaps", async () => {
    expect(await answer(create, { kind: "unavailable", code: "STO-201" })).toMatchObject({ status: 503, said: { issue: [{ code: "transient" }] } });
    expect(await answer(create, { kind: "unanswered", code: "FLW-301", id: "m7" })).toMatchObject({ status: 504, said: { issue: [{ code: "timeout" }] } });
  });
});
