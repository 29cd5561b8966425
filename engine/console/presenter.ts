import { openCode, personCode } from "../queue/unknown.ts";
import type { EngineStatus, LaneView } from "../runtime/operations.ts";

/** How a thing stands. Every sign has a word beside it, so that colour is never the only carrier. */
export type Tone = "well" | "busy" | "trouble";
export const signs: Readonly<Record<Tone, string>> = { well: "●", busy: "◐", trouble: "▲" };

export interface LaneRow {
  readonly lane: string;
  readonly partner: string;
  readonly tone: Tone;
  readonly state: string;
  readonly code?: string;
  readonly depth: number;
  readonly held: number;
  readonly oldestMs?: number;
  readonly received: number;
  readonly rate: number;
  readonly ends: LaneView["ends"];
}

/** Lanes for a page or a terminal, trouble on top, then the deepest and the oldest. */
export function laneRows(status: EngineStatus): readonly LaneRow[] {
  const rank: Readonly<Record<Tone, number>> = { trouble: 0, busy: 1, well: 2 };
  return status.lanes
    .map((lane) => laneRow(lane, status.now))
    .sort(
      (a, b) =>
        rank[a.tone] - rank[b.tone] ||
        (b.oldestMs ?? -1) - (a.oldestMs ?? -1) ||
        b.depth - a.depth ||
        a.lane.localeCompare(b.lane),
    );
}

export function laneRow(lane: LaneView, now: number): LaneRow {
  const { tone, state, code } = stateOf(lane, now);
  return {
    lane: lane.lane,
    partner: lane.partner,
    tone,
    state,
    ...(code === undefined ? {} : { code }),
    depth: lane.depth,
    held: lane.held,
    ...(lane.oldestAgeMs === undefined ? {} : { oldestMs: lane.oldestAgeMs }),
    received: lane.received,
    rate: lane.rate,
    ends: lane.ends,
  };
}

function stateOf(lane: LaneView, now: number): { readonly tone: Tone; readonly state: string; readonly code?: string } {
  const { status } = lane;
  if (lane.paused) return { tone: "trouble", state: `${lane.paused.by === "lane" ? "paused" : "partner held"} for ${ageText(now - lane.paused.at)}` };
  switch (status.kind) {
    case "suspended":
    case "stopped":
      return { tone: "trouble", state: status.kind, code: status.code };
    case "retrying": {
      if (status.code === personCode) return { tone: "trouble", state: "waits for a person", code: status.code };
      const seconds = Math.max(0, Math.ceil((status.nextAt - now) / 1000));
      return { tone: "trouble", state: status.code === openCode ? `asks in ${seconds} s` : `retry ${status.attempts} in ${seconds} s`, code: status.code };
    }
    case "paused":
      return { tone: "trouble", state: `paused for ${ageText(now - status.at)}` };
    case "outside-window":
      return { tone: lane.depth > 0 ? "busy" : "well", state: `opens in ${ageText(status.opensAt - now)}` };
    case "gathering":
      return { tone: "busy", state: `gathers for ${ageText(status.until - now)}` };
    default:
      if (lane.failed !== undefined) return { tone: "trouble", state: "trying again", code: lane.failed };
      if (status.kind === "working" && status.blockedKeys) return { tone: "trouble", state: `working, ${status.blockedKeys} ${status.blockedKeys === 1 ? "key waits" : "keys wait"}` };
      if (lane.held > 0) return { tone: "trouble", state: "held" };
      return lane.depth > 0 ? { tone: "busy", state: "working" } : { tone: "well", state: "idle" };
  }
}

/** The sums that stand above the tables. */
export function totals(status: EngineStatus) {
  const oldest = status.lanes.flatMap((lane) => (lane.oldestAgeMs === undefined ? [] : [lane.oldestAgeMs]));
  return {
    received: status.channels.reduce((sum, channel) => sum + channel.received, 0),
    depth: status.lanes.reduce((sum, lane) => sum + lane.depth, 0),
    held: status.lanes.reduce((sum, lane) => sum + lane.held, 0),
    gap: status.conservationGap,
    ...(oldest.length === 0 ? {} : { oldestMs: Math.max(...oldest) }),
  };
}

/** `0 B`, `12 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `4 s`, `12 min`, `3 h`, `5 d`. */
export function ageText(ms: number | undefined): string {
  if (ms === undefined) return "none";
  const s = Math.floor(Math.max(0, ms) / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return s < 86_400 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86_400)} d`;
}
