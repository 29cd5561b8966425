import { resolve } from "node:path";
import type { Channel, TestSpec } from "../config/project.ts";
import { systemClock } from "../runtime/clock.ts";
import { compare } from "../runtime/expectation.ts";
import { givenMessage } from "../runtime/given.ts";
import { trial, type TrialParts } from "../runtime/trial.ts";
import { traceOf } from "../runtime/trial-trace.ts";
import { codeOf } from "../sdk/index.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { loadProject } from "./compose.ts";
import { reportProjectError } from "./report.ts";
import { showSteps } from "./show-steps.ts";
import { type Step, stepsOf } from "./steps.ts";
import { openTrials } from "./trials.ts";

/** Runs the tests that stand in the channels, through the real path with deliveries captured. */
export const command: Command = {
  name: "test",
  summary: "run the tests of a project's channels through the real path, with deliveries captured",
  usage: "sluice test [DIR] [--channel NAME] [--name TEXT] [--trace] [--json]",
  examples: ["sluice test", "sluice test channels --channel lab-results", 'sluice test --name "final result" --trace'],
  options: { channel: { type: "string" }, name: { type: "string" }, trace: { type: "boolean" } },
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
  readonly steps?: readonly Step[];
}

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const root = resolve(terminal.cwd, words[0] ?? ".");
  try {
    const { channel, name, trace } = flags as { channel?: string; name?: string; trace?: boolean };
    const verdicts = await runTests(root, { ...(channel === undefined ? {} : { channel }), ...(name === undefined ? {} : { name }), trace: trace === true });
    for (const verdict of verdicts) show(verdict, terminal, json);
    const failed = verdicts.filter((verdict) => !verdict.ok).length;
    if (!json) terminal.out(`${verdicts.length - failed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (reportProjectError(error, terminal, words[0])) return 1;
    throw error;
  }
}

export interface TestChoice {
  readonly channel?: string;
  /** Only tests whose name holds this. */
  readonly name?: string;
  /** With every step's value. */
  readonly trace?: boolean;
}

/** Runs the tests of the project that are meant; throws `ProjectError` when the project has mistakes. */
export async function runTests(root: string, choice: TestChoice = {}): Promise<readonly Verdict[]> {
  const trials = await openTrials(await loadProject(root, { assumeSecrets: true }));
  try {
    const verdicts: Verdict[] = [];
    for (const channel of trials.parts.project.channels.filter(({ name }) => choice.channel === undefined || name === choice.channel)) {
      for (const spec of channel.tests.filter(({ name }) => name.includes(choice.name ?? ""))) verdicts.push(await runTest(channel, spec, trials.parts, choice.trace === true));
    }
    return verdicts;
  } finally {
    await trials.close();
  }
}

async function runTest(channel: Channel, spec: TestSpec, parts: TrialParts, trace: boolean): Promise<Verdict> {
  const started = systemClock.monotonic();
  const problems: string[] = [];
  let steps: readonly Step[] | undefined;
  try {
    const raw = givenMessage(channel, spec, parts.project.root);
    const result = await trial(channel, raw, parts);
    if (result.receipt.id === undefined) problems.push(`the message was not accepted: ${result.receipt.code}`);
    else problems.push(...compare(spec, result, channel));
    if (trace) steps = stepsOf(channel, result, await traceOf(channel, raw, result, parts));
  } catch (error) {
    problems.push(codeOf(error, "RUN-107"));
  }
  return { channel: channel.name, test: spec.name, ok: problems.length === 0, ms: Math.round(systemClock.monotonic() - started), problems, ...(steps ? { steps } : {}) };
}

function show(verdict: Verdict, terminal: Terminal, json: boolean): void {
  if (json) return terminal.out(JSON.stringify(verdict));
  terminal.out(`${verdict.ok ? "ok  " : "FAIL"} ${verdict.channel}: ${verdict.test} (${verdict.ms} ms)`);
  for (const problem of verdict.problems) terminal.out(`     ${problem}`);
  if (verdict.steps) for (const line of showSteps(verdict.steps, terminal)) terminal.out(`     ${line}`);
}
