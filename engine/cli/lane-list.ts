import { ageText, laneRow } from "../console/presenter.ts";
import { EngineError } from "../sdk/error.ts";
import { ends } from "../store/store.ts";
import type { Call, ExitCode } from "./command.ts";
import type { LiveDoor } from "./door.ts";
import { laneColumns, sorted, stopReason } from "./lane-row.ts";
import { renderTable } from "./render-table.ts";
import { time } from "./time-text.ts";

/** Lanes with their stop reasons, trouble on top. */
export async function listLanes({ terminal, flags, json }: Call, door: LiveDoor): Promise<ExitCode> {
  const [status, orders] = await Promise.all([door.status(), door.orders()]);
  const { channel, partner, sort, state } = flags as Readonly<Record<string, string | undefined>>;
  const wanted = status.lanes
    .filter((lane) => (channel === undefined || lane.channel === channel) && (partner === undefined || lane.partner === partner))
    .filter((lane) => state === undefined || (orders[lane.lane] ? "paused" : lane.status.kind) === state)
    .filter((lane) => flags["stopped"] !== true || stopReason(lane, orders[lane.lane]) !== "");
  const lanes = sorted(wanted, sort);
  if (json) for (const lane of lanes) terminal.out(JSON.stringify({ ...lane, stop: stopReason(lane, orders[lane.lane]) }));
  else if (lanes.length === 0) terminal.out(flags["stopped"] === true ? "no lane is stopped" : "no such lane");
  else {
    const columns = [
      laneColumns.lane, laneColumns.partner, laneColumns.depth, laneColumns.oldest, laneColumns.rate,
      { title: "WHY IT STANDS STILL", cell: (lane: (typeof lanes)[number]) => stopReason(lane, orders[lane.lane]) || "it does not" },
    ];
    terminal.out(renderTable(columns, lanes));
  }
  return 0;
}

/** One lane with its counts and what stands first in it. */
export async function showLane({ terminal, json }: Call, door: LiveDoor, name: string): Promise<ExitCode> {
  const [status, orders] = await Promise.all([door.status(), door.orders()]);
  const lane = status.lanes.find((view) => view.lane === name);
  if (!lane) throw new EngineError("RUN-108", { lane: name });
  const stop = stopReason(lane, orders[name]);
  const first = await door.first(name);
  if (json) {
    terminal.out(JSON.stringify({ ...lane, ...(orders[name] ? { order: orders[name] } : {}), stop, ...(first ? { first } : {}) }));
    return 0;
  }
  const counts = ends.map((end) => `${lane.ends[end]} ${end}`).join(", ");
  terminal.out(
    [
      `${name} to ${lane.partner}: ${laneRow(lane, status.now).state}`,
      ...(stop === "" ? [] : [`  ${stop}`]),
      `  in flight ${lane.depth} (${lane.held} held), oldest ${ageText(lane.oldestAgeMs)}, ${lane.rate}/s`,
      `  of ${lane.received} received: ${counts}`,
      ...(first ? [`  first in line m${first.id}, received ${time(first.receivedAt)}, ${first.attempts} attempts${first.code ? ` ${first.code}` : ""}`] : []),
    ].join("\n"),
  );
  return 0;
}
