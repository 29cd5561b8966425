import type { Call, Command, ExitCode } from "./command.ts";
import { openDoor, openLiveDoor } from "./door.ts";
import { listQuery } from "./message.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "dead",
  summary: "list what did not arrive; send it again, or give it up",
  usage: "sluice dead list [--channel C] [--lane L] [--limit N] | retry LANE ID | discard LANE ID --reason R [--project DIR] [--json]",
  examples: ["sluice dead list", "sluice dead retry lab-results/ehr m7", 'sluice dead discard lab-results/ehr m7 --reason "sent by phone"'],
  options: { ...projectFlag, channel: { type: "string" }, lane: { type: "string" }, limit: { type: "string" }, reason: { type: "string" } },
  positionals: { min: 1, max: 3, help: "list, retry LANE ID or discard LANE ID" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words, json } = call;
  const [what, lane, id] = words;
  if (what === "list") return list(call);
  if (what !== "retry" && what !== "discard") return wrongCall(terminal, `no "dead ${what}"; there is list, retry and discard`, "dead");
  const number = /^m?(\d{1,15})$/.exec(id ?? "")?.[1];
  if (lane === undefined || number === undefined) return wrongCall(terminal, `dead ${what} needs a LANE and the ID of a message, as "dead list" gives them`, "dead");
  const reason = flags["reason"];
  if (what === "discard" && (typeof reason !== "string" || reason.trim() === "")) return wrongCall(terminal, "dead discard needs a --reason; it is kept with the message", "dead");
  const door = await openLiveDoor(projectOf(terminal, flags));
  if (what === "retry") await door.retry(lane, Number(number));
  else await door.discard(lane, Number(number), String(reason));
  const done = what === "retry" ? "retried" : "discarded";
  terminal.out(json ? JSON.stringify({ lane, id: Number(number), done }) : `${lane} m${number} ${done}`);
  return 0;
}

async function list({ terminal, flags, json }: Call): Promise<ExitCode> {
  const query = listQuery(flags);
  if (typeof query === "string") return wrongCall(terminal, query, "dead");
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const entries = await door.dead(query);
    if (json) for (const entry of entries) terminal.out(JSON.stringify(entry));
    else if (entries.length === 0) terminal.out("nothing is dead, rejected, refused or held");
    else {
      terminal.out(
        renderTable(
          [
            { title: "LANE", cell: (entry) => entry.lane },
            { title: "ID", cell: (entry) => `m${entry.id}` },
            { title: "STATE", cell: (entry) => entry.state },
            { title: "CODE", cell: (entry) => entry.code ?? "" },
            { title: "ATTEMPTS", right: true, cell: (entry) => String(entry.attempts) },
          ],
          entries,
        ),
      );
    }
    return 0;
  } finally {
    door.close();
  }
}
