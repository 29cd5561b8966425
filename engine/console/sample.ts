import { systemClock } from "../runtime/clock.ts";
import type { EngineStatus, LaneView, Operations } from "../runtime/operations.ts";
import { Follower } from "../runtime/operator/follower.ts";
import type { MessageDetail } from "../store/store.ts";

const none = { delivered: 0, filtered: 0, refused: 0, rejected: 0, dead: 0, cancelled: 0 };

/** A status for tests of pages and tables. */
export function sampleStatus(change: Partial<EngineStatus> = {}): EngineStatus {
  return {
    name: "sample", startedAt: 0, now: 100_000, ready: true, conservationGap: 0, heldBytes: 0,
    walls: { isolate: true, process: true, permission: true, network: true },
    channels: [{ channel: "lab", revision: "abc", received: 3, source: { connector: "mllp", partner: "lis", listening: true, port: 2575 } }],
    lanes: [sampleLane({ lane: "lab/ehr", received: 3, ends: { ...none, delivered: 3 } })],
    ...change,
  };
}

export function sampleLane(change: Partial<LaneView> = {}): LaneView {
  const [channel = "lab", destination = "ehr"] = (change.lane ?? "lab/ehr").split("/");
  return { lane: "lab/ehr", channel, destination, partner: "clinic", status: { kind: "idle" }, received: 0, ends: none, depth: 0, held: 0, ...change };
}

/** Operations over a fixed status and messages; what was asked of them stands in `calls`. */
export function sampleOperations(status: EngineStatus = sampleStatus(), details: readonly MessageDetail[] = []): Operations & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    status: () => status,
    messages: (query) => details.slice(0, query.limit),
    message: (id) => details.find((detail) => detail.id === id),
    dead: () => details.flatMap((detail) => detail.entries.filter((entry) => entry.state === "dead")),
    retry: async (lane, id) => void calls.push(`retry ${lane} ${id}`),
    discard: async (lane, id, reason) => void calls.push(`discard ${lane} ${id} ${reason}`),
    follow: () => new Follower(systemClock),
    ready: async () => status.ready,
  };
}

/** A message with content, dead in its lane. */
export function sampleMessage(raw: string): MessageDetail {
  const content = { format: "hl7v2", bytes: new TextEncoder().encode(raw) } as const;
  return {
    id: 7, channel: "lab", receivedAt: 90_000, bytes: raw.length, raw: content, sent: { "lab/ehr": content }, responses: {}, log: ["seen"],
    entries: [{ lane: "lab/ehr", id: 7, channel: "lab", revision: "abc", receivedAt: 90_000, state: "dead", attempts: 3, nextAt: 0, code: "NET-101", filled: true }],
    history: [{ lane: "lab/ehr", at: 91_000, state: "dead", code: "NET-101", attempts: 3 }, { lane: "lab/ehr", at: 92_000, state: "cancelled", reason: "Tom was told by phone", attempts: 3 }],
  };
}
