/**
 * bench:operator - how long the answers to an operator's ten tasks take on a record of 100,000 messages.
 *
 *   npm run -s bench:operator -- [--json] [--short] [--messages 100000]
 *
 * `ms` is the slowest command of a task inside a process that runs already, `process_ms` the slowest as a process of its own, with Node's start.
 * See bench/README.md for how to read the lines.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main } from "../engine/cli/main.ts";
import { sampleTerminal } from "../engine/cli/sample-terminal.ts";
import { openOffice } from "../test/operator/desk.ts";
import { type Desk, tasks } from "../test/operator/ten-tasks.ts";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, short: { type: "boolean", default: false }, messages: { type: "string" } },
});
const barMs = 1000;
const messages = Number(flags.messages ?? (flags.short ? 40_000 : 100_000));
const command = join(import.meta.dirname, "../engine/cli/sluice.mjs");

type Answer = Awaited<ReturnType<Desk["cli"]>>;

/** Runs a task and gives the time of its slowest command. */
async function slowest(run: (typeof tasks)[number]["run"], desk: Omit<Desk, "cli">, cli: (argv: readonly string[]) => Promise<Answer>): Promise<number> {
  let most = 0;
  await run({
    ...desk,
    cli: async (...argv) => {
      const began = performance.now();
      const answer = await cli(argv);
      most = Math.max(most, performance.now() - began);
      return answer;
    },
  });
  return Math.round(most);
}

const office = await openOffice(messages);
const within = async (argv: readonly string[]): Promise<Answer> => {
  const terminal = sampleTerminal({ cwd: office.store.root });
  const code = await main(argv, terminal);
  return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
};
const apart = (argv: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    execFile(process.execPath, [command, ...argv], { cwd: office.store.root, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });

/** Node's own start here and now: what a process that does nothing takes. */
async function nodeStart(): Promise<number> {
  const began = performance.now();
  await new Promise((resolve) => execFile(process.execPath, ["-e", "0"], resolve));
  return Math.round(performance.now() - began);
}

let failed = false;
try {
  for (const { name, run } of tasks) {
    const ms = await slowest(run, office, within);
    const process_ms = await slowest(run, office, apart);
    const node_ms = await nodeStart();
    const line = { bench: "operator", task: name, messages, ms, process_ms, node_ms, bar_ms: barMs, holds: ms <= barMs };
    failed ||= !line.holds;
    process.stdout.write(flags.json ? `${JSON.stringify(line)}\n` : `${name}: ${ms} ms, as a process ${process_ms} ms (bar ${barMs} ms)${line.holds ? "" : " FAILS"}\n`);
  }
} finally {
  await office.close();
}
process.exit(failed ? 1 : 0);
