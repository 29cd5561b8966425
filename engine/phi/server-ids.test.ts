import { describe, expect, test } from "vitest";
import type { Envelope } from "../sdk/index.ts";
import { createBoundary } from "./index.ts";
import { agreement, destination, envelope, label, partner, tree } from "./testing/given.ts";

const boundary = createBoundary();
const endpoints = [{ id: "api", url: "https://acme.example/fhir" }];
const clinic = partner({ kind: "provider", endpoints, agreements: [agreement({ basis: "treatment", purposes: ["TREAT"] })], urlIds: "acknowledged" });
const harvest = boundary.harvest(tree(), "hl7v2");

function refused(over: Partial<Envelope>, to = clinic, body = "{}", of = harvest) {
  const sends = to.agreements.length > 0 ? "phi" : "none";
  return boundary.guard({ envelope: envelope(body, over), harvest: of, label: label(sends), destination: destination({ sends, purpose: "TREAT" }), partner: to });
}

describe("ids that the partner's server has assigned, in a path", () => {
  const put = { method: "PUT", path: "/Patient/5f3c-77", serverIds: ["5f3c-77"] };

  test("stand where the partner may hold patients and its entry says so", () => {
    expect(refused(put)).toBeUndefined();
    expect(refused({ ...put, path: "/Patient/2223334444", serverIds: ["2223334444"] })).toBeUndefined();
  });

  test("and nowhere else", () => {
    const { urlIds: _, ...unsaid } = clinic;
    expect(refused(put, unsaid)).toEqual({ code: "PHI-225", rule: "server id", where: "path" });
    expect(refused(put, partner({ endpoints, urlIds: "acknowledged" }))).toMatchObject({ code: "PHI-225" });
  });

  test.each(["90017734", "VN8830012", "ACC5520981"])("a number of the message is none, whatever it is called: %s", (id) => {
    expect(refused({ path: `/Patient/${id}`, serverIds: [id] })).toEqual({ code: "PHI-225", rule: "identifier as server id", where: "path" });
  });

  test("a resource's own id is one; its identifier is not", () => {
    const text = JSON.stringify({ resourceType: "Patient", id: "srv-81", identifier: [{ system: "urn:oid:1.2.3", value: "MR-4471" }] });
    const of = boundary.harvest(tree(text, "fhir"), "fhir");
    expect(refused({ path: "/Patient/srv-81", serverIds: ["srv-81"] }, clinic, text, of)).toBeUndefined();
    expect(refused({ path: "/Patient/MR-4471", serverIds: ["MR-4471"] }, clinic, text, of)).toMatchObject({ rule: "identifier as server id" });
    expect(refused({ path: "/Patient/srv-81" }, clinic, text, of)).toMatchObject({ code: "PHI-201" });
  });

  test.each([["no segment of the path", "77"], ["no id of FHIR", "a b"], ["a climb", ".."]])("%s is refused", (_, id) => {
    expect(refused({ path: "/Patient/5f3c-77", serverIds: [id] })).toMatchObject({ rule: "server id" });
  });
});

describe("a link that the partner gave", () => {
  const next = (link: string) => ({ method: "GET", path: undefined, link }) as unknown as Partial<Envelope>;
  const at = (link: string, to = clinic) => {
    const { path: _, ...bare } = envelope("", next(link));
    return boundary.guard({ envelope: bare, harvest, label: label(to.agreements.length > 0 ? "phi" : "none"), destination: destination({ sends: to.agreements.length > 0 ? "phi" : "none", purpose: "TREAT" }), partner: to });
  };

  test("is opaque at the origin of its endpoint, whatever its path", () => {
    expect(at("https://acme.example/fhir?_getpages=8c1d7a30-5b1f-4f6e-9a43-2d1f7e6b4a11&_getpagesoffset=50")).toBeUndefined();
    expect(at("https://acme.example/pages/eyJhbGciOiJIUzI1NiJ9")).toBeUndefined();
  });

  test.each(["https://acme.example.evil.example/fhir", "http://acme.example/fhir", "https://acme.example:8443/fhir", "https://user:pw@acme.example/fhir", "//evil.example/x", "/fhir?page=2", "https://acme.example/fhir#x"])(
    "leads nowhere else: %s", (link) => expect(at(link)).toMatchObject({ code: "PHI-208", where: "link" }));

  test("toward a partner that may not hold patients it is read like any text", () => {
    const vendor = partner({ endpoints });
    expect(at("https://acme.example/fhir?page=2", vendor)).toBeUndefined();
    expect(at("https://acme.example/fhir?name=Rivera", vendor)).toMatchObject({ where: "link" });
  });

  test("stands instead of path and query", () => {
    expect(refused({ link: "https://acme.example/fhir" })).toMatchObject({ code: "PHI-208", where: "link" });
  });
});
