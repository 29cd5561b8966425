import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { EngineError } from "../sdk/index.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { projectFiles } from "./init-files.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "init",
  summary: "begin a project that lints and tests green: results from a lab to a ward",
  usage: "sluice init [DIR] [--name NAME] [--port N] [--yes] [--json]",
  examples: ["sluice init clinic", "sluice init clinic --name riverside --port 2575 --yes"],
  options: { name: { type: "string" }, port: { type: "string" }, yes: { type: "boolean", short: "y" } },
  positionals: { min: 0, max: 1, help: "DIR: the folder to begin in (default: .)" },
  run,
};

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const folder = resolve(terminal.cwd, words[0] ?? ".");
  const ask = async (flag: string, question: string, standard: string) => {
    const given = flags[flag];
    if (typeof given === "string") return given;
    return terminal.ask && !flags["yes"] && !json ? terminal.ask(question, standard) : standard;
  };
  const name = await ask("name", "Name of the project?", basename(folder).toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "sluice");
  const port = await ask("port", "Port on which the lab sends (MLLP)?", "2575");
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return wrongCall(terminal, "a name has small letters, digits and hyphens", "init");
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return wrongCall(terminal, "a port is a number from 1 to 65535", "init");
  const files = projectFiles({ name, port: Number(port) });
  // Nothing that is there already is touched.
  const taken = Object.keys(files).find((file) => existsSync(join(folder, file)));
  if (taken !== undefined) throw new EngineError("CLI-105", { file: taken });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { flag: "wx" });
  }
  const inside = relative(terminal.cwd, folder);
  const shown = inside.startsWith("..") ? folder : inside || ".";
  if (json) terminal.out(JSON.stringify({ folder, files: Object.keys(files) }));
  else {
    terminal.out(
      [`wrote ${Object.keys(files).length} files to ${shown}`, "", "Next:", `  sluice lint ${shown}`, `  sluice test ${shown}`, `  sluice run ${shown}`].join("\n"),
    );
  }
  return 0;
}
