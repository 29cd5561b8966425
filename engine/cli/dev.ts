import { relative } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { accessRecord, isPurpose, purposes } from "../console/index.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { type RunningEngine, startEngine } from "./compose.ts";
import { DevLoop } from "./dev-loop.ts";
import { type Doors, openDoors } from "./doors.ts";
import { projectFolder } from "./project-folder.ts";
import { watchProject } from "./watch-project.ts";
import { wrongCall } from "./wrong-call.ts";

/** The author's loop: the project runs, and every save is linted, reloaded and tried. */
export const command: Command = {
  name: "dev",
  summary: "run a project while you write it: each save is linted, reloaded, and tried with a message of which nothing leaves",
  usage: "sluice dev [DIR] [--port N] [--last --purpose P] [--json]",
  examples: ["sluice dev", "sluice dev clinic --port 0", "sluice dev clinic --last --purpose HSYSADMIN"],
  options: { port: { type: "string" }, last: { type: "boolean" }, purpose: { type: "string" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder that holds sluice.yaml (default: .)" },
  run,
};

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const { port, last, purpose } = flags as { port?: string; last?: boolean; purpose?: string };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) return wrongCall(terminal, "--port takes a port number", "dev");
  if (purpose !== undefined && !last) return wrongCall(terminal, "--purpose goes with --last", "dev");
  if (last && !isPurpose(purpose)) {
    return wrongCall(terminal, `--last shows what was received, and each look is recorded: state --purpose, one of ${purposes.join(", ")}`, "dev");
  }
  const root = projectFolder(terminal, words[0]);
  let doors: Doors | undefined;
  const start = async () => {
    const engine = await startEngine({ root, log: (line) => terminal.err(line) });
    try {
      doors = await openDoors(engine, port === undefined ? engine.project.settings.console.port : Number(port));
    } catch (error) {
      await engine.close();
      throw error;
    }
    const { url } = doors;
    terminal.out(json ? JSON.stringify({ event: "ready", console: url }) : `ready: console at ${url}; watching ${relative(terminal.cwd, root) || "."}`);
    return engine;
  };
  const lastOf = ({ operations, data }: RunningEngine) => ({ operations, purpose: purpose as (typeof purposes)[number], access: accessRecord(data, systemClock.now) });
  const loop = new DevLoop({ root, folder: relative(terminal.cwd, root), terminal, json, start, ...(last ? { last: lastOf } : {}) });
  const watcher = watchProject(root, { data: dataFolder(root), onChange: (files) => void loop.saved(files) });
  try {
    await loop.saved(new Set());
    if (!loop.engine && !json) terminal.out("not started: mend what is wrong and save, or stop with Ctrl-C");
    await aborted(terminal.signal);
  } finally {
    watcher.close();
    await doors?.close();
    await loop.close();
  }
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
