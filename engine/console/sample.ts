import type { WorkItem } from "../cases/index.ts";
import { EngineError } from "../sdk/index.ts";
import { systemClock } from "../runtime/clock.ts";
import type { EngineStatus, LaneView, Operations } from "../runtime/operations.ts";
import { Follower } from "../runtime/operator/follower.ts";
import type { JobView } from "../runtime/operator/job.ts";
import type { MessageDetail } from "../store/store.ts";

const none = { delivered: 0, filtered: 0, refused: 0, rejected: 0, dead: 0, cancelled: 0 };

/** A status for tests of pages and tables. */
export function sampleStatus(change: Partial<EngineStatus> = {}): EngineStatus {
  return {
    name: "sample", startedAt: 0, now: 100_000, ready: true, conservationGap: 0, heldBytes: 0, jobs: [], endings: [], breakGlass: [], work: [],
    walls: { isolate: true, process: true, permission: true, network: true },
    channels: [{ channel: "lab", revision: "abc", received: 3, source: { connector: "mllp", partner: "lis", open: true, port: 2575 } }],
    lanes: [sampleLane({ lane: "lab/ehr", received: 3, ends: { ...none, delivered: 3 } })],
    ...change,
  };
}

export function sampleLane(change: Partial<LaneView> = {}): LaneView {
  const [channel = "lab", destination = "ehr"] = (change.lane ?? "lab/ehr").split("/");
  return { lane: "lab/ehr", channel, destination, partner: "clinic", status: { kind: "idle" }, received: 0, ends: none, depth: 0, held: 0, rate: 0, ...change };
}

/** Operations over a fixed status and messages; what was asked of them stands in `calls`. */
export function sampleOperations(status: EngineStatus = sampleStatus(), details: readonly MessageDetail[] = []): Operations & { readonly calls: string[] } {
  const calls: string[] = [];
  const told = (what: string) => {
    calls.push(what);
    return status.lanes.map((lane) => lane.lane);
  };
  return {
    calls,
    status: () => status,
    messages: (query) => details.slice(0, query.limit),
    channel: () => undefined,
    message: (id) => details.find((detail) => detail.id === id),
    dead: () => details.flatMap((detail) => detail.entries.filter((entry) => entry.state === "dead")),
    retry: async (lane, id) => void calls.push(`retry ${lane} ${id}`),
    discard: async (lane, id, reason) => void calls.push(`discard ${lane} ${id} ${reason}`),
    resolve: async (lane, id, what, by, reason) => void calls.push(`${what} ${lane} ${id} ${by} ${reason}`),
    search: async (query) => details.slice(0, query.limit),
    jobs: sampleJobs(calls),
    lanes: {
      pause: async (lanes, reason) => void calls.push(`pause ${lanes} ${reason}`),
      resume: async (lanes) => void calls.push(`resume ${lanes}`),
      retryNow: (lanes) => void calls.push(`retry-now ${lanes}`),
      hold: (partner) => told(`hold ${partner}`),
      release: (partner) => told(`release ${partner}`),
    },
    compare: async ({ channel }) => ({ comparison: { channel, working: "abc", messages: 0, gone: 0, destinations: [] }, values: [] }),
    prune: async () => ({ contents: 1, messages: 0, bytes: 10, keptBack: 0 }),
    rotateKey: async () => void calls.push("rotate"),
    backup: async () => ({ files: 1, bytes: 1, sha256: "0", last: 1, keys: { included: false, needed: [] } }),
    breakGlass: {
      list: () => status.breakGlass,
      about: () => ({ partner: "ehr", purpose: "TREAT" }),
      asked: () => { throw new EngineError("RUN-244"); },
      request: () => { throw new EngineError("RUN-247"); },
      say: () => { throw new EngineError("RUN-247"); },
    },
    intake: {
      close: async (channels) => {
        calls.push(`close ${channels}`);
        return channels;
      },
      open: async (channels) => {
        calls.push(`open ${channels}`);
        return channels;
      },
    },
    work: {
      list: () => [sampleItem],
      item: (id) => (id === sampleItem.id ? sampleItem : undefined),
      close: async (id, by, reason, release) => {
        calls.push(`close w${id} ${by} ${reason}${release ? " release" : ""}`);
        return { ...sampleItem, state: "closed", by };
      },
      acknowledge: async (id, by) => {
        calls.push(`ack w${id} ${by}`);
        return { ...sampleItem, state: "closed", by };
      },
      counts: () => status.work,
    },
    first: () => undefined,
    orders: () => Object.fromEntries(status.lanes.flatMap((lane) => (lane.paused ? [[lane.lane, { ...lane.paused, reason: "Tom is on the phone" }]] : []))),
    lanesOf: ({ lanes }) => lanes ?? status.lanes.map((lane) => lane.lane),
    follow: () => new Follower(systemClock),
    disclose: async () => {},
    askLedger: async () => {},
    patientId: () => "",
    ready: async () => status.ready,
  };
}

export const sampleJob: JobView = { id: 1, kind: "retry", state: "running", by: "nurse", startedAt: 90_000, lanes: ["lab/ehr"], total: 10, done: 4, passed: 0 };

function sampleJobs(calls: string[]): Operations["jobs"] {
  const told = (what: string) => {
    calls.push(what);
    return sampleJob;
  };
  return {
    list: () => [sampleJob],
    find: () => sampleJob,
    preview: async () => ({ messages: 10, entries: 10, bytes: 1000, byLane: { "lab/ehr": 10 }, byEnd: { "dead NET-101": 10 }, sample: [] }),
    start: ({ kind, perSecond, to, reason }) => told(`start ${[kind, perSecond, to, reason].filter(Boolean).join(" ")}`),
    pause: (id) => told(`pause ${id}`),
    resume: (id) => told(`resume ${id}`),
    stop: async (id) => told(`stop ${id}`),
  };
}

export const sampleItem: WorkItem = { id: 3, list: "unmatched-results", owner: "lab-desk", code: "CAS-102", channel: "lab", message: 7, openedAt: 40_000, state: "open", reason: "Tom knows" };

/** A message with content, dead in its lane. */
export function sampleMessage(raw: string): MessageDetail {
  const content = { format: "hl7v2", bytes: new TextEncoder().encode(raw) } as const;
  return {
    id: 7, channel: "lab", receivedAt: 90_000, bytes: raw.length, raw: content, sent: { "lab/ehr": content }, responses: {}, log: ["seen"],
    entries: [{ lane: "lab/ehr", id: 7, channel: "lab", revision: "abc", receivedAt: 90_000, state: "dead", attempts: 3, nextAt: 0, code: "NET-101", filled: true }],
    history: [{ lane: "lab/ehr", at: 91_000, state: "dead", code: "NET-101", attempts: 3 }, { lane: "lab/ehr", at: 92_000, state: "cancelled", reason: "Tom was told by phone", attempts: 3 }],
  };
}
