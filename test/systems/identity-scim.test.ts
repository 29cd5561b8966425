import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleProject, type ExampleProject } from "./example-project.ts";

/** Requests as Entra ID and Okta write them, through the example's own socket. */
describe("provisioning of staff by SCIM", () => {
  let example: ExampleProject;
  beforeAll(async () => void (example = await exampleProject()));
  afterAll(() => example?.close());
  /** Whoever is tried again is somebody else. */
  let tries = 0;

  async function ask(method: string, rest: string, body?: unknown, token = example.secret("workforce_scim_token")) {
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/scim/v2/${rest}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json; charset=utf-8" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get("content-type"), said: text === "" ? undefined : JSON.parse(text) };
  }
  const find = (name: string) => ask("GET", `Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`);
  const arrived = () => example.peers.received("staff").map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it("joins, moves and leaves: each reaches our own application in order, once", async () => {
    const login = `bo.${++tries}.sample@visits.example`;
    expect((await find(login)).said.totalResults).toBe(0);
    const made = await ask("POST", "Users", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
      externalId: crypto.randomUUID(), userName: login, active: true, title: "Nurse",
      name: { familyName: "Sample", givenName: "Bo" }, emails: [{ primary: true, type: "work", value: login }],
    });
    expect([made.status, made.type]).toEqual([201, "application/scim+json"]);
    const { id } = made.said;
    expect((await ask("PATCH", `Users/${id}`, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "Replace", path: "title", value: "Charge nurse" }] })).status).toBe(204);
    expect((await ask("PATCH", `Users/${id}`, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "Replace", path: "active", value: "False" }] })).status).toBe(204);
    expect((await ask("GET", `Users/${id}`)).said).toMatchObject({ id, active: false });
    expect((await ask("DELETE", `Users/${id}`)).status).toBe(204);
    await example.settled();
    expect(arrived().filter((each) => each["id"] === id)).toEqual([
      { id, active: true, login, title: "Nurse" },
      { id, title: "Charge nurse" },
      { id, active: false },
      { id, active: false },
    ]);
  });

  it("who is known outlives a restart", async () => {
    const name = `${++tries}.sample@visits.example`;
    const { said } = await ask("POST", "Users", { userName: `cy.${name}` });
    await example.settled();
    await example.restart();
    expect((await find(`CY.${name.replace("sample", "SAMPLE")}`)).said.Resources).toMatchObject([{ id: said.id, active: true }]);
    expect(await ask("POST", "Users", { userName: `Cy.${name.replace("sample", "Sample")}` })).toMatchObject({ status: 409, said: { scimType: "uniqueness", detail: "SCM-106" } });
  });

  it("another's token opens nothing, and mistakes are told in SCIM's form without a value", async () => {
    expect((await ask("POST", "Users", { userName: "eve@visits.example" }, "another")).status).toBe(401);
    const wrong = await ask("POST", "Users", { userName: "", displayName: "Dee Sample" });
    expect(wrong).toMatchObject({ status: 400, said: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "400", scimType: "invalidValue", detail: "SCM-101" } });
    // What two readers could read differently is for nobody: the engine's strict reader refuses it.
    const response = await fetch(`http://127.0.0.1:${example.at(8041)}/scim/v2/Users`, {
      method: "POST", headers: { authorization: `Bearer ${example.secret("workforce_scim_token")}`, "content-type": "application/scim+json" }, body: '{"userName":"dee@visits.example","userName":"eve@visits.example"}',
    });
    const said = await response.text();
    expect([response.status, said.includes("visits.example")]).toEqual([400, false]);
    expect((await find("eve@visits.example")).said.totalResults).toBe(0);
    for (const word of ["sample", "visits.example"]) expect(example.log.join("\n").toLowerCase()).not.toContain(word);
  });
});
