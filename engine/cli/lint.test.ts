import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Terminal } from "./command.ts";
import { command } from "./lint.ts";

const files = {
  "sluice.yaml": "name: p\n",
  "partners.yaml": `partners:
  app:
    kind: provider
    links:
      inbound: { auth: none, allow: [ORU^R01], limit: 5/s, audit: full, phi: allowed }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "mllp://127.0.0.1:2600" }]
    agreements:
      - { id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2026-01-01, timezone: UTC }
    links:
      outbound: { auth: none, allow: ["*"], limit: 5/s, audit: full, phi: allowed }
`,
  "lab.yaml": `channel: lab
classification: phi
source:
  partner: app
  mllp: { port: 2575 }
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    transform: |
      return msg;
    mllp: {}
`,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-lint-"));
  write(files);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(changed: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, "project"), { recursive: true });
  for (const [name, text] of Object.entries(changed)) writeFileSync(join(folder, "project", name), text);
}

async function lint(flags: Record<string, boolean> = {}, tty = false) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = { out: (t) => out.push(t), err: (t) => err.push(t), tty, cwd: folder, env: {}, signal: new AbortController().signal };
  const code = await command.run({ terminal, flags, words: ["project"], json: flags.json === true });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("sluice lint", () => {
  it("exits 0 on a sound project", async () => {
    expect(await lint()).toEqual({ code: 0, out: "0 errors, 0 warnings", err: "" });
  });

  it("exits 0 with warnings", async () => {
    write({ "partners.yaml": `${files["partners.yaml"]}  other:\n    kind: other\n` });
    const { code, out } = await lint();
    expect(code).toBe(0);
    expect(out).toContain("project/partners.yaml:13:3 warning CFG-158");
  });

  it("exits 1 with mistakes of configuration, boundary and code at once", async () => {
    write({
      "partners.yaml": files["partners.yaml"].replace("purposes: [TREAT]", "purposes: [HPAYMT]"),
      "lab.yaml": files["lab.yaml"].replace("return msg;", "return msg +;").replace("2575 }", "2575, hots: x }"),
    });
    const { code, out } = await lint();
    expect(code).toBe(1);
    expect([...out.matchAll(/^project\/(\S+) error (\S+)/gm)].map((m) => [m[1], m[2]])).toEqual([
      ["lab.yaml:5:23", "CFG-120"],
      ["lab.yaml:9:14", "PHI-103"],
      ["lab.yaml:11:19", "SBX-101"],
    ]);
    expect(out).not.toContain("\u001b[");
  });

  it("prints one line of JSON per diagnostic", async () => {
    write({ "lab.yaml": files["lab.yaml"].replace("partner: ehr", "partner: erh") });
    const { code, out } = await lint({ json: true });
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => JSON.parse(line))).toEqual([
      { file: "lab.yaml", line: 8, column: 14, endLine: 8, endColumn: 17, code: "CFG-150", level: "error", message: '"erh" is not in partners.yaml', help: 'did you mean "ehr"?' },
    ]);
  });

  it("writes the map of a sound project, and no map of another", async () => {
    expect(JSON.parse((await lint({ map: true })).out)).toMatchObject({ destinations: [{ channel: "lab", destination: "ehr", agreement: "T" }] });
    write({ "sluice.yaml": "nam: p\n" });
    const { code, out, err } = await lint({ map: true });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("CFG-120");
  });

  it("says what is missing in an empty folder", async () => {
    rmSync(join(folder, "project"), { recursive: true });
    mkdirSync(join(folder, "project"));
    const { code, out } = await lint();
    expect(code).toBe(1);
    expect(out).toContain("sluice.yaml is missing");
    expect(out).toContain("partners.yaml is missing");
  });

  it("colours on a terminal", async () => {
    write({ "sluice.yaml": "nam: p\n" });
    expect((await lint({}, true)).out).toContain("\u001b[31merror CFG-120");
  });
});
