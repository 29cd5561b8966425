import type { LaneView } from "../runtime/operations.ts";
import type { Access } from "../console/access-record.ts";
import type { Shown, Timeline } from "../console/contents.ts";
import { laneRow } from "../console/presenter.ts";
import { purposes } from "../console/purposes.ts";
import { systemClock } from "../runtime/clock.ts";
import type { Code } from "../sdk/error.ts";
import type { Principal } from "../sdk/principal.ts";
import type { Entry } from "../store/store.ts";
import { titleOf } from "./catalogues.ts";
import type { Call, ExitCode, Terminal } from "./command.ts";
import { openDoor, openLiveDoor, type Door } from "./door.ts";
import { unreadableText, viewTable } from "./message-views.ts";
import { printable } from "./printable.ts";
import { projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { messageNumber, selectionOf } from "./selection-flags.ts";
import { time, zoneOf } from "./time-text.ts";
import { wantedPurpose } from "./unmask.ts";
import { wrongCall } from "./wrong-call.ts";

/** What became of one message, step by step, and where it stands now; with `--contents` what was received, sent and answered, masked. */
export async function showMessage(call: Call, id: string | undefined): Promise<ExitCode> {
  const { terminal, flags } = call;
  const selection = selectionOf(flags, systemClock.now());
  if (typeof selection === "string") return wrongCall(terminal, selection, "message");
  const number = id === undefined ? undefined : messageNumber(id);
  const wanted = await wantedPurpose(call);
  if (typeof wanted === "string") return wrongCall(terminal, wanted, "message");
  if (number === undefined && (id !== undefined || Object.keys(selection).length === 0)) {
    return wrongCall(terminal, "message show needs the ID of a message, as the list gives it, or a query such as --control-id", "message");
  }
  const door = await openDoor(projectOf(terminal, flags));
  try {
    if (number !== undefined) return await showOne(door, number, call, wanted.purpose);
    const found = await door.messages({ selection, limit: 2 });
    const [only] = found;
    if (only === undefined) {
      terminal.err("no message matches");
      return 1;
    }
    if (found.length > 1) terminal.err(`several messages match; this is the newest ("sluice message list" shows them all)`);
    return await showOne(door, only.id, call, wanted.purpose);
  } finally {
    await door.close();
  }
}

async function showOne(door: Door, id: number, { terminal, flags, json }: Call, purpose: Access["purpose"] | undefined): Promise<ExitCode> {
  const timeline = await door.timeline(id);
  const shown = flags["contents"] === true || purpose !== undefined ? await door.contents(id, purpose && { purpose, as: "show" }) : undefined;
  const views = await door.views(id);
  const waiting = timeline.entries.filter(({ state }) => state === "waiting" || state === "held");
  const lanes = door.live && waiting.length > 0 ? (await (await openLiveDoor(projectOf(terminal, flags))).status()).lanes : [];
  if (json) terminal.out(JSON.stringify({ ...timeline, ...(views.length > 0 ? { views } : {}), ...(shown ? { contents: shown } : {}) }));
  else {
    terminal.out(await timelineText(timeline, lanes));
    if (views.length > 0) terminal.out(`\nseen in the clear by\n${viewTable(views)}`);
    if (views.unreadable !== undefined) terminal.err(unreadableText(views.unreadable));
    if (shown) contents(shown, terminal);
  }
  return 0;
}

async function timelineText(timeline: Timeline, lanes: readonly LaneView[]): Promise<string> {
  const type = timeline.type === undefined ? "" : `, ${timeline.type}`;
  const parent = timeline.parent === undefined ? "" : `, from m${timeline.parent}`;
  const head = `m${timeline.id} on ${timeline.channel}, received ${time(timeline.receivedAt)} ${zoneOf(timeline.receivedAt)}, ${timeline.bytes} bytes${type}${parent}`;
  const sender = timeline.principal === undefined ? [] : [`sent by ${senderText(timeline.principal)}`];
  const table = renderTable(
    [
      { title: "WHEN", cell: (step) => time(step.at) },
      { title: "LANE", cell: (step) => step.lane },
      { title: "STATE", cell: (step) => step.state },
      { title: "CODE", cell: (step) => step.code ?? "" },
      { title: "ATTEMPTS", right: true, cell: (step) => String(step.attempts) },
      { title: "WHY", cell: (step) => step.reason ?? "" },
    ],
    timeline.history,
  );
  const reason = (entry: Entry) => timeline.history.filter(({ lane, reason }) => lane === entry.lane && reason !== undefined).at(-1)?.reason;
  const now = await Promise.all(timeline.entries.map((entry) => standing(entry, reason(entry), lanes)));
  const closed = (timeline.unreadable ?? []).map(({ where, stage, code }) => `cannot be read: ${stage} of ${where} ${code}`);
  return [head, ...sender, "", ...table.split("\n"), "", ...now, ...closed].map(printable).join("\n");
}

/** Who sent it, as far as it was established: a hash stands for the subject, since it may name a person. */
function senderText({ issuer, subject, kind, ial, aal, scopes }: Principal): string {
  const parts = [`a ${kind} of ${issuer}, subject ${subject}`, ial && `IAL${ial}`, aal && `AAL${aal}`, scopes.length > 0 && `scope ${scopes.join(" ")}`];
  return parts.filter(Boolean).join(", ");
}

/** Where an entry stands and why, in one line that a person can act on. */
async function standing(entry: Entry, reason: string | undefined, lanes: readonly LaneView[]): Promise<string> {
  const what = entry.state === "waiting" ? "still in flight" : entry.state;
  const why = [entry.code, entry.code && (await titleOf(entry.code))].filter(Boolean).join(" ");
  // `last: NET-205` is the engine's own way to say what the last attempt met.
  const last = /^last: ([A-Z]+\d?-\d+)$/.exec(reason ?? "")?.[1] as Code | undefined;
  const before = last === undefined ? "" : `; the last attempt: ${last} ${await titleOf(last)}`;
  const view = lanes.find(({ lane }) => lane === entry.lane);
  const lane = view && entry.state === "waiting" ? `; its lane: ${laneRow(view, systemClock.now()).state}${view.depth > 1 ? `, ${view.depth} in flight` : ""}` : "";
  const attempts = entry.attempts === 0 ? "" : `, ${entry.attempts} ${entry.attempts === 1 ? "attempt" : "attempts"}`;
  const page = entry.code === undefined || entry.state === "delivered" ? "" : ` (docs/errors/${entry.code}.md)`;
  return `${entry.lane}: ${what}${attempts}${why === "" ? "" : `: ${why}`}${before}${lane}${page}`;
}

function contents(shown: Shown, terminal: Terminal): void {
  const part = (title: string, text: string) => terminal.out(`\n--- ${title}${shown.masked ? " (masked)" : ""}\n${text.replace(/\r\n?/g, "\n").trimEnd().split("\n").map(printable).join("\n")}`);
  if (shown.raw !== undefined) part("raw", shown.raw);
  for (const [lane, text] of Object.entries(shown.sent)) part(`sent ${lane}`, text);
  for (const [lane, text] of Object.entries(shown.responses)) part(`response ${lane}`, text);
  if (shown.log.length > 0) part("log", shown.log.join("\n"));
  if (shown.reasons && shown.reasons.length > 0) part("why, as people wrote it", shown.reasons.join("\n"));
  if (shown.masked) terminal.out(`\nValues are masked. To see them state a purpose: --unmask --purpose ${purposes.join("|")}; the access is recorded.`);
}
