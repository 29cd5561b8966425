import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byPlace, configRules, formatDiagnostics, lintProject, memoryFiles, type Project, readProject } from "../../engine/config/index.ts";
import { proofRules } from "../../engine/phi/proof/index.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import { programOf } from "../../engine/runtime/program.ts";
import { createSandbox, type Sandbox } from "../../engine/sandbox/index.ts";
import type { Diagnostic } from "../../engine/sdk/index.ts";
import { catalogue } from "./catalogue.ts";

/**
 * Input, dashes, exact report. A file holds the sections of a project (`---- name`) that differ from `base.txt`, then
 * `---- report`. `UPDATE_GOLDENS=1` writes what lint says now: read every caret before committing it.
 */
const folder = new URL("./lint/", import.meta.url);
const base = sections(readFileSync(new URL("base.txt", folder), "utf8"));
const names = readdirSync(folder).filter((name) => name.endsWith(".golden"));
const now = Date.parse("2026-11-22T12:00:00Z");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ walls: "reduced", clock: systemClock, timeoutMs: 1000, memoryMb: 64 });
});
afterAll(() => sandbox.close());

describe("lint reports", () => {
  it("covers at least twenty mistakes", () => expect(names.length).toBeGreaterThanOrEqual(20));

  it.each(names)("%s", async (name) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, "utf8");
    const { report, ...written } = sections(text);
    const said = await lint({ ...base, ...written });
    if (process.env.UPDATE_GOLDENS) writeFileSync(file, `${text.split("---- report\n")[0]}---- report\n${said}`);
    else expect(said).toBe(report);
  });
});

async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const at = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/project/${name}`, text]));
  const read = readProject("/project", { connectors: catalogue, files: memoryFiles(at) });
  const secretExists = (ref: { name: string }) => ref.name !== "MISSING" && ref.name !== "missing";
  const ruled = read.project ? lintProject(read.project, [...configRules, ...proofRules], { connectors: catalogue, now, secretExists, fileHash: (ref) => hashOf(at[`/project/${ref}`]) }) : [];
  const compiled = read.project ? await compile(read.project) : [];
  return formatDiagnostics(byPlace([...read.diagnostics, ...ruled, ...compiled]), read.sources);
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : createHash("sha256").update(text).digest("hex");
}

async function compile(project: Project): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const channel of project.channels) found.push(...(await sandbox.load(programOf(channel, project))));
  return found;
}

function sections(text: string): Record<string, string> {
  const parts = text.split(/^---- (.+)\n/m).slice(1);
  return Object.fromEntries(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ""]] : [])));
}
