import { resolve } from "node:path";
import { dataFolder } from "../config/read/data-folder.ts";
import { sizeText } from "../console/presenter.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { systemClock } from "../runtime/clock.ts";
import { projectFlag, projectOf } from "./project-folder.ts";

export const command: Command = {
  name: "restore",
  summary: "verify a backup, and put it in the place of the record",
  usage: "sluice restore DIR [--verify] [--keys DIR] [--project DIR] [--json]",
  examples: ["sluice restore /backup/sluice-2026-03-01 --verify", "sluice restore /backup/sluice-2026-03-01 --keys /keys/sluice"],
  options: { ...projectFlag, verify: { type: "boolean" }, keys: { type: "string" } },
  positionals: { min: 1, max: 1, help: "DIR: the backup" },
  run,
};

/** The engine must not run: a record that somebody writes is no empty folder, and is refused (STO-403). */
async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const { restoreBackup, verifyBackup } = await import("../store/index.ts");
  const from = resolve(terminal.cwd, words[0] ?? "");
  if (flags["verify"] === true) {
    const report = await verifyBackup(from);
    terminal.out(json ? JSON.stringify(report) : `whole: ${report.files} files, ${sizeText(report.bytes)}, to m${report.last}; manifest sha256 ${report.sha256}`);
    return 0;
  }
  const data = dataFolder(projectOf(terminal, flags));
  const keys = flags["keys"] === undefined ? {} : { keys: resolve(terminal.cwd, String(flags["keys"])) };
  const report = await restoreBackup(from, data, { ...keys, now: systemClock.now() });
  if (json) terminal.out(JSON.stringify(report));
  else {
    terminal.out(`verified and restored: ${report.files} files, ${sizeText(report.bytes)}, to m${report.last}`);
    if (report.missingKeys.length > 0) terminal.out(`before the engine starts, put into its data folder: ${report.missingKeys.join(", ")}`);
  }
  return report.missingKeys.length === 0 ? 0 : 1;
}
