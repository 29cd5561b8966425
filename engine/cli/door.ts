import { existsSync } from "node:fs";
import { dataFolder } from "../config/read/data-folder.ts";
import type { WorkItem, WorkQuery } from "../cases/index.ts";
import type { Views } from "../console/access-record.ts";
import type { Shown, Timeline } from "../console/contents.ts";
import type { Purpose } from "../console/purposes.ts";
import type { EngineStatus } from "../runtime/operations.ts";
import type { ComparedValues, Comparison } from "../runtime/operator/comparison.ts";
import type { JobRequest, JobView, Preview } from "../runtime/operator/job.ts";
import type { Selection } from "../runtime/operator/selection.ts";
import type { PauseOrder } from "../runtime/operator/standing-orders.ts";
import { EngineError } from "../sdk/error.ts";
import type { Entry, MessageId, MessagePage } from "../store/index.ts";
import { openLiveDoor } from "./live-door.ts";

export { openLiveDoor } from "./live-door.ts";

export interface ListQuery {
  readonly selection: Selection;
  readonly before?: MessageId;
  readonly limit: number;
}

/** Messages that were looked for, and the lanes that a partner stands for. */
export type FoundPage = MessagePage & { readonly lanes?: readonly string[] };

/** What commands ask of a project: the running engine when there is one, else its record on disk. */
export interface Door {
  readonly live: boolean;
  messages(query: ListQuery): Promise<FoundPage>;
  timeline(id: MessageId): Promise<Timeline>;
  /** Masked without a purpose; with one, the access is recorded first. */
  contents(id: MessageId, access?: { readonly purpose: Purpose; readonly as: "show" | "export" }): Promise<Shown>;
  /** Who looked at contents, newest first: of one message, or of all. */
  views(id?: MessageId): Promise<Views>;
  /** Items of work, newest first, without what people wrote. */
  work(query: WorkQuery): Promise<readonly WorkItem[]>;
  close(): void | Promise<void>;
}

/** Which lanes an order is for. */
export type LaneChoice = Pick<Selection, "channel" | "lanes" | "partner">;

/** What only a running engine can do. */
export interface LiveDoor extends Door {
  status(): Promise<EngineStatus>;
  workItem(id: number): Promise<WorkItem>;
  acknowledge(id: number, how: { readonly by: string; readonly reason?: string }): Promise<WorkItem>;
  closeWork(id: number, how: { readonly by: string; readonly reason: string; readonly release: boolean }): Promise<WorkItem>;
  retry(lane: string, id: MessageId): Promise<void>;
  discard(lane: string, id: MessageId, reason: string): Promise<void>;
  resolve(lane: string, id: MessageId, how: { readonly what: "arrived" | "resend"; readonly by: string; readonly reason: string }): Promise<void>;
  preview(request: JobRequest): Promise<Preview>;
  startJob(request: JobRequest): Promise<JobView>;
  jobs(): Promise<readonly JobView[]>;
  job(id: number): Promise<JobView>;
  pauseJob(id: number): Promise<JobView>;
  resumeJob(id: number, reason?: string): Promise<JobView>;
  stopJob(id: number): Promise<JobView>;
  /** What an edit would change; with a purpose the values too, and each access is recorded. */
  compare(request: { readonly channel: string; readonly last: number; readonly purpose?: Purpose }): Promise<Comparison & { readonly values?: readonly ComparedValues[] }>;
  orders(): Promise<Readonly<Record<string, PauseOrder>>>;
  /** Each gives the lanes it was about. */
  pauseLanes(choice: LaneChoice, reason: string): Promise<readonly string[]>;
  resumeLanes(choice: LaneChoice): Promise<readonly string[]>;
  retryNow(choice: LaneChoice): Promise<readonly string[]>;
  first(lane: string): Promise<Entry | undefined>;
  /** Gives the channels that this call has closed or opened. */
  intake(what: "close" | "open", channels: readonly string[]): Promise<readonly string[]>;
  hold(partner: string): Promise<readonly string[]>;
  release(partner: string): Promise<readonly string[]>;
}

/** The running engine, or the record it left on disk. */
export async function openDoor(root: string): Promise<Door> {
  try {
    return await openLiveDoor(root);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "CLI-101") throw error;
    const data = dataFolder(root);
    if (!existsSync(data)) throw error;
    // The rooms of the record are loaded when they are needed: most calls meet a running engine.
    return (await import("./record-door.ts")).recordDoor(root, data);
  }
}
