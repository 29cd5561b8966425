import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessRecord, controlPath, serveControl, type Served } from "../console/index.ts";
import { sampleMessage, sampleOperations, sampleStatus } from "../console/sample.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { openStore } from "../store/index.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

const raw = "MSH|^~\\&|LAB|NORTH|||20260102||ORU^R01|C1|P|2.5.1\rPID|1||MRN-4711||TESTER^TOM";

describe("commands that look after messages", () => {
  let folder = "";
  let served: Served | undefined;
  const operations = sampleOperations(sampleStatus(), [sampleMessage(raw)]);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-door-"));
    mkdirSync(join(folder, "data"), { mode: 0o700 });
    writeFileSync(join(folder, "sluice.yaml"), "name: t\ndata: data\n");
  });
  afterEach(async () => {
    await served?.close();
    served = undefined;
    rmSync(folder, { recursive: true });
  });
  const serve = async () => {
    const data = join(folder, "data");
    served = await serveControl({ operations, path: controlPath(data), access: accessRecord(data, () => 0) });
  };
  const call = async (...argv: string[]) => {
    const terminal = sampleTerminal({ cwd: folder });
    return { code: await main(argv, terminal), out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
  };

  it("ask the running engine", async () => {
    await serve();
    expect((await call("top")).out).toContain("lab/ehr");
    expect(JSON.parse((await call("top", "--json")).out)).toMatchObject({ name: "sample", conservationGap: 0 });
    expect((await call("message", "list")).out).toMatch(/m7 .*ehr dead NET-101/);
    expect((await call("dead", "list")).out).toMatch(/lab\/ehr +m7 +dead +NET-101/);
    expect(await call("dead", "retry", "lab/ehr", "m7")).toMatchObject({ code: 0 });
    expect(await call("dead", "discard", "lab/ehr", "m7", "--reason", "by phone")).toMatchObject({ code: 0 });
    expect(operations.calls).toEqual(["retry lab/ehr 7", "discard lab/ehr 7 by phone"]);
    expect(await call("message", "show", "m99")).toMatchObject({ code: 1, err: expect.stringContaining("CON-104") });
  });

  it("show contents masked, and in the clear only for a purpose", async () => {
    await serve();
    const timeline = await call("message", "show", "m7");
    expect(timeline.out).toContain("NET-101");
    expect(timeline.out).not.toContain("PID|");
    expect((await call("message", "show", "m7", "--contents")).out).toMatch(/PID\|\*\*\*/);
    expect((await call("message", "show", "m7", "--contents")).out).not.toContain("MRN-4711");
    expect((await call("message", "show", "m7", "--purpose", "curiosity")).code).toBe(2);
    expect((await call("message", "show", "m7", "--purpose", "HOPERAT")).out).toContain("MRN-4711");
  });

  it("say so when no engine runs and there is no record", async () => {
    rmSync(join(folder, "data"), { recursive: true });
    for (const argv of [["top"], ["message", "list"], ["dead", "retry", "a/b", "m1"]]) {
      expect(await call(...argv)).toMatchObject({ code: 1, err: expect.stringContaining("CLI-101") });
    }
  });

  it("read the record that a stopped engine left", async () => {
    const store = await openStore({ dir: join(folder, "data"), clock: systemClock, random: systemRandom, minFreeBytes: 0, allowVolatile: true });
    await store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "hl7v2", bytes: new TextEncoder().encode(raw) }, lanes: ["lab/ehr"] });
    await store.settle({ lane: "lab/ehr", id: 1, state: "dead", at: 2, attempts: 3, code: "NET-101" });
    await store.accept({ channel: "lab", revision: "r", receivedAt: 2, raw: { format: "hl7v2", bytes: new TextEncoder().encode(raw) }, lanes: ["lab/ehr"], controlId: "C2" });
    await store.replay(2, ["lab/other"], 3, "lost it, x\u001b[2J");
    await store.close();
    expect((await call("message", "list")).out).toMatch(/m1 .*ehr dead NET-101/);
    expect((await call("message", "list", "--control-id", "C2")).out).toMatch(/m2 .*ehr waiting/);
    expect((await call("dead", "list", "--json")).out).toContain('"lane":"lab/ehr"');
    expect(await call("message", "list", "--limit", "1")).toMatchObject({ out: expect.stringMatching(/\nmore: --before m2$/) });
    expect(await call("message", "list", "--limit", "1", "--before", "m1")).toMatchObject({ out: "no messages" });
    expect((await call("message", "show", "m1", "--contents")).out).not.toContain("MRN-4711");
    expect((await call("message", "show", "m1", "--unmask", "--purpose", "TREAT")).out).toContain("MRN-4711");
    expect((await call("message", "show", "m2", "--unmask", "--purpose", "TREAT")).out).toContain("x\\u{1b}[2J");
    expect((await call("message", "show", "m2", "--unmask", "--purpose", "TREAT")).out).not.toContain("\u001b");
    expect((await call("message", "views", "m1")).out).toMatch(/m1 +TREAT +show +raw/);
    appendFileSync(join(folder, "data/access.jsonl"), '{"at":');
    expect(await call("message", "views", "m1")).toMatchObject({ out: expect.stringMatching(/m1 +TREAT/), err: expect.stringContaining("1 line of access.jsonl cannot be read") });
  });
});
