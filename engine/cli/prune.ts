import { sizeText } from "../console/presenter.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { withRecord } from "./record-care.ts";

export const command: Command = {
  name: "prune",
  summary: "delete what its retention allows; counts unless told to",
  usage: "sluice prune [--apply] [--project DIR] [--json]",
  examples: ["sluice prune", "sluice prune --apply"],
  options: { ...projectFlag, apply: { type: "boolean" } },
  positionals: { min: 0, max: 0, help: "" },
  run,
};

async function run({ terminal, flags, json }: Call): Promise<ExitCode> {
  const apply = flags["apply"] === true;
  const report = await withRecord(projectOf(terminal, flags), terminal, (care) => care.prune(apply));
  if (json) terminal.out(JSON.stringify({ ...report, applied: apply }));
  else {
    const verb = apply ? "deleted" : "would delete";
    terminal.out(
      [
        `${verb} the contents of ${report.contents} messages (${sizeText(report.bytes)}) and ${report.messages} messages whole`,
        ...(report.keptBack > 0 ? [`${report.keptBack} are old enough and kept: they are in flight or wait for a person (sluice dead list)`] : []),
        ...(apply ? [] : ["nothing was changed; --apply deletes. The engine does it by itself once an hour."]),
      ].join("\n"),
    );
  }
  return 0;
}
