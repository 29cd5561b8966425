import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, freePort, sendMllp } from "../../test/flow/engine-on-disk.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

describe("simulate", () => {
  let folder = "";
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sluice-simulate-"));
    await main(["init", "--yes"], sampleTerminal({ cwd: folder }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function at(url: string): void {
    const file = join(folder, "partners.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("mllp://127.0.0.1:8052", url));
  }

  it("takes what comes to a partner's address, answers AA, and shows sizes alone", async () => {
    const port = await freePort();
    at(`mllp://127.0.0.1:${port}`);
    const stop = new AbortController();
    const terminal = sampleTerminal({ cwd: folder, signal: stop.signal });
    const ended = main(["simulate"], terminal);
    await eventually(() => terminal.outs.some((line) => line.startsWith("ready")));
    expect(await sendMllp(port, "MSH|^~\\&|A|B|C|D|20260101||ADT^A01|C-77|P|2.5\rPID|1||X^SECRET\r")).toContain("MSA|AA|C-77");
    stop.abort();
    expect(await ended).toBe(0);
    expect(terminal.outs.join("\n")).toMatch(/→ ward results \d+ bytes/);
    expect(terminal.outs.join("\n")).not.toContain("SECRET");
  });

  it("leaves out what is not a plain address of this machine", async () => {
    at("mllps://127.0.0.1:8052");
    const terminal = sampleTerminal({ cwd: folder });
    expect(await main(["simulate"], terminal)).toBe(1);
    expect(terminal.outs.join("\n")).toContain("left out ward results");
  });

  it("knows the project's partners", async () => {
    expect(await main(["simulate", "--partner", "nobody"], sampleTerminal({ cwd: folder }))).toBe(2);
  });
});
