import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessRecord } from "./access-record.ts";
import { controlApp } from "./control-app.ts";
import { controlPath } from "./control-path.ts";
import { sampleMessage, sampleOperations, sampleStatus } from "./sample.ts";
import { serveConsole, serveControl } from "./serve.ts";

const raw = "MSH|^~\\&|LAB|NORTH|||20260102||ORU^R01|C1|P|2.5.1\rPID|1||MRN-4711||TESTER^TOM";
const post = (body: unknown) => ({ method: "POST", body: JSON.stringify(body) });

describe("the control door", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-control-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const door = () => {
    const operations = sampleOperations(sampleStatus(), [sampleMessage(raw)]);
    return { operations, app: controlApp(operations, accessRecord(folder, () => 0)) };
  };

  it("masks every value and keeps the structure", async () => {
    const shown = await (await door().app.request("/api/messages/7/contents")).text();
    for (const value of ["MRN-4711", "TESTER", "TOM", "Tom was told", "LAB", "C1"]) expect(shown).not.toContain(value);
    expect(shown).toContain("PID|***||***||***^***");
    expect(shown).toContain("ORU^R01");
    expect(existsSync(join(folder, "access.jsonl"))).toBe(false);
  });

  it("shows contents for a purpose, once that is on record", async () => {
    const { app } = door();
    expect((await app.request("/api/messages/7/contents", post({}))).status).toBe(400);
    expect((await app.request("/api/messages/7/contents", post({ purpose: "because" }))).status).toBe(400);
    const shown = await (await app.request("/api/messages/7/contents", post({ purpose: "HOPERAT" }))).text();
    for (const content of ["MRN-4711", "Tom was told"]) expect(shown).toContain(content);
    const recorded = readFileSync(join(folder, "access.jsonl"), "utf8");
    expect(JSON.parse(recorded)).toMatchObject({ message: 7, purpose: "HOPERAT" });
    expect(recorded).not.toContain("MRN-4711");
    expect(statSync(join(folder, "access.jsonl")).mode & 0o077).toBe(0);
  });

  it("shows nothing when the access cannot be recorded", async () => {
    const app = controlApp(sampleOperations(sampleStatus(), [sampleMessage(raw)]), accessRecord(join(folder, "gone"), () => 0));
    const answer = await app.request("/api/messages/7/contents", post({ purpose: "HOPERAT" }));
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("MRN-4711");
  });

  it("retries and discards, the latter only with a reason", async () => {
    const { app, operations } = door();
    expect((await app.request("/api/entries/retry", post({ lane: "lab/ehr", id: 7 }))).status).toBe(200);
    expect((await app.request("/api/entries/discard", post({ lane: "lab/ehr", id: 7 }))).status).toBe(400);
    expect((await app.request("/api/entries/discard", post({ lane: "lab/ehr", id: 7, reason: "sent by hand" }))).status).toBe(200);
    expect(operations.calls).toEqual(["retry lab/ehr 7", "discard lab/ehr 7 sent by hand"]);
  });

  it("takes a person's word on what may have arrived, with their name and reason", async () => {
    const { app, operations } = door();
    const says = { lane: "rx/network", id: 7, by: "jdoe", reason: "they have it" };
    expect((await app.request("/api/entries/resolve", post({ ...says, what: "perhaps" }))).status).toBe(400);
    expect((await app.request("/api/entries/resolve", post({ ...says, what: "arrived" }))).status).toBe(200);
    expect(operations.calls).toEqual(["arrived rx/network 7 jdoe they have it"]);
  });

  it("starts, steers and lists bulk work, and refuses what it does not understand", async () => {
    const { app, operations } = door();
    const asked = async (path: string, body: unknown) => {
      const answer = await app.request(path, post(body));
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    expect(await asked("/api/jobs", { kind: "retry", selection: { lanes: ["lab/ehr"], states: ["dead"] }, perSecond: 5 })).toEqual([200, undefined]);
    expect(await asked("/api/jobs", { kind: "discard", selection: { lanes: ["lab/ehr"] } })).toEqual([409, "RUN-206"]);
    expect(await asked("/api/jobs", { kind: "replay", selection: { ids: [7] }, reason: "x" })).toEqual([400, "CON-103"]);
    expect(await asked("/api/jobs", { kind: "burn", selection: {} })).toEqual([400, "CON-103"]);
    for (const selection of [{ states: ["lost"] }, { lanes: "lab/ehr" }, { ids: ["7"] }, { received: { from: "then" } }, 7]) expect(await asked("/api/jobs/preview", { kind: "retry", selection })).toEqual([400, "CON-103"]);
    for (const what of ["pause", "resume", "stop"]) expect(await asked(`/api/jobs/1/${what}`, {})).toEqual([200, undefined]);
    expect(await asked("/api/jobs/x/pause", {})).toEqual([400, "CON-103"]);
    expect(await (await app.request("/api/jobs")).json()).toMatchObject({ jobs: [{ id: 1 }] });
    expect(operations.calls).toEqual(["start retry 5", "pause 1", "resume 1", "stop 1"]);
  });

  it("gives orders to lanes that are named, with a reason for a pause", async () => {
    const { app, operations } = door();
    const asked = async (path: string, body: unknown) => (await app.request(path, post(body))).status;
    expect(await asked("/api/lanes/pause", { lanes: ["lab/ehr"], reason: "the EHR moves" })).toBe(200);
    expect(await asked("/api/lanes/pause", { lanes: ["lab/ehr"] })).toBe(409);
    expect(await asked("/api/lanes/resume", {})).toBe(400);
    expect(await asked("/api/partners/hold", { partner: "clinic" })).toBe(200);
    expect(await asked("/api/partners/hold", {})).toBe(400);
    expect(operations.calls).toEqual(["pause lab/ehr the EHR moves", "hold clinic"]);
  });

  it("compares without values, and with them only for a purpose that is on record", async () => {
    const { app } = door();
    expect((await app.request("/api/compare", post({ channel: "lab" }))).status).toBe(200);
    expect((await app.request("/api/compare/values", post({ channel: "lab" }))).status).toBe(400);
    expect((await app.request("/api/compare", post({}))).status).toBe(400);
  });

  it("makes a backup only where the way to it is whole", async () => {
    const { app } = door();
    expect((await app.request("/api/record/backup", post({ to: "somewhere" }))).status).toBe(400);
    expect((await app.request("/api/record/backup", post({ to: "/somewhere" }))).status).toBe(200);
  });

  it("stands where only its account gets in, and only once", async () => {
    const path = controlPath(folder);
    const served = await serveControl({ operations: sampleOperations(), path, access: accessRecord(folder, () => 0) });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await expect(serveControl({ operations: sampleOperations(), path, access: accessRecord(folder, () => 0) })).rejects.toThrow("CON-108");
    await served.close();
    await (await serveControl({ operations: sampleOperations(), path, access: accessRecord(folder, () => 0) })).close();
  });

  it("gives a deep folder a short socket path", () => {
    expect(controlPath(`/${"deep/".repeat(40)}`).length).toBeLessThan(100);
  });
});

describe("the console's port", () => {
  it("is on loopback or not at all, and says when it is taken", async () => {
    await expect(serveConsole({ operations: sampleOperations(), port: 0, host: "0.0.0.0" })).rejects.toThrow("CON-106");
    const served = await serveConsole({ operations: sampleOperations(), port: 0 });
    const port = Number(new URL(served.url).port);
    await expect(serveConsole({ operations: sampleOperations(), port })).rejects.toThrow("CON-107");
    await served.close();
  });
});
