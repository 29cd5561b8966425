import { reopenable } from "../queue/dead.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Selection } from "../runtime/operator/selection.ts";
import type { Entry } from "../store/store.ts";
import { bulk, bulkFlags, bulkRequest, bulkUsage } from "./bulk.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { openDoor, openLiveDoor } from "./door.ts";
import { jobs } from "./jobs.ts";
import { pageFlags, pageOf } from "./page-flags.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { messageNumber, selectionOf, selectionUsage } from "./selection-flags.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "dead",
  summary: "list what did not arrive; send it again, or give it up, one or many",
  usage: `sluice dead list | retry [LANE ID] | discard [LANE ID] --reason R | jobs [pause|resume|stop|watch N]
  by query: ${selectionUsage}
  for many: ${bulkUsage} [--project DIR] [--json]`,
  examples: [
    "sluice dead list --partner ehr --settled-at yesterday",
    "sluice dead retry lab-results/ehr m7",
    "sluice dead retry --lane lab-results/ehr --settled-at yesterday --preview",
    "sluice dead retry --lane lab-results/ehr --settled-at yesterday --rate 5/s --yes",
    'sluice dead discard --lane lab-results/ehr --code MLP-203 --reason "sent by phone"',
    "sluice dead jobs",
  ],
  options: { ...projectFlag, ...bulkFlags, ...pageFlags },
  positionals: { min: 1, max: 3, help: "list, retry, discard or jobs" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words } = call;
  const [what, lane, id] = words;
  if (what === "list") return list(call);
  if (what === "jobs") return jobs(call, await openLiveDoor(projectOf(terminal, flags)), "dead");
  if (what !== "retry" && what !== "discard") return wrongCall(terminal, `no "dead ${what}"; there is list, retry, discard and jobs`, "dead");
  if (lane !== undefined) return one(call, what, lane, messageNumber(id ?? ""));
  const request = bulkRequest(call, what);
  if (typeof request === "string") return wrongCall(terminal, request, "dead");
  // Everything that ever went wrong is never what somebody forgot to say.
  if (Object.keys(request.selection).length === 0) return wrongCall(terminal, `dead ${what} needs a LANE and an ID, or a query such as --lane L --settled-at yesterday`, "dead");
  const wrong = request.selection.states?.find((state) => !reopenable.includes(state));
  if (wrong !== undefined) return wrongCall(terminal, `dead ${what} is for ${reopenable.join(", ")}, not for ${wrong}`, "dead");
  return bulk(call, await openLiveDoor(projectOf(terminal, flags)), request);
}

async function one({ terminal, flags, json }: Call, what: "retry" | "discard", lane: string, id: number | undefined): Promise<ExitCode> {
  if (id === undefined) return wrongCall(terminal, `dead ${what} needs a LANE and the ID of a message, as "dead list" gives them`, "dead");
  const reason = flags["reason"];
  if (what === "discard" && (typeof reason !== "string" || reason.trim() === "")) return wrongCall(terminal, "dead discard needs a --reason; it is kept with the message", "dead");
  const door = await openLiveDoor(projectOf(terminal, flags));
  if (what === "retry") await door.retry(lane, id);
  else await door.discard(lane, id, String(reason));
  const done = what === "retry" ? "retried" : "discarded";
  terminal.out(json ? JSON.stringify({ lane, id, done }) : `${lane} m${id} ${done}`);
  return 0;
}

async function list({ terminal, flags, json }: Call): Promise<ExitCode> {
  const selection = selectionOf(flags, systemClock.now());
  const page = pageOf(flags);
  if (typeof selection === "string" || typeof page === "string") return wrongCall(terminal, String(typeof page === "string" ? page : selection), "dead");
  const states = selection.states ?? reopenable;
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const messages = await door.messages({ ...page, selection: { ...selection, states } });
    const entries = messages.flatMap((message) => message.entries.filter((entry) => isMeant(entry, { ...selection, states, ...(selection.lanes ? {} : messages.lanes && { lanes: messages.lanes }) })));
    const more = messages.more === undefined ? undefined : `more: --before m${messages.more}`;
    if (json) for (const entry of entries) terminal.out(JSON.stringify(entry));
    else if (entries.length === 0) terminal.out("nothing is dead, rejected, refused or held");
    else terminal.out(table(entries));
    if (more !== undefined && json) terminal.err(more);
    else if (more !== undefined) terminal.out(more);
    return 0;
  } finally {
    await door.close();
  }
}

function isMeant(entry: Entry, { lanes, states, code }: Selection): boolean {
  return (lanes === undefined || lanes.includes(entry.lane)) && (states === undefined || states.includes(entry.state)) && (code === undefined || entry.code === code);
}

function table(entries: readonly Entry[]): string {
  return renderTable(
    [
      { title: "LANE", cell: (entry) => entry.lane },
      { title: "ID", cell: (entry) => `m${entry.id}` },
      { title: "STATE", cell: (entry) => entry.state },
      { title: "CODE", cell: (entry) => entry.code ?? "" },
      { title: "ATTEMPTS", right: true, cell: (entry) => String(entry.attempts) },
      { title: "RECEIVED", cell: (entry) => time(entry.receivedAt) },
    ],
    entries,
  );
}
