import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describe as describeError } from "./catalogues.ts";
import { closest } from "./closest.ts";
import { commands } from "./commands.ts";
import { main } from "./main.ts";
import { renderTable } from "./render-table.ts";
import { sampleTerminal } from "./sample-terminal.ts";
import { EngineError } from "../sdk/index.ts";

const call = async (...argv: string[]) => {
  const terminal = sampleTerminal({ cwd: tmpdir() });
  return { code: await main(argv, terminal), out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
};

describe("the command line", () => {
  it("has every command under its own name, each with an example that calls it", async () => {
    for (const [name, load] of Object.entries(commands)) {
      const command = await load();
      expect(command.name).toBe(name);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) expect(example).toMatch(new RegExp(`^sluice ${name}( |$)`));
      const { code, out } = await call(name, "--help");
      expect(code).toBe(0);
      expect(out).toContain(command.examples[0]);
    }
  });

  it("answers a wrong call with 2 and a way on", async () => {
    expect(await call("sned")).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "send"') });
    expect(await call("send", "--tto", "x", "f")).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "--to"') });
    expect(await call("send")).toMatchObject({ code: 2, err: expect.stringContaining("sluice send --help") });
    expect(await call("top", "extra")).toMatchObject({ code: 2 });
    expect(await call("send", "f", "--to", "mllp://lab.example:2575")).toMatchObject({ code: 2 });
    expect(await call("message", "show", "x")).toMatchObject({ code: 2 });
    expect(await call("message", "list", "--state", "lost")).toMatchObject({ code: 2 });
    expect(await call("dead", "discard", "a/b", "m1")).toMatchObject({ code: 2 });
  });

  it("says by code and page what is wrong where there is no project", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-none-"));
    try {
      const terminal = sampleTerminal({ cwd: folder });
      expect(await main(["top"], terminal)).toBe(1);
      expect(terminal.errs.join()).toMatch(/^CLI-102 no project here[\s\S]*docs\/errors\/CLI-102\.md/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("prints no text of an error that it does not know", async () => {
    const text = await describeError(new TypeError("JANE RIVERA is not iterable"));
    expect(text).toContain("TypeError");
    expect(text).not.toContain("JANE");
    expect(await describeError(new EngineError("CLI-101", { project: "x" }, { cause: new Error("JANE") }))).not.toContain("JANE");
  });

  it.each(["CLI-101", "STO-101", "NET-101", "MLP-201"] as const)("says what %s means, wherever it is declared", async (code) => {
    expect(await describeError(new EngineError(code))).toMatch(new RegExp(`^${code} [a-z]`));
  });

  it("starts from plain node and gives its version", () => {
    const out = execFileSync(process.execPath, ["engine/cli/sluice.mjs", "--version", "--json"], { encoding: "utf8" });
    expect(JSON.parse(out)).toHaveProperty("version");
  });
});

describe("closest", () => {
  it("finds what was meant and nothing far away", () => {
    expect(closest("tset", ["test", "top"])).toBe("test");
    expect(closest("mess", ["message"])).toBe("message");
    expect(closest("xyzzy", ["test", "top"])).toBeUndefined();
  });
});

describe("renderTable", () => {
  it("aligns words left and numbers right", () => {
    const rows = [{ a: "x", n: 5 }, { a: "long", n: 120 }];
    const text = renderTable([{ title: "A", cell: (r: { a: string }) => r.a }, { title: "N", right: true, cell: (r: { n: number }) => String(r.n) }] as never, rows);
    expect(text.split("\n")).toEqual(["A       N", "x       5", "long  120"]);
  });
});
