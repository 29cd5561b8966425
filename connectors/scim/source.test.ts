import { describe, expect, test } from "vitest";
import type { InboundRequest } from "../../engine/sdk/index.ts";
import { completeOptions, SourceHost } from "../../engine/sdk/testing/index.ts";
import { sourceOptions } from "./options.ts";
import { scimSource } from "./source.ts";

const encode = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const user = (userName: string, more: object = {}) => ({ schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName, ...more });
const patchOp = (...Operations: object[]) => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations });

async function service(host = new SourceHost()) {
  const source = scimSource(completeOptions(sourceOptions, {}));
  await source.start(host.context);
  const ask = async (method: string, rest: string, body?: unknown, more: Partial<InboundRequest> = {}) => {
    const reply = await host.request({ method, rest, headers: { "content-type": "application/scim+json" }, ...(body !== undefined && { body: encode(body) }), ...more });
    const said = new TextDecoder().decode(reply.body);
    return { status: reply.status, headers: reply.headers, said: said === "" ? undefined : JSON.parse(said) };
  };
  const received = () => host.received.map((raw) => JSON.parse(new TextDecoder().decode(raw)));
  const find = (userName: string) => ask("GET", "Users", undefined, { query: { filter: `userName eq "${userName}"` } });
  return { host, source, ask, received, find };
}

test("a user from its creation to its end, as an identity provider asks", async () => {
  const { ask, received, find } = await service();
  expect((await find("Uma@visits.example")).said).toMatchObject({ totalResults: 0, Resources: [] });
  const made = await ask("POST", "Users", user("Uma@visits.example", { displayName: "Uma Sample", password: "secret-word" }));
  const { id } = made.said;
  expect(made).toMatchObject({ status: 201, headers: { location: `/scim/v2/Users/${id}`, etag: 'W/"1"' }, said: { displayName: "Uma Sample", active: true, meta: { resourceType: "User" } } });
  expect(JSON.stringify(made.said)).not.toContain("secret-word");
  expect((await find("uma@VISITS.example")).said).toMatchObject({ totalResults: 1, Resources: [{ id, active: true }] });
  expect(await ask("POST", "Users", user("UMA@visits.example"))).toMatchObject({ status: 409, said: { scimType: "uniqueness", status: "409", detail: "SCM-106" } });
  // As Entra ID writes them.
  expect(await ask("PATCH", `Users/${id}`, patchOp({ op: "Replace", path: "active", value: "False" }, { op: "Add", value: { title: "RN" } }))).toMatchObject({ status: 204, headers: { etag: 'W/"2"' } });
  expect((await ask("GET", `Users/${id}`)).said).toMatchObject({ id, active: false });
  expect(await ask("PUT", `Users/${id}`, user("uma.new@visits.example"), { headers: { "content-type": "application/json", "if-match": 'W/"1"' } })).toMatchObject({ status: 412, said: { detail: "SCM-107" } });
  expect(await ask("PUT", `Users/${id}`, user("uma.new@visits.example"), { headers: { "content-type": "application/json", "if-match": 'W/"2"' } })).toMatchObject({ status: 200 });
  expect((await find("uma@visits.example")).said.totalResults).toBe(0);
  expect((await find("uma.new@visits.example")).said.Resources).toMatchObject([{ id }]);
  expect((await ask("DELETE", `Users/${id}`)).status).toBe(204);
  expect((await ask("DELETE", `Users/${id}`)).status).toBe(404);
  const again = await ask("POST", "Users", user("Uma@visits.example"));
  expect([again.status, again.said.id === id]).toEqual([201, false]);
  expect(received().map(({ operation, id: of }) => [operation, of === id])).toEqual([["create", true], ["patch", true], ["replace", true], ["delete", true], ["create", false]]);
  expect(received()[1].changes).toEqual([{ op: "replace", path: "active", value: false }, { op: "add", path: "title", value: "RN" }]);
});

test("the resource is in the message to the byte", async () => {
  const { host, ask } = await service();
  const body = '{ "userName":"a@visits.example", "employee": 90071992547409931.50, "x": "\\u00e9" }';
  await ask("POST", "Users", body);
  expect(new TextDecoder().decode(host.received[0])).toContain(`"resource":${body}}`);
});

test("a password stays outside, in whatever case it is written", async () => {
  const { host, ask } = await service();
  await ask("POST", "Users", '{ "userName":"a@visits.example", "Password":"secret-word", "employee": 90071992547409931.50 }');
  expect(new TextDecoder().decode(host.received[0])).toContain('"resource":{"userName":"a@visits.example","employee":90071992547409931.50}}');
});

test("who is known outlives a restart, and nothing that is kept names anybody", async () => {
  const first = await service();
  const { id } = (await first.ask("POST", "Users", user("uma@visits.example"))).said;
  await first.source.stop();
  const host = new SourceHost();
  for (const [of, value] of first.host.checkpoints) host.checkpoints.set(of, value);
  const { find } = await service(host);
  expect((await find("uma@visits.example")).said.Resources).toMatchObject([{ id }]);
  expect(JSON.stringify([...host.checkpoints])).not.toContain("uma");
});

