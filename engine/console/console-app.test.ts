import { describe, expect, it } from "vitest";
import { consoleApp } from "./console-app.ts";
import { appOf, type Route } from "./routes.ts";
import { sampleJob, sampleLane, sampleMessage, sampleOperations, sampleStatus } from "./sample.ts";

const here = { headers: { host: "127.0.0.1:8040" } };

describe("the console", () => {
  it("shows lanes with trouble on top, cause beside the state, and a sign beside every colour", async () => {
    const status = sampleStatus({
      lanes: [
        sampleLane({ lane: "lab/ehr" }),
        sampleLane({ lane: "lab/ward", depth: 4, oldestAgeMs: 125_000, status: { kind: "retrying", code: "NET-101", nextAt: 103_000, attempts: 2 } }),
      ],
    });
    const text = await (await consoleApp(sampleOperations(status)).request("/", here)).text();
    expect(text.indexOf("lab/ward")).toBeLessThan(text.indexOf("lab/ehr"));
    expect(text).toContain("retry 2 in 3 s");
    expect(text).toContain("<code>NET-101</code>");
    expect(text).toContain("2 min");
    expect(text).toMatch(/▲<\/span> retry/);
    expect(text).toContain("<caption");
  });

  it("tells a source that has no port from one that is closed", async () => {
    const channels = sampleStatus().channels.flatMap((lab) => [
      lab,
      { ...lab, channel: "polls", source: { connector: "fhir-poll", partner: "ehr", open: true } },
      { ...lab, channel: "shut", source: { connector: "mllp", partner: "lis", open: false } },
    ]);
    const text = await (await consoleApp(sampleOperations(sampleStatus({ channels }))).request("/", here)).text();
    expect(text).toMatch(/lab<\/th>[\s\S]*2575<\/td><td>.*●.* listening[\s\S]*polls<\/th>[\s\S]*–<\/td><td>.*●.* running[\s\S]*shut<\/th>[\s\S]*▲.* closed/);
    expect(text).toContain("1 lane or source needs a look");
  });

  it("shows paused lanes and bulk work, without what people wrote", async () => {
    const status = sampleStatus({ lanes: [sampleLane({ lane: "lab/ward", depth: 2, paused: { at: 40_000, by: "lane" } })], jobs: [sampleJob, { ...sampleJob, id: 2, state: "failed", code: "STO-201" }] });
    const text = await (await consoleApp(sampleOperations(status)).request("/", here)).text();
    expect(text).toMatch(/lab\/ward[\s\S]*▲<\/span> paused for 1 min/);
    expect(text).toMatch(/Bulk work[\s\S]*retry[\s\S]*running[\s\S]*<td class="n">4<\/td><td class="n">10<\/td>[\s\S]*failed <code>STO-201/);
    expect(text).not.toContain("Tom");
    for (const path of ["/api/jobs", "/api/lanes/orders", "/api/events", "/api/views"]) expect((await consoleApp(sampleOperations(status)).request(path, here)).status).toBe(404);
  });

  it("escapes names, and loads nothing from elsewhere", async () => {
    const answer = await consoleApp(sampleOperations(sampleStatus({ name: "<script>x</script>" }))).request("/", here);
    const text = await answer.text();
    expect(text).not.toContain("<script>x");
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("says how many bytes lanes and sources hold in memory", async () => {
    const shown = async (heldBytes: number) => (await consoleApp(sampleOperations(sampleStatus({ heldBytes }))).request("/", here)).text();
    for (const [bytes, text] of [[0, "0 B"], [12_345, "12 kB"], [999_700, "1.0 MB"], [3_400_000, "3.4 MB"]] as const)
      expect(await shown(bytes)).toMatch(new RegExp(`In memory</dt><dd> ${text}</dd>`));
  });

  it("says that the books do not balance", async () => {
    const text = await (await consoleApp(sampleOperations(sampleStatus({ conservationGap: 1 }))).request("/", here)).text();
    expect(text).toContain("do not balance");
  });

  it("answers only to names of this machine", async () => {
    const app = consoleApp(sampleOperations());
    for (const host of ["localhost:8040", "127.0.0.1", "[::1]:8040"]) expect((await app.request("/livez", { headers: { host } })).status).toBe(200);
    for (const host of ["evil.example:8040", "127.0.0.1.evil.example", "", "10.0.0.5:8040"]) {
      expect((await app.request("/api/status", { headers: { host } })).status).toBe(403);
    }
  });

  it("is ready or says why not", async () => {
    expect((await consoleApp(sampleOperations()).request("/readyz", here)).status).toBe(200);
    const answer = await consoleApp(sampleOperations(sampleStatus({ ready: false, code: "STO-104" }))).request("/readyz", here);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, code: "STO-104" });
  });

  it("never gives contents over TCP", async () => {
    const app = consoleApp(sampleOperations(sampleStatus(), [sampleMessage("MSH|^~\\&|A\rPID|1||MRN-4711")]));
    const detail = await (await app.request("/api/messages/m7", here)).text();
    expect(detail).toContain("NET-101");
    for (const content of ["MRN-4711", "Tom was told"]) expect(detail).not.toContain(content);
    expect(JSON.parse(detail)).not.toHaveProperty("raw");
    for (const path of ["/api/messages/7/contents", "/api/entries/retry"]) {
      expect((await app.request(path, { ...here, method: "POST", body: "{}" })).status).toBe(404);
      expect((await app.request(path, here)).status).toBe(404);
    }
  });

  it("names what cannot be read, and shows the rest of the message", async () => {
    const altered = { ...sampleMessage("MSH|"), unreadable: [{ where: "lab", stage: "raw", code: "STO-303" }] } as const;
    const answer = await consoleApp(sampleOperations(sampleStatus(), [altered])).request("/api/messages/7", here);
    expect(await answer.json()).toMatchObject({ id: 7, history: [{ state: "dead" }, {}], unreadable: altered.unreadable });
  });

  it("says where a list goes on", async () => {
    const operations = sampleOperations(sampleStatus(), [sampleMessage("MSH|")]);
    const app = consoleApp({ ...operations, messages: () => Object.assign(operations.messages({ limit: 1 }).slice(), { more: 5 }) });
    expect(await (await app.request("/api/messages?limit=1", here)).json()).toMatchObject({ messages: [{ id: 7 }], more: 5 });
  });

  it("tells a wrong query apart from a missing message", async () => {
    const app = consoleApp(sampleOperations());
    expect((await app.request("/api/messages?state=lost", here)).status).toBe(400);
    expect((await app.request("/api/messages/abc", here)).status).toBe(400);
    expect((await app.request("/api/messages/99", here)).status).toBe(404);
  });

  it("streams the overview", async () => {
    const answer = await consoleApp(sampleOperations()).request("/live", here);
    const reader = answer.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    expect(new TextDecoder().decode(value)).toContain("event: overview");
  });

  it("streams to a few at a time, and health always answers", async () => {
    const app = consoleApp(sampleOperations());
    const readers = [];
    for (let i = 0; i < 8; i++) readers.push((await app.request("/live", here)).body?.getReader());
    const refused = await app.request("/live", here);
    expect([refused.status, await refused.json()]).toEqual([503, { code: "CON-110" }]);
    expect((await app.request("/livez", here)).status).toBe(200);
    for (const reader of readers) await reader?.cancel();
    // A place is free when its stream has looked for its reader.
    await expect.poll(async () => {
      const again = await app.request("/live", here);
      await again.body?.cancel();
      return again.status;
    }, { timeout: 30_000 }).toBe(200);
  });
});

describe("routes", () => {
  const good: Route = { action: "x.read", phi: "none", assurance: "loopback", method: "GET", path: "/x", handle: (c) => c.text("x") };

  it("are not served when one does not say who may use it", () => {
    const { action: _, ...silent } = good;
    expect(() => appOf([good, silent as Route], "loopback")).toThrow("CON-101");
  });

  it("with contents are not served over loopback", () => {
    expect(() => appOf([{ ...good, phi: "masked" }], "loopback")).toThrow("CON-101");
    expect(() => appOf([{ ...good, assurance: "same-account" }], "loopback")).toThrow("CON-101");
  });
});
