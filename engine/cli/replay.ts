import { bulk, bulkFlags, bulkRequest, bulkUsage } from "./bulk.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { openLiveDoor } from "./door.ts";
import { jobs } from "./jobs.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { compareFlags, compareWith } from "./replay-compare.ts";
import { messageNumber, selectionUsage } from "./selection-flags.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "replay",
  summary: "send messages of the record once more, or see what an edit would change",
  usage: `sluice replay [ID…] --to CHANNEL/DESTINATION,… --reason R ${bulkUsage}
  by query: ${selectionUsage}
  without sending: --dry-run --revision working --channel C [--last 100] [--unmask --purpose P] [--project DIR] [--json]
  sluice replay jobs [pause|stop|watch N]`,
  examples: [
    'sluice replay m7 --to lab-results/ehr --reason "the EHR lost it"',
    'sluice replay --channel lab-results --since 2026-03-01T02:00Z --until 2026-03-01T03:00Z --to lab-results/ehr --reason "restored from a backup" --rate 20/s',
    "sluice replay --dry-run --revision working --channel lab-results --last 100",
  ],
  options: { ...projectFlag, ...bulkFlags, ...compareFlags, to: { type: "string" } },
  positionals: { min: 0, max: 1000, help: "" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words } = call;
  if (words[0] === "jobs") return jobs(call, await openLiveDoor(projectOf(terminal, flags)), "replay");
  if (flags["dry-run"] === true) return compareWith(call);
  const to = typeof flags["to"] === "string" ? flags["to"].split(",") : [];
  if (to.length === 0) return wrongCall(terminal, "replay needs --to CHANNEL/DESTINATION: nothing is sent to everybody unasked", "replay");
  const ids = words.map(messageNumber);
  if (ids.some((id) => id === undefined)) return wrongCall(terminal, "replay takes IDs of messages, or a query", "replay");
  const request = bulkRequest(call, "replay", { to, selection: ids.length === 0 ? {} : { ids: ids as number[] } });
  if (typeof request === "string") return wrongCall(terminal, request, "replay");
  if (Object.keys(request.selection).length === 0) return wrongCall(terminal, "replay needs IDs or a query: it does not take everything unasked", "replay");
  return bulk(call, await openLiveDoor(projectOf(terminal, flags)), request);
}
