import type { Call, Command, ExitCode } from "./command.ts";
import { exportMessages } from "./message-export.ts";
import { listMessages } from "./message-list.ts";
import { showMessage } from "./message-show.ts";
import { listViews } from "./message-views.ts";
import { pageFlags } from "./page-flags.ts";
import { projectFlag } from "./project-folder.ts";
import { selectionFlags, selectionUsage } from "./selection-flags.ts";
import { unmaskFlags } from "./unmask.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "message",
  summary: "find messages, show what became of one, export them, see who looked",
  usage: `sluice message list | show ID [--contents] | export [ID…] --out DIR | views [ID]
  by query: ${selectionUsage} [--before ID] [--limit N]
  in the clear: --unmask --purpose P [--project DIR] [--json]`,
  examples: [
    "sluice message list --state refused --since 2h",
    "sluice message list --partner ehr --state delivered --settled-at 02:13",
    "sluice message show --control-id MSG00042",
    "sluice message show m7 --contents",
    "sluice message show m7 --unmask --purpose HOPERAT",
    "sluice message export --lane lab-results/ehr --at yesterday --out export",
    "sluice message views m7",
  ],
  options: { ...projectFlag, ...selectionFlags, ...pageFlags, ...unmaskFlags, contents: { type: "boolean" }, out: { type: "string" } },
  positionals: { min: 1, max: 1000, help: "list, show ID, export or views" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { terminal, words } = call;
  const [what, ...ids] = words;
  if (what === "export") return exportMessages(call, ids);
  if (ids.length > 1) return wrongCall(terminal, `message ${what} takes one ID`, "message");
  if (what === "list" && ids.length === 0) return listMessages(call);
  if (what === "show") return showMessage(call, ids[0]);
  if (what === "views") return listViews(call, ids[0]);
  return wrongCall(terminal, what === "list" ? "message list takes flags, no words" : `no "message ${what}"; there is list, show, export and views`, "message");
}
