import type { Code, Content } from "../sdk/index.ts";
import type { Disclosing } from "../phi/disclosure.ts";
import type { Notice } from "./ledger/notice.ts";
import type { RetentionStep } from "./retention.ts";
import type { AcceptRequest, MessageId, PruneReport, Settlement } from "./store.ts";

/** A change of the record as data: the same list runs on the main thread or in the writer's thread. */
export type Op =
  | ({ readonly kind: "accept"; readonly identity?: string } & Omit<AcceptRequest, "identity">)
  | { readonly kind: "fill"; readonly lane: string; readonly id: MessageId; readonly sent: Content; readonly log: readonly string[]; readonly disclosing?: Disclosing }
  | { readonly kind: "intend"; readonly lane: string; readonly id: MessageId; readonly disclosing: Disclosing }
  | { readonly kind: "disclose"; readonly notices: readonly Notice[] }
  /** Signs the ledger's head. */
  | { readonly kind: "seal" }
  /** The ledger's files have every line up to this one. */
  | { readonly kind: "filed"; readonly last: number }
  | { readonly kind: "settle"; readonly settlement: Settlement }
  /** All of them, or none. */
  | { readonly kind: "settleAll"; readonly settlements: readonly Settlement[] }
  | { readonly kind: "requeue"; readonly lane: string; readonly id: MessageId; readonly at: number }
  | { readonly kind: "cancel"; readonly lane: string; readonly id: MessageId; readonly at: number; readonly reason: string }
  | { readonly kind: "replay"; readonly id: MessageId; readonly lanes: readonly string[]; readonly at: number; readonly reason: string }
  | { readonly kind: "pause"; readonly lane: string; readonly paused: { readonly at: number; readonly reason?: string } | undefined }
  | { readonly kind: "surrogate"; readonly hash: Uint8Array; readonly token: string }
  | { readonly kind: "prune"; readonly step: RetentionStep }
  | { readonly kind: "rotate"; readonly id: number; readonly check: Uint8Array; readonly hashCheck: Uint8Array }
  /** Forgets master keys by which nothing is sealed any more. */
  | { readonly kind: "retire" }
  | { readonly kind: "shred"; readonly after: number }
  /** The search index has what was touched up to this step. */
  | { readonly kind: "indexed"; readonly step: number }
  | { readonly kind: "checkpoint"; readonly checkpoint: NonNullable<AcceptRequest["checkpoint"]> }
  | { readonly kind: "probe" };

/** What a step of retention did, and where the next one goes on. */
export interface Pruned extends Pick<RetentionStep, "closed" | "after"> {
  readonly kind: "pruned";
  readonly report: PruneReport;
  readonly more: boolean;
}

export type Result =
  | { readonly kind: "done" }
  | Pruned
  | { readonly kind: "shredded"; readonly next?: number }
  | { readonly kind: "refused"; readonly code: Code }
  | { readonly kind: "duplicate"; readonly id: MessageId }
  /** `previous`: per lane, the position before this entry's. */
  | { readonly kind: "accepted"; readonly id: MessageId; readonly sameIdOtherBytes: boolean; readonly previous: readonly number[]; readonly orderKey?: string };

/** What one group commit gave. `failed` is final: the store must not be written again. */
export interface Written {
  readonly results: readonly Result[];
  /** Time the COMMIT itself took: the disk's part. */
  readonly commitMs: number;
  readonly failed?: Code;
}

/** Applies a list of changes in one transaction; whoever implements it is the only writer while it is in use. */
export interface Writer {
  readonly kind: "inline" | "thread";
  write(ops: readonly Op[], at: number): Written | Promise<Written>;
  close(): Promise<void>;
}

export function bytesOf(op: Op): number {
  if (op.kind === "settleAll") return op.settlements.reduce((bytes, { response }) => bytes + (response?.bytes.length ?? 0), 0);
  return op.kind === "accept" ? op.raw.bytes.length : op.kind === "fill" ? op.sent.bytes.length : op.kind === "settle" ? (op.settlement.response?.bytes.length ?? 0) : 0;
}
