import type { Access } from "../console/access-record.ts";
import type { Call, ExitCode } from "./command.ts";
import { openDoor } from "./door.ts";
import { projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { messageNumber } from "./selection-flags.ts";
import { time } from "./time-text.ts";
import { wrongCall } from "./wrong-call.ts";

/** Who saw contents in the clear. */
export async function listViews({ terminal, flags, json }: Call, id: string | undefined): Promise<ExitCode> {
  const number = id === undefined ? undefined : messageNumber(id);
  if (id !== undefined && number === undefined) return wrongCall(terminal, "message views takes the ID of a message", "message");
  const door = await openDoor(projectOf(terminal, flags));
  try {
    const views = await door.views(number);
    if (json) for (const view of views) terminal.out(JSON.stringify(view));
    else terminal.out(views.length === 0 ? "nobody has looked at contents in the clear" : viewTable(views));
    if (views.unreadable !== undefined) terminal.err(unreadableText(views.unreadable));
    return 0;
  } finally {
    await door.close();
  }
}

export function unreadableText(lines: number): string {
  return `${lines} ${lines === 1 ? "line" : "lines"} of access.jsonl cannot be read: broken off by a crash (then nothing was shown), or changed since`;
}

export function viewTable(views: readonly Access[]): string {
  return renderTable(
    [
      { title: "WHEN", cell: (view) => time(Date.parse(view.at)) },
      { title: "WHO", cell: (view) => view.user ?? `account ${view.account}` },
      { title: "MESSAGE", cell: (view) => `m${view.message}` },
      { title: "PURPOSE", cell: (view) => view.purpose },
      { title: "HOW", cell: (view) => view.as ?? "show" },
      { title: "WHAT", cell: (view) => (view.parts ?? []).join(", ") },
    ],
    views,
  );
}
