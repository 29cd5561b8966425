import { resolve } from "node:path";
import { sizeText } from "../console/presenter.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { withRecord } from "./record-care.ts";

export const command: Command = {
  name: "backup",
  summary: "copy the record beside its running, with a manifest of hashes",
  usage: "sluice backup DIR [--with-keys] [--project DIR] [--json]",
  examples: ["sluice backup /backup/sluice-2026-03-01", "sluice backup /backup/sluice-2026-03-01 --with-keys"],
  options: { ...projectFlag, "with-keys": { type: "boolean" } },
  positionals: { min: 1, max: 1, help: "DIR: a folder that is absent or empty" },
  run,
};

async function run({ terminal, flags, words, json }: Call): Promise<ExitCode> {
  const to = resolve(terminal.cwd, words[0] ?? "");
  const report = await withRecord(projectOf(terminal, flags), terminal, (care) => care.backup(to, flags["with-keys"] === true));
  if (json) terminal.out(JSON.stringify(report));
  else {
    const keys = report.keys.included ? "its keys are in it: keep it as you keep the keys" : `without its keys: keep ${report.keys.needed.join(", ")} elsewhere, or nothing in it can ever be read`;
    terminal.out(`${report.files} files, ${sizeText(report.bytes)}, to m${report.last}; manifest sha256 ${report.sha256}\n${keys}`);
  }
  return 0;
}
