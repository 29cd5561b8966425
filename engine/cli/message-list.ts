import { systemClock } from "../runtime/clock.ts";
import type { MessageSummary } from "../store/store.ts";
import type { Call, ExitCode } from "./command.ts";
import { openDoor } from "./door.ts";
import { pageOf } from "./page-flags.ts";
import { projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { selectionOf } from "./selection-flags.ts";
import { time, zoneOf } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

export async function listMessages({ terminal, flags, json }: Call): Promise<ExitCode> {
  const selection = selectionOf(flags, systemClock.now());
  if (typeof selection === "string") return wrongCall(terminal, selection, "message");
  const page = pageOf(flags);
  if (typeof page === "string") return wrongCall(terminal, page, "message");
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const messages = await door.messages({ selection, ...page });
    const more = messages.more === undefined ? undefined : `more: --before m${messages.more}`;
    if (json) for (const message of messages) terminal.out(JSON.stringify(message));
    else if (messages.length === 0) terminal.out(more === undefined ? "no messages" : "none among the latest");
    else terminal.out(messageTable(messages, selection.lanes ?? messages.lanes));
    // Beside JSON it stands apart, so that every line of the output is a message.
    if (more !== undefined && json) terminal.err(more);
    else if (more !== undefined) terminal.out(more);
    return 0;
  } finally {
    await door.close();
  }
}

/** `lanes`: those that were asked for; the others are left out. */
function messageTable(messages: readonly MessageSummary[], lanes: readonly string[] | undefined): string {
  return renderTable(
    [
      { title: "ID", cell: (message) => `m${message.id}` },
      { title: `RECEIVED ${zoneOf(messages[0]?.receivedAt ?? 0)}`, cell: (message) => time(message.receivedAt) },
      { title: "CHANNEL", cell: (message) => message.channel },
      { title: "TYPE", cell: (message) => message.type ?? "" },
      { title: "BYTES", right: true, cell: (message) => String(message.bytes) },
      { title: "WHAT BECAME OF IT", cell: (message) => became(message, lanes) },
    ],
    messages,
  );
}

function became({ entries }: MessageSummary, lanes: readonly string[] | undefined): string {
  return entries
    .filter(({ lane }) => lanes === undefined || lanes.includes(lane))
    .map((entry) => `${entry.lane.slice(entry.lane.indexOf("/") + 1)} ${entry.state}${entry.code ? ` ${entry.code}` : ""}`)
    .join(", ");
}
