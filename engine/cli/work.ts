import type { WorkItem } from "../cases/index.ts";
import { ageText } from "../console/presenter.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { openDoor, openLiveDoor } from "./door.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

const states = ["open", "closed", "all"];

export const command: Command = {
  name: "work",
  summary: "work lists: what the engine could not decide and waits for a person",
  usage: `sluice work list [--list L] [--state S] [--before W] [--limit N] | show W | ack W --by NAME [--reason R] | close W --by NAME --reason R [--release] [--project DIR] [--json]
  S: ${states.join(", ")}; --release lets the message that is held go on as it is`,
  examples: [
    "sluice work list",
    "sluice work list --list unmatched-results --json",
    "sluice work show w7",
    'sluice work ack w9 --by jdoe --reason "read back by the ward"',
    'sluice work close w7 --by jdoe --reason "order entered by hand" --release',
  ],
  options: {
    ...projectFlag,
    list: { type: "string" },
    state: { type: "string" },
    before: { type: "string" },
    limit: { type: "string" },
    by: { type: "string" },
    reason: { type: "string" },
    release: { type: "boolean" },
  },
  positionals: { min: 1, max: 2, help: "list, show, ack or close" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const [what, item] = call.words;
  if (what === "list") return list(call);
  if (what !== "show" && what !== "ack" && what !== "close") return wrongCall(call.terminal, `no "work ${what}"; there is list, show, ack and close`, "work");
  const id = numberOf(item);
  if (id === undefined) return wrongCall(call.terminal, `work ${what} needs an item, as "work list" gives them`, "work");
  return what === "show" ? show(call, id) : what === "ack" ? acknowledge(call, id) : close(call, id);
}

/** A critical result was seen: nobody else is told of it. */
async function acknowledge({ terminal, flags, json }: Call, id: number): Promise<ExitCode> {
  const { by, reason } = flags;
  if (typeof by !== "string" || by.trim() === "") return wrongCall(terminal, "work ack needs --by with the name of who has seen it", "work");
  const item = await (await openLiveDoor(projectOf(terminal, flags))).acknowledge(id, { by, ...(typeof reason === "string" && { reason }) });
  terminal.out(json ? JSON.stringify({ ...item, id: `w${item.id}`, message: `m${item.message}` }) : `w${item.id} acknowledged by ${by}`);
  return 0;
}

/** Exit 1 while something is open: a script that watches over a list can ask just that. */
async function list({ terminal, flags, json }: Call): Promise<ExitCode> {
  const { list: name, state = "open" } = flags;
  if (!states.includes(String(state))) return wrongCall(terminal, `--state takes one of ${states.join(", ")}`, "work");
  const [before, limit] = [flags["before"], flags["limit"]].map((flag) => (flag === undefined ? undefined : numberOf(String(flag))));
  if ((flags["before"] !== undefined && before === undefined) || (flags["limit"] !== undefined && !limit)) return wrongCall(terminal, "--before takes an item and --limit a number", "work");
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const items = await door.work({
      ...(typeof name === "string" && { list: name }), ...(state !== "all" && { state: state as "open" | "closed" }), ...(before !== undefined && { before }), limit: limit ?? 100,
    });
    if (json) for (const item of items) terminal.out(JSON.stringify({ ...item, id: `w${item.id}`, message: `m${item.message}` }));
    else terminal.out(items.length === 0 ? "no work" : table(items));
    return items.some((item) => item.state === "open") ? 1 : 0;
  } finally {
    await door.close();
  }
}

async function show({ terminal, flags, json }: Call, id: number): Promise<ExitCode> {
  const item = await (await openLiveDoor(projectOf(terminal, flags))).workItem(id);
  if (json) terminal.out(JSON.stringify({ ...item, id: `w${item.id}`, message: `m${item.message}` }));
  else for (const [key, value] of Object.entries(rows(item))) terminal.out(`${key.padEnd(9)} ${value}`);
  return 0;
}

async function close({ terminal, flags, json }: Call, id: number): Promise<ExitCode> {
  const { by, reason, release } = flags;
  if (typeof by !== "string" || by.trim() === "") return wrongCall(terminal, "work close needs --by with the name of who decided", "work");
  if (typeof reason !== "string" || reason.trim() === "") return wrongCall(terminal, "work close needs a --reason; it is kept sealed with the item", "work");
  const item = await (await openLiveDoor(projectOf(terminal, flags))).closeWork(id, { by, reason, release: release === true });
  terminal.out(json ? JSON.stringify({ ...item, id: `w${item.id}`, message: `m${item.message}` }) : `w${item.id} closed${release === true ? `, m${item.message} goes on` : ""}`);
  return 0;
}

function rows(item: WorkItem): Readonly<Record<string, string>> {
  return {
    item: `w${item.id}`, list: item.list, owner: item.owner, code: item.code, message: `m${item.message} of ${item.channel}`, opened: time(item.openedAt),
    ...(item.dueAt !== undefined && { due: time(item.dueAt) }),
    state: item.state,
    ...(item.closedAt !== undefined && { closed: time(item.closedAt) }),
    ...(item.by !== undefined && { by: item.by }),
    ...(item.reason !== undefined && { reason: item.reason }),
  };
}

function table(items: readonly WorkItem[]): string {
  const now = systemClock.now();
  return renderTable(
    [
      { title: "ITEM", cell: (item) => `w${item.id}` },
      { title: "LIST", cell: (item) => item.list },
      { title: "OWNER", cell: (item) => item.owner },
      { title: "CODE", cell: (item) => item.code },
      { title: "MESSAGE", cell: (item) => `m${item.message}` },
      { title: "CHANNEL", cell: (item) => item.channel },
      { title: "AGE", right: true, cell: (item) => ageText(now - item.openedAt) },
      { title: "STATE", cell: (item) => item.state },
    ],
    items,
  );
}

/** `w12`, or the number alone. */
function numberOf(text: string | undefined): number | undefined {
  const [, digits] = /^w?(\d{1,15})$/.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}
