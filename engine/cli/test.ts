import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Channel, TestSpec } from "../config/project.ts";
import type { FlowPorts } from "../flow/ports.ts";
import { createBoundary } from "../phi/index.ts";
import { systemClock, systemRandom } from "../runtime/clock.ts";
import { Events } from "../runtime/events.ts";
import { compare } from "../runtime/expectation.ts";
import { givenMessage } from "../runtime/given.ts";
import { opaqueIds } from "../runtime/identity-key.ts";
import { trial, type TrialParts } from "../runtime/trial.ts";
import { codeOf } from "../sdk/index.ts";
import { openStore } from "../store/index.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { loadProject, loadSandbox } from "./compose.ts";
import { reportProjectError } from "./report.ts";

/** Runs the tests that stand in the channels, through the real path with deliveries captured. */
export const command: Command = {
  name: "test",
  summary: "run the tests of a project's channels through the real path, with deliveries captured",
  usage: "sluice test [DIR] [--channel NAME] [--json]",
  examples: ["sluice test", "sluice test channels --channel lab-results"],
  options: { channel: { type: "string" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds sluice.yaml (default: .)" },
  run,
};

interface Verdict {
  readonly channel: string;
  readonly test: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What differs, by destination: places and codes; a test's own expectations may be quoted, its data is a fixture. */
  readonly problems: readonly string[];
}

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = resolve(terminal.cwd, words[0] ?? ".");
  try {
    const verdicts = await runTests(root, typeof flags["channel"] === "string" ? flags["channel"] : undefined);
    for (const verdict of verdicts) show(verdict, terminal, json);
    const failed = verdicts.filter((verdict) => !verdict.ok).length;
    if (!json) terminal.out(`${verdicts.length - failed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (reportProjectError(error, terminal, words[0])) return 1;
    throw error;
  }
}

/** Runs every test of the project, or of one channel; throws `ProjectError` when the project has mistakes. */
export async function runTests(root: string, only?: string): Promise<readonly Verdict[]> {
  const loaded = await loadProject(root, { assumeSecrets: true });
  const { project, registry } = loaded;
  const sandbox = await loadSandbox(loaded);
  const folder = mkdtempSync(join(tmpdir(), "sluice-trial-"));
  try {
    const store = await openStore({ dir: folder, clock: systemClock, random: systemRandom, minFreeBytes: 0, allowVolatile: true });
    try {
      const ports: FlowPorts = {
        clock: systemClock,
        random: systemRandom,
        store,
        sandbox,
        boundary: createBoundary(),
        // A key of zeros: what code draws at random is the same in every run of a test.
        opaqueId: opaqueIds(new Uint8Array(32)),
        partner: (name) => project.partners.get(name),
        revision: async () => undefined,
        events: new Events(systemClock, () => {}),
      };
      const verdicts: Verdict[] = [];
      for (const channel of project.channels.filter((c) => only === undefined || c.name === only)) {
        for (const spec of channel.tests) verdicts.push(await runTest(channel, spec, { project, registry, ports }));
      }
      return verdicts;
    } finally {
      await store.close();
    }
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runTest(channel: Channel, spec: TestSpec, parts: TrialParts): Promise<Verdict> {
  const started = systemClock.monotonic();
  const problems: string[] = [];
  try {
    const raw = givenMessage(channel, spec, parts.project.root);
    const result = await trial(channel, raw, parts);
    if (result.receipt.kind !== "accepted") problems.push(`the message was not accepted: ${result.receipt.code}`);
    else problems.push(...compare(spec, result, channel));
  } catch (error) {
    problems.push(codeOf(error, "RUN-107"));
  }
  return { channel: channel.name, test: spec.name, ok: problems.length === 0, ms: Math.round(systemClock.monotonic() - started), problems };
}

function show(verdict: Verdict, terminal: Terminal, json: boolean): void {
  if (json) return terminal.out(JSON.stringify(verdict));
  terminal.out(`${verdict.ok ? "ok  " : "FAIL"} ${verdict.channel}: ${verdict.test} (${verdict.ms} ms)`);
  for (const problem of verdict.problems) terminal.out(`     ${problem}`);
}
