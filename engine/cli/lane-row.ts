import { ageText, laneRow, signs } from "../console/presenter.ts";
import type { LaneView } from "../runtime/operations.ts";
import type { PauseOrder } from "../runtime/operator/standing-orders.ts";
import { openCode, personCode } from "../queue/unknown.ts";
import { clockTime, time } from "./time-text.ts";

/** Why a lane stands still, in words; empty when it does not. */
export function stopReason(lane: LaneView, order: PauseOrder | undefined): string {
  if (order !== undefined) {
    const what = order.by === "lane" ? "paused by a person" : `everything to ${lane.partner} is held`;
    return `${what} since ${time(order.at)}${order.reason === undefined ? "" : `: ${order.reason}`}`;
  }
  const { status } = lane;
  switch (status.kind) {
    case "retrying":
      if (status.code === personCode) return `waits for a person: ${status.code}, nobody could say whether its first message has arrived (sluice work list)${keysText(status.blockedKeys)}`;
      if (status.code === openCode) return `asks what became of a message that may have arrived: ${status.code}, next at ${clockTime(status.nextAt)}${keysText(status.blockedKeys)}`;
      return `retry after ${status.attempts} ${status.attempts === 1 ? "attempt" : "attempts"}: ${status.code}, next at ${clockTime(status.nextAt)}${keysText(status.blockedKeys)}`;
    case "suspended":
      return `${status.code === "RUN-120" ? "the other channel takes nothing now" : "the boundary lets nothing out"}: ${status.code}`;
    case "stopped":
      return `the engine cannot go on: ${status.code}`;
    case "outside-window":
      return `outside its hours, opens at ${time(status.opensAt)}`;
    case "gathering":
      return `gathers messages to go as one until ${clockTime(status.until)}`;
    default:
      if (status.kind === "working" && status.blockedKeys) return `works${keysText(status.blockedKeys)}`;
      if (lane.failed !== undefined) return `trying again after ${lane.failed}`;
      return lane.held > 0 ? `${lane.held} held for a person (sluice dead list --lane ${lane.lane} --state held)` : "";
  }
}

/** Of a lane ordered by key: how many keys wait for a retry while others go on. */
function keysText(blocked: number | undefined): string {
  return blocked === undefined || blocked === 0 ? "" : `; ${blocked} ${blocked === 1 ? "key waits" : "keys wait"}, the others go on`;
}

/** Cells that tables of lanes share. */
export const laneColumns = {
  lane: { title: "LANE", cell: (lane: LaneView) => `${signs[laneRow(lane, 0).tone]} ${lane.lane}` },
  partner: { title: "PARTNER", cell: (lane: LaneView) => lane.partner },
  depth: { title: "DEPTH", right: true, cell: (lane: LaneView) => String(lane.depth) },
  oldest: { title: "OLDEST", right: true, cell: (lane: LaneView) => ageText(lane.oldestAgeMs) },
  rate: { title: "RATE", right: true, cell: (lane: LaneView) => `${lane.rate}/s` },
} as const;

/** Ways to sort a table of lanes. */
const orders: Readonly<Record<string, (a: LaneView, b: LaneView) => number>> = {
  trouble: (a, b) => rank(a) - rank(b) || (b.oldestAgeMs ?? -1) - (a.oldestAgeMs ?? -1) || b.depth - a.depth,
  depth: (a, b) => b.depth - a.depth,
  oldest: (a, b) => (b.oldestAgeMs ?? -1) - (a.oldestAgeMs ?? -1),
  rate: (a, b) => b.rate - a.rate,
  lane: () => 0,
  partner: (a, b) => a.partner.localeCompare(b.partner),
  dead: (a, b) => b.ends.dead - a.ends.dead,
};

export const sorts: readonly string[] = Object.keys(orders);

/** Trouble on top unless told otherwise; equals by name. */
export function sorted(lanes: readonly LaneView[], by = "trouble"): readonly LaneView[] {
  const order = orders[by] ?? (() => 0);
  return [...lanes].sort((a, b) => order(a, b) || a.lane.localeCompare(b.lane));
}

function rank(lane: LaneView): number {
  return { trouble: 0, busy: 1, well: 2 }[laneRow(lane, 0).tone];
}