test("all users, page by page; those that are gone are not among them", async () => {
  const { ask } = await service();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await ask("POST", "Users", user(`u${n}@visits.example`))).said.id);
  await ask("DELETE", `Users/${ids[1]}`);
  const page = await ask("GET", "Users", undefined, { query: { startIndex: "2", count: "2" } });
  expect(page.said).toMatchObject({ totalResults: 4, startIndex: 2, itemsPerPage: 2, Resources: [{ id: ids[2] }, { id: ids[3] }] });
});

test("what the engine does not keep makes nobody known", async () => {
  const { host, ask, find } = await service();
  host.verdict = async () => ({ kind: "refused", code: "FLW-110" });
  expect(await ask("POST", "Users", user("uma@visits.example"))).toMatchObject({ status: 400, said: { scimType: "invalidValue", detail: "FLW-110" } });
  host.verdict = async () => ({ kind: "unavailable", code: "STO-201" });
  expect(await ask("POST", "Users", user("uma@visits.example"))).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect((await find("uma@visits.example")).said.totalResults).toBe(0);
  expect((await ask("GET", "Users")).said.totalResults).toBe(0);
  host.verdict = async () => ({ kind: "accepted", id: "m1" });
  expect((await ask("POST", "Users", user("uma@visits.example"))).status).toBe(201);
  expect((await ask("GET", "Users")).said.totalResults).toBe(1);
});

test("two at once make one", async () => {
  const { ask } = await service();
  const both = await Promise.all([ask("POST", "Users", user("uma@visits.example")), ask("POST", "Users", user("uma@visits.example"))]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test("what an identity provider asks before", async () => {
  const { ask } = await service();
  expect((await ask("GET", "ServiceProviderConfig")).said).toMatchObject({ patch: { supported: true }, bulk: { supported: false } });
  expect((await ask("GET", "ResourceTypes")).said.Resources).toMatchObject([{ id: "User", endpoint: "/Users" }]);
  expect((await ask("GET", "ResourceTypes/User")).status).toBe(200);
  expect((await ask("GET", "Schemas/urn:ietf:params:scim:schemas:core:2.0:User")).said.attributes.length).toBeGreaterThan(5);
});

describe("what is not taken", () => {
  test.each([
    ["no JSON", "POST", "Users", "Rivera", 400, "invalidSyntax", "SCM-101"],
    ["no name", "POST", "Users", { displayName: "Rivera" }, 400, "invalidValue", "SCM-101"],
    ["an active that is none", "POST", "Users", user("Rivera", { active: "yes" }), 400, "invalidValue", "SCM-101"],
    ["an unknown user", "PUT", "Users/Rivera", user("Rivera"), 404, undefined, "SCM-105"],
    ["groups", "POST", "Groups", { displayName: "Rivera" }, 404, undefined, "SCM-108"],
    ["a POST to a user", "POST", "Users/Rivera", user("Rivera"), 404, undefined, "SCM-108"],
    ["no operations", "PATCH", "Users/known", patchOp(), 400, "invalidSyntax", "SCM-103"],
    ["another operation", "PATCH", "Users/known", patchOp({ op: "move", path: "title" }), 400, "invalidSyntax", "SCM-103"],
    ["a removal of everything", "PATCH", "Users/known", patchOp({ op: "remove" }), 400, "noTarget", "SCM-103"],
    ["another id", "PATCH", "Users/known", patchOp({ op: "replace", path: "id", value: "Rivera" }), 400, "mutability", "SCM-103"],
    ["a password", "PATCH", "Users/known", patchOp({ op: "replace", path: "password", value: "secret-word" }), 400, "mutability", "SCM-103"],
    ["a name removed", "PATCH", "Users/known", patchOp({ op: "remove", path: "urn:ietf:params:scim:schemas:core:2.0:User:userName" }), 400, "mutability", "SCM-103"],
    ["a path that is none", "PATCH", "Users/known", patchOp({ op: "add", path: "emails[", value: "Rivera" }), 400, "invalidPath", "SCM-103"],
    ["a name that is none", "PATCH", "Users/known", patchOp({ op: "replace", path: "userName", value: 7 }), 400, "invalidValue", "SCM-103"],
  ] as const)("%s", async (_, method, rest, body, status, scimType, detail) => {
    const host = new SourceHost();
    host.checkpoints.set("user.known", "1 active opaque-1");
    const { ask, received } = await service(host);
    const got = await ask(method, rest, body);
    expect(got.status).toBe(status);
    expect(got.said).toEqual({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), ...(scimType && { scimType }), detail });
    expect(received()).toEqual([]);
  });

  test("another media type, another filter", async () => {
    const { ask } = await service();
    expect((await ask("POST", "Users", user("Rivera"), { headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect((await ask("GET", "Users", undefined, { query: { filter: 'emails co "Rivera"' } })).said).toMatchObject({ scimType: "invalidFilter", detail: "SCM-104" });
  });
});
