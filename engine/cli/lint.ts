import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { byPlace, configRules, formatDiagnostics, lintProject, type Project, type ReadResult, readProject } from "../config/index.ts";
import { egressMap } from "../phi/proof/egress-map.ts";
import { proofRules } from "../phi/proof/index.ts";
import { systemClock } from "../runtime/clock.ts";
import { policyFile } from "../runtime/policy-files.ts";
import { programOf } from "../runtime/program.ts";
import { addProjectConnectors, builtInConnectors, type Registry } from "../runtime/registry.ts";
import { Secrets } from "../runtime/secrets.ts";
import { createSandbox } from "../sandbox/index.ts";
import { codeOf, type Diagnostic } from "../sdk/index.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { fileHashBelow } from "./file-hash.ts";

/** Everything that is wrong with a project, before anything starts. */
export const command: Command = {
  name: "lint",
  summary: "check a project: configuration, code, and the proof that nothing leaves without an agreement",
  usage: "sluice lint [DIR] [--map] [--json]",
  examples: ["sluice lint", "sluice lint channels --json", "sluice lint channels --map"],
  options: { map: { type: "boolean" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds sluice.yaml (default: .)" },
  run,
};

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = resolve(terminal.cwd, words[0] ?? ".");
  const { read, diagnostics } = await lintFolder(root, terminal.env);
  const errors = diagnostics.filter((d) => d.level === "error").length;
  if (flags.map) {
    if (errors === 0 && read.project) terminal.out(JSON.stringify(egressMap(read.project, systemClock.now()), undefined, 2));
    else showAll(diagnostics, read, root, { ...terminal, out: terminal.err });
  } else if (json) for (const diagnostic of diagnostics) terminal.out(JSON.stringify(flat(diagnostic)));
  else {
    showAll(diagnostics, read, root, terminal);
    terminal.out(`${count(errors, "error")}, ${count(diagnostics.length - errors, "warning")}`);
  }
  return errors > 0 ? 1 : 0;
}

export interface Linted {
  readonly read: ReadResult;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a folder and runs every rule over it; code is compiled in the sandbox, where it does not run. */
export async function lintFolder(root: string, env: Terminal["env"]): Promise<Linted> {
  const { registry, read } = await withConnectors(root);
  if (!read.project) return { read, diagnostics: read.diagnostics };
  const secrets = new Secrets(root, env);
  const context = { connectors: registry, now: systemClock.now(), secretExists: secrets.exists.bind(secrets), fileHash: fileHashBelow(root), fileExists: (path: string) => existsSync(resolve(root, path)), policyFile };
  const ruled = lintProject(read.project, [...configRules, ...proofRules], context);
  const compiled = await compileCode(read.project);
  return { read, diagnostics: byPlace([...read.diagnostics, ...ruled, ...compiled]) };
}

/** Options of a project's own connectors can be checked once these are loaded; one that is not trusted is not. */
export async function withConnectors(root: string): Promise<{ registry: Registry; read: ReadResult }> {
  const registry = await builtInConnectors();
  const read = readProject(root, { connectors: registry });
  const settings = read.project?.settings;
  const areTrusted = settings?.connectors.every((name) => settings.trusted.includes(name));
  if (!settings || settings.connectors.length === 0 || !areTrusted) return { registry, read };
  await addProjectConnectors(registry, root, settings);
  return { registry, read: readProject(root, { connectors: registry }) };
}

/** Mistakes of syntax in filters and transforms. No message is there to protect, so any walls do. */
async function compileCode(project: Project): Promise<Diagnostic[]> {
  const limits = { timeoutMs: 1000, memoryMb: 64, outputBytes: 1024 };
  const programs = project.channels.map((channel) => ({ ...programOf(channel, project), limits })).filter(hasCode);
  if (programs.length === 0) return [];
  try {
    const sandbox = await createSandbox({ walls: "reduced", ...limits, clock: systemClock });
    try {
      const found: Diagnostic[] = [];
      for (const program of programs) found.push(...(await sandbox.load(program)));
      return found;
    } finally {
      await sandbox.close();
    }
  } catch (error) {
    const message = `the code of filters and transforms was not checked (${codeOf(error, "SBX-302")})`;
    return [{ code: codeOf(error, "SBX-302"), level: "warning", at: project.settings.place.atKey("sandbox"), message }];
  }
}

function hasCode(program: ReturnType<typeof programOf>): boolean {
  return [program, ...program.destinations].some(({ filter, transform }) => filter?.kind === "code" || transform !== undefined);
}

function showAll(diagnostics: readonly Diagnostic[], { sources }: ReadResult, root: string, terminal: Terminal): void {
  if (diagnostics.length === 0) return;
  const colour = terminal.tty && !terminal.env.NO_COLOR;
  terminal.out(formatDiagnostics(diagnostics, sources, { under: relative(terminal.cwd, root), colour }));
}

function flat({ code, level, at, message, help }: Diagnostic): object {
  return { ...at, code, level, message, ...(help === undefined ? {} : { help }) };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
