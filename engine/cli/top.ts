import { when } from "../phi/index.ts";
import { ageText, laneRow, signs, totals } from "../console/presenter.ts";
import { sleep } from "../sdk/ports.ts";
import { systemClock } from "../runtime/clock.ts";
import type { EngineStatus } from "../runtime/operations.ts";
import type { Call, Command, ExitCode, Terminal } from "./command.ts";
import { openLiveDoor } from "./door.ts";
import { sorted, sorts } from "./lane-row.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { renderTable } from "./render-table.ts";
import { paint } from "./terminal.ts";
import { wrongCall } from "./wrong-call.ts";

export const command: Command = {
  name: "top",
  summary: "watch lanes: depth, oldest age, what stops them",
  usage: `sluice top [--sort S] [--once] [--project DIR] [--json]
  S: ${sorts.join(", ")}`,
  examples: ["sluice top", "sluice top --sort oldest", "sluice top --once", "sluice top --json"],
  options: { ...projectFlag, once: { type: "boolean" }, sort: { type: "string" } },
  positionals: { min: 0, max: 0, help: "" },
  run,
};

const everyMs = 1000;

async function run({ terminal, flags, json }: Call): Promise<ExitCode> {
  const sort = flags["sort"] as string | undefined;
  if (sort !== undefined && !sorts.includes(sort)) return wrongCall(terminal, `--sort takes one of ${sorts.join(", ")}`, "top");
  const door = await openLiveDoor(projectOf(terminal, flags));
  const first = await door.status();
  if (json) terminal.out(JSON.stringify({ ...first, lanes: sorted(first.lanes, sort) }));
  else if (flags["once"] || !terminal.tty) terminal.out(render(first, terminal, sort));
  else await watch(() => door.status(), first, terminal, sort);
  return first.conservationGap === 0 ? 0 : 1;
}

/** Draws over the last picture until the person leaves. */
async function watch(status: () => Promise<EngineStatus>, first: EngineStatus, terminal: Terminal, sort: string | undefined): Promise<void> {
  let now = first;
  do {
    terminal.out(`\u001b[H\u001b[2J${render(now, terminal, sort)}\n\n${paint(terminal, "dim", "Ctrl-C leaves; the engine runs on")}`);
    if (!(await sleep(systemClock, everyMs, terminal.signal))) return;
    now = await status();
  } while (!terminal.signal.aborted);
}

export function render(status: EngineStatus, terminal: Terminal, sort?: string): string {
  const sums = totals(status);
  const head = [
    paint(terminal, "bold", status.name),
    status.ready ? `${signs.well} ready` : `${signs.trouble} not ready ${status.code ?? ""}`.trim(),
    `in flight ${sums.depth}`,
    `oldest ${ageText(sums.oldestMs)}`,
    `received ${sums.received}`,
    `gap ${sums.gap}`,
  ].join("   ");
  const emergencies = status.breakGlass.map(({ id, lane, state, review }) => paint(terminal, "bold", `${signs.trouble} emergency access ${id} to ${lane}: ${state === "over" ? `review ${review}` : state}`));
  const ending = status.endings.map((each) => `${signs.busy} ${each.channel}/${each.destination}: the agreement ${each.agreement} with ${each.partner} ends on ${each.lastDay}, ${when(each)}`);
  const work = status.work.map(({ list, owner, open, oldestAt }) => `${signs.trouble} work ${list}: ${open} open, oldest ${ageText(status.now - oldestAt)}, for ${owner}`);
  const table = renderTable(
    [
      { title: "LANE", cell: (row) => `${signs[row.tone]} ${row.lane}` },
      { title: "PARTNER", cell: (row) => row.partner },
      { title: "STATE", cell: (row) => [row.state, row.code].filter(Boolean).join(" ") },
      { title: "DEPTH", right: true, cell: (row) => String(row.depth) },
      { title: "OLDEST", right: true, cell: (row) => ageText(row.oldestMs) },
      { title: "RATE", right: true, cell: (row) => `${row.rate}/s` },
      { title: "DELIVERED", right: true, cell: (row) => String(row.ends.delivered) },
      { title: "FILTERED", right: true, cell: (row) => String(row.ends.filtered) },
      { title: "REFUSED", right: true, cell: (row) => String(row.ends.refused) },
      { title: "REJECTED", right: true, cell: (row) => String(row.ends.rejected) },
      { title: "DEAD", right: true, cell: (row) => String(row.ends.dead) },
      { title: "CANCELLED", right: true, cell: (row) => String(row.ends.cancelled) },
    ],
    sorted(status.lanes, sort).map((lane) => laneRow(lane, status.now)),
  );
  return [head, ...emergencies, ...ending, ...work, "", table].join("\n");
}
