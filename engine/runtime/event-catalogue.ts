import { resolutions } from "../queue/unknown.ts";
import { jobKinds, jobStates } from "./operator/job.ts";
import { reasons } from "./break-glass/documents.ts";

/**
 * What a field of an event may hold (security-reliability E.2). `name`: a channel, destination, lane, partner or person of the project, checked
 * against what the project has. `counts`: figures under the few words that connectors count by. `path`: a place in a message, of names that its standard gives and numbers alone. An array: one of these words. No kind is text.
 */
export type FieldKind = "name" | "code" | "message" | "number" | "revision" | "case" | "path" | "counts" | readonly string[];

/** Every event, with its fields. A new event stands here first; what does not stand here is not told. */
export const catalogue = {
  stored: { channel: "name", message: "message" },
  duplicate: { channel: "name" },
  "not-accepted": { channel: "name", code: "code" },
  nonconforming: { channel: "name", code: "code", path: "path", count: "number" },
  "same-id-other-bytes": { channel: "name" },
  unanswered: { channel: "name", code: "code" },
  "source-problem": { channel: "name", code: "code", counts: "counts" },
  "lookup-missed": { channel: "name", table: "name", count: "number" },
  "lookup-changed": { table: "name", count: "number" },
  "lookup-not-taken": { code: "code" },
  delivered: { channel: "name", destination: "name", message: "message", code: "code" },
  filtered: { channel: "name", destination: "name", message: "message", code: "code" },
  retry: { channel: "name", destination: "name", message: "message", code: "code" },
  refused: { channel: "name", destination: "name", message: "message", code: "code" },
  rejected: { channel: "name", destination: "name", message: "message", code: "code" },
  dead: { channel: "name", destination: "name", message: "message", code: "code" },
  cancelled: { channel: "name", destination: "name", message: "message", code: "code" },
  held: { channel: "name", destination: "name", message: "message", code: "code" },
  paused: { lane: "name" },
  resumed: { lane: "name" },
  retried: { lane: "name", message: "message" },
  replayed: { lane: "name", message: "message" },
  resolved: { lane: "name", message: "message", what: resolutions },
  discarded: { lane: "name", message: "message" },
  "retry-now": { lane: "name" },
  "work-raised": { list: "name", code: "code", channel: "name", message: "message" },
  "alert-escalated": { lane: "name", message: "message" },
  "alert-acknowledged": { list: "name", message: "message" },
  "work-closed": { list: "name", code: "code", message: "message" },
  "partner-held": { partner: "name" },
  "partner-released": { partner: "name" },
  "intake-closed": { channel: "name" },
  "intake-opened": { channel: "name" },
  "job-started": { job: "number", kind: jobKinds },
  "job-ended": { job: "number", kind: jobKinds, state: jobStates, done: "number", passed: "number", code: "code" },
  "job-not-kept": { job: "number" },
  pruned: { contents: "number", messages: "number", bytes: "number", keptBack: "number" },
  "prune-failed": { code: "code" },
  "key-rotated": {},
  "backup-made": { files: "number", bytes: "number" },
  "store-not-writable": { code: "code" },
  "store-fault": { code: "code" },
  "listener-problem": { code: "code" },
  "feed-fetched": { channel: "name", destination: "name", status: "number" },
  "feed-refused": { channel: "name", destination: "name", code: "code" },
  "certificate-renewed": { port: "number", destinations: "number" },
  "certificate-not-renewed": { code: "code" },
  "engine-started": { channels: "number" },
  "channel-started": { channel: "name", revision: "revision" },
  "channel-reloaded": { channel: "name", revision: "revision" },
  "channel-removed": { channel: "name" },
  "reload-not-undone": { code: "code" },
  "agreement-ends": { lane: "name", days: "number", within: "number" },
  "agreement-back-dated": { partner: "name" },
  "credential-failed": { partner: "name", code: "code" },
  "credential-works": { partner: "name" },
  "break-glass-requested": { id: "case", lane: "name", by: "name", reason: reasons },
  "break-glass-approval": { id: "case", lane: "name", by: "name" },
  "break-glass-end": { id: "case", lane: "name", by: "name" },
  "break-glass-review": { id: "case", lane: "name", by: "name" },
  "break-glass-used": { id: "case", lane: "name", used: "number" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

export type EventName = keyof typeof catalogue;

export const eventNames = Object.keys(catalogue) as readonly EventName[];
