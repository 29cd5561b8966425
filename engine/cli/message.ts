import { isPurpose, purposes, type Shown, type Timeline } from "../console/index.ts";
import { ends, type End, type Flight, type MessageSummary } from "../store/store.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { openDoor, type Door, type ListQuery } from "./door.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "message",
  summary: "list messages, or show what became of one",
  usage: "sluice message list [--channel C] [--lane L] [--state S] [--before ID] [--limit N] | show ID [--contents [--purpose P]] [--project DIR] [--json]",
  examples: [
    "sluice message list --state refused",
    "sluice message show m7",
    "sluice message show m7 --contents",
    "sluice message show m7 --contents --purpose HOPERAT",
  ],
  options: {
    ...projectFlag,
    channel: { type: "string" },
    lane: { type: "string" },
    state: { type: "string" },
    limit: { type: "string" },
    before: { type: "string" },
    contents: { type: "boolean" },
    purpose: { type: "string" },
  },
  positionals: { min: 1, max: 2, help: "list, or show ID" },
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { terminal, flags, words } = call;
  const [what, id] = words;
  const query = listQuery(flags);
  if (typeof query === "string") return wrongCall(terminal, query, "message");
  const number = /^m?(\d{1,15})$/.exec(id ?? "")?.[1];
  if (what === "show" && number === undefined) return wrongCall(terminal, "message show needs the ID of a message, as the list gives it", "message");
  if (what !== "list" && what !== "show") return wrongCall(terminal, `no "message ${what}"; there is list and show`, "message");
  if (flags["purpose"] !== undefined && !isPurpose(flags["purpose"])) {
    return wrongCall(terminal, `a purpose is one of ${purposes.join(", ")}`, "message");
  }
  const door = await openDoor(projectOf(terminal, flags));
  try {
    return what === "list" ? await list(door, query, call) : await showOne(door, Number(number), call);
  } finally {
    door.close();
  }
}

async function list(door: Door, query: ListQuery, { terminal, json }: Call): Promise<ExitCode> {
  const messages = await door.messages(query);
  const more = messages.more === undefined ? undefined : `more: --before m${messages.more}`;
  if (json) for (const message of messages) terminal.out(JSON.stringify(message));
  else if (messages.length === 0) terminal.out(more === undefined ? "no messages" : "none among the latest");
  else {
    terminal.out(
      renderTable(
        [
          { title: "ID", cell: (message) => `m${message.id}` },
          { title: "RECEIVED", cell: (message) => time(message.receivedAt) },
          { title: "CHANNEL", cell: (message) => message.channel },
          { title: "BYTES", right: true, cell: (message) => String(message.bytes) },
          { title: "WHAT BECAME OF IT", cell: became },
        ],
        messages,
      ),
    );
  }
  // Beside JSON it stands apart, so that every line of the output is a message.
  if (more !== undefined && json) terminal.err(more);
  else if (more !== undefined) terminal.out(more);
  return 0;
}

function became(message: MessageSummary): string {
  return message.entries.map((entry) => `${entry.lane.slice(entry.lane.indexOf("/") + 1)} ${entry.state}${entry.code ? ` ${entry.code}` : ""}`).join(", ");
}

async function showOne(door: Door, id: number, { terminal, flags, json }: Call): Promise<ExitCode> {
  const timeline = await door.timeline(id);
  const wanted = flags["contents"] === true || flags["purpose"] !== undefined;
  const purpose = isPurpose(flags["purpose"]) ? flags["purpose"] : undefined;
  const shown = wanted ? await door.contents(id, purpose) : undefined;
  if (json) terminal.out(JSON.stringify({ ...timeline, ...(shown ? { contents: shown } : {}) }));
  else {
    terminal.out(timelineText(timeline));
    if (shown) contents(shown, terminal);
  }
  return 0;
}

function timelineText(timeline: Timeline): string {
  const head = `m${timeline.id}  ${timeline.channel}  received ${time(timeline.receivedAt)}  ${timeline.bytes} bytes`;
  const table = renderTable(
    [
      { title: "AT", cell: (step) => time(step.at) },
      { title: "LANE", cell: (step) => step.lane },
      { title: "STATE", cell: (step) => step.state },
      { title: "ATTEMPTS", right: true, cell: (step) => String(step.attempts) },
      { title: "CODE", cell: (step) => step.code ?? "" },
      { title: "WHY", cell: (step) => step.reason ?? "" },
    ],
    timeline.history,
  );
  const waiting = timeline.entries.filter((entry) => entry.state === "waiting" || entry.state === "held");
  const still = waiting.map((entry) => `still in flight: ${entry.lane} ${entry.state}${entry.code ? ` ${entry.code}` : ""}, ${entry.attempts} attempts`);
  const closed = (timeline.unreadable ?? []).map(({ where, stage, code }) => `cannot be read: ${stage} of ${where} ${code}`);
  return [head, "", table, ...still, ...closed].join("\n");
}

function contents(shown: Shown, terminal: Terminal): void {
  const part = (title: string, text: string) => terminal.out(`\n--- ${title}${shown.masked ? " (masked)" : ""}\n${text.replace(/\r\n?/g, "\n").trimEnd()}`);
  if (shown.raw !== undefined) part("raw", shown.raw);
  for (const [lane, text] of Object.entries(shown.sent)) part(`sent ${lane}`, text);
  for (const [lane, text] of Object.entries(shown.responses)) part(`response ${lane}`, text);
  if (shown.log.length > 0) part("log", shown.log.join("\n"));
  if (shown.reasons && shown.reasons.length > 0) part("given up because", shown.reasons.join("\n"));
  if (shown.masked) terminal.out(`\nValues are masked. To see them state a purpose: --purpose ${purposes.join("|")}; the access is recorded.`);
}

/** Flags as a query; a text says what is wrong with them. */
export function listQuery(flags: Call["flags"]): ListQuery | string {
  const states: readonly string[] = ["waiting", "held", ...ends];
  const { channel, lane, state, limit = "20", before } = flags as Readonly<Record<string, string | undefined>>;
  if (state !== undefined && !states.includes(state)) return `a state is one of ${states.join(", ")}`;
  if (!/^[1-9]\d{0,2}$/.test(limit)) return "--limit takes a number from 1 to 999";
  if (before !== undefined && !/^m?\d{1,15}$/.test(before)) return "--before takes the ID of a message";
  return {
    limit: Math.min(500, Number(limit)),
    ...(channel === undefined ? {} : { channel }),
    ...(lane === undefined ? {} : { lane }),
    ...(state === undefined ? {} : { state: state as End | Flight }),
    ...(before === undefined ? {} : { before: Number(before.replace("m", "")) }),
  };
}

export function time(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").slice(0, 19);
}
