import { relative, resolve } from "node:path";
import { codeOf } from "../sdk/index.ts";
import { describe } from "./catalogues.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { loadProject, type RunningEngine, startEngine } from "./compose.ts";
import { openDoors } from "./doors.ts";
import { reportProjectError } from "./report.ts";
import { wrongCall } from "./wrong-call.ts";

/** Runs a project until it is told to stop. */
export const command: Command = {
  name: "run",
  summary: "run a project: its channels, its lanes and the console page",
  usage: "sluice run [DIR] [--port N] [--json]",
  examples: ["sluice run", "sluice run channels --port 8040"],
  options: { port: { type: "string" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds sluice.yaml (default: .)" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  try {
    return await runUntilStopped(call);
  } catch (error) {
    if (reportProjectError(error, call.terminal, call.words[0])) return 1;
    throw error;
  }
}

async function runUntilStopped({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const wanted = flags["port"] === undefined ? undefined : Number(flags["port"]);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 0 && wanted <= 65_535)) return wrongCall(terminal, "--port takes a port number", "run");
  const engine = await startEngine({ root: resolve(terminal.cwd, words[0] ?? "."), log: (line) => terminal.err(line) });
  try {
    const port = wanted ?? engine.project.settings.console.port;
    const doors = await openDoors(engine, port);
    try {
      terminal.onHangup?.(() => void reloaded(engine, terminal));
      terminal.out(json ? JSON.stringify({ event: "ready", console: doors.url }) : `ready: ${channelCount(engine.project.channels.length)}, console at ${doors.url}`);
      await aborted(terminal.signal);
    } finally {
      await doors.close();
    }
  } finally {
    await engine.close();
  }
  return 0;
}

/** What changed on the disk is taken over; when it cannot be, everything runs on and the reason is said. */
async function reloaded(engine: RunningEngine, terminal: Call["terminal"]): Promise<void> {
  const { root } = engine.project;
  try {
    const report = await engine.reload(await loadProject(root));
    terminal.err(JSON.stringify({ event: "reloaded", ...report }));
  } catch (error) {
    if (!reportProjectError(error, terminal, relative(terminal.cwd, root))) terminal.err(await describe(error));
    terminal.err(JSON.stringify({ event: "not-reloaded", code: codeOf(error, "RUN-105") }));
  }
}

function channelCount(n: number): string {
  return n === 1 ? "1 channel" : `${n} channels`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
