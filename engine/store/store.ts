import type { Permit } from "../phi/boundary.ts";
import type { Disclosing } from "../phi/disclosure.ts";
import type { Code, Content, Principal } from "../sdk/index.ts";
import type { Notice } from "./ledger/notice.ts";

/** Message number: counts up in the order of acceptance, never reused. Shown as `m` and the number. */
export type MessageId = number;

/** How an entry ended (DESIGN 2, promise 2). */
export type End = "delivered" | "filtered" | "refused" | "rejected" | "dead" | "cancelled";
export const ends: readonly End[] = ["delivered", "filtered", "refused", "rejected", "dead", "cancelled"];

/** Until then it is in flight. `waiting`: to be prepared or sent; `held`: stopped with a reason until somebody acts. */
export type Flight = "waiting" | "held";

export interface AcceptRequest {
  readonly channel: string;
  readonly revision: string;
  readonly receivedAt: number;
  readonly raw: Content;
  /** Recognises a resend: a source-scoped key (channel, sender, control id) and the bytes; absent: no duplicate check. */
  readonly identity?: { readonly key: string };
  /** Lanes to enter, one entry each. A lane is `channel/destination`. */
  readonly lanes: readonly string[];
  /** Value of the channel's `order.by`: entries of one key keep their order, others may pass. Kept as a keyed hash. */
  readonly orderKey?: string;
  /**
   * Kept in the same commit: where the source stands after this message. With `after` it is accepted only while the source stands there (`""`:
   * nowhere yet), else refused with STO-310: of messages that are in flight together none lands without the one before it.
   */
  readonly checkpoint?: { readonly of: string; readonly value: string; readonly after?: string };
  /** The message this one was made from (channel hand-off, a split batch). */
  readonly parent?: MessageId;
  /** Who sent it, where that was established (`sdk/principal.ts`): kept beside the message as long as its metadata. */
  readonly principal?: Principal;
  /** For the search index: the protocol's control id (MSH-10), kept as a keyed hash; and the message type, kept if it looks like one. */
  readonly controlId?: string;
  readonly type?: string;
  /** What is kept once every destination has ended; default `all`. Contents of entries that wait for a person are always kept. */
  readonly storage?: Storage;
}

/** `all`: every content until retention. `raw`: what was received alone. `metadata`: no content at all. */
export type Storage = "all" | "raw" | "metadata";

/** `duplicate`: same identity and same bytes; `sameIdOtherBytes`: accepted as new, worth a warning. */
export type Accepted =
  | {
      readonly kind: "accepted";
      readonly id: MessageId;
      readonly sameIdOtherBytes: boolean;
      /** One entry per lane, in the order of the request, ready to be pushed to its lane without reading the disk. */
      readonly entries?: readonly Claimed[];
    }
  | { readonly kind: "duplicate"; readonly id: MessageId };

/** One message in one lane. Lane order is the order of `id`. */
export interface Entry {
  readonly lane: string;
  readonly id: MessageId;
  readonly channel: string;
  readonly revision: string;
  readonly receivedAt: number;
  readonly state: Flight | End;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Earliest time of the next attempt, ms since epoch; 0: now. */
  readonly nextAt: number;
  /** Last code: why it waits, is held, or how it ended. */
  readonly code?: Code;
  /** Filled by the transform and passed by the guard once; sent content is stored. */
  readonly filled: boolean;
  /** The ledger holds an intent for it that stands: without one nothing of it may leave. */
  readonly disclosed?: boolean;
  /** Place in the lane's order where it is not `id`: an entry that was put back stands at the end. */
  readonly position?: number;
  /** Where a replay (or a fallback) put it beside an ended entry of the same lane: the number that it then got. It stays when the entry is put back. */
  readonly again?: number;
  /** When it was last put back in flight: the age limit counts from here. */
  readonly requeuedAt?: number;
  /** Keyed hash of the order key, where the channel orders by one. */
  readonly orderKey?: string;
}

/** An entry with what is needed to work on it. */
export interface Claimed extends Entry {
  readonly raw: Content;
  readonly sent?: Content;
  /** Position of the entry just before it in the lane (0: none), where known: says that a push leaves no gap. */
  readonly previous?: number;
}

/** `lookedTo`: up to this position there are no more; what is behind it has not been looked at. Absent where the answer is as long as was asked for. */
export interface ClaimedPage extends ReadonlyArray<Claimed> {
  readonly lookedTo?: number;
}

/** Which order keys of a lane are claimed: one alone, up to a position, or all but some. The empty key stands for entries without one. */
export type ClaimedKeys = { readonly only: string; readonly upTo: number } | { readonly except: readonly string[] };

export interface Settlement {
  readonly lane: string;
  readonly id: MessageId;
  readonly state: Flight | End;
  readonly at: number;
  readonly attempts: number;
  readonly nextAt?: number;
  readonly code?: Code;
  /** Rule and place of a refusal or filter: names from configuration, no value. */
  readonly reason?: string;
  readonly response?: Content;
  /** The lane that takes the message over, in the same commit: a new entry at its end. */
  readonly fallback?: string;
  /** For the ledger, where it is refused or withheld: whom it was for. */
  readonly partner?: string;
  /** What let the attempt go, where that is another than the intent's. */
  readonly permit?: Permit;
}

export interface LaneCounts {
  readonly lane: string;
  readonly received: number;
  readonly ends: Readonly<Record<End, number>>;
  readonly waiting: number;
  readonly held: number;
  /** Receipt time of the oldest entry in flight. */
  readonly oldestAt?: number;
  /** A person has paused the lane; stays through a restart. `reason` is theirs. */
  readonly paused?: { readonly at: number; readonly reason?: string };
}

/** What people look for. All that is given must hold; times are ms since epoch, `from` inclusive, `to` exclusive. */
export interface Search {
  readonly channel?: string;
  /** Entries of any of these lanes. */
  readonly lanes?: readonly string[];
  readonly states?: readonly (Flight | End)[];
  readonly code?: Code;
  /** MSH-10 or the protocol's own id: equality only. */
  readonly controlId?: string;
  readonly type?: string;
  readonly received?: { readonly from?: number; readonly to?: number };
  /** When an entry of the lanes came to the state it has. */
  readonly settled?: { readonly from?: number; readonly to?: number };
  readonly parent?: MessageId;
  /** Continue a list: only older messages. */
  readonly before?: MessageId;
  readonly limit: number;
}

/** Retention of one channel: separate clocks (DESIGN 7). Absent: kept for ever. Messages in flight or waiting for a person stay whole. */
export interface RetentionRule {
  readonly channel: string;
  readonly contentsMs?: number;
  readonly metadataMs?: number;
}

export interface PruneReport {
  /** Messages whose contents were (or would be) deleted, and those that went whole. */
  readonly contents: number;
  readonly messages: number;
  readonly bytes: number;
  /** Old enough, but in flight or waiting for a person. */
  readonly keptBack: number;
}

export interface BackupReport {
  readonly files: number;
  readonly bytes: number;
  readonly sha256: string;
  /** The last message it holds. */
  readonly last: MessageId;
  /** Key files that it needs, and whether they are in it; else they must be kept elsewhere, or nothing in it can ever be read. */
  readonly keys: { readonly included: boolean; readonly needed: readonly string[] };
}

/** What the record's own rows say, apart from every counter. */
export interface Census {
  /** Entries that the messages counted so far ask for, one per destination, and how many of them are there in a state. */
  readonly expected: number;
  readonly found: number;
  /** Entries that are missing or too many, summed lane by lane. */
  readonly gap: number;
  /** What the lanes' counters say was received, at the same instant. */
  readonly received: number;
  /** Every message has been counted; until then only some of a long record. */
  readonly whole: boolean;
}

export interface MessageSummary {
  readonly id: MessageId;
  readonly channel: string;
  readonly receivedAt: number;
  readonly bytes: number;
  readonly entries: readonly Entry[];
  readonly type?: string;
  readonly parent?: MessageId;
}

/** One page of a list, newest first. */
export interface MessagePage extends ReadonlyArray<MessageSummary> {
  /** There may be more below this number: ask again with it as `before`. One call looks through a bounded part of the record. */
  readonly more?: MessageId;
}

export interface Unreadable {
  readonly where: string;
  readonly stage: "raw" | "sent" | "response" | "log" | "reason";
  readonly code: Code;
}

/** An ended entry of a message that was replayed into the same lane later; `sent` and `responses` are of the later one. */
export interface EarlierEntry {
  readonly lane: string;
  readonly sent?: Content;
  readonly response?: Content;
}

export interface MessageDetail extends MessageSummary {
  readonly principal?: Principal;
  readonly raw?: Content;
  readonly sent: Readonly<Record<string, Content>>;
  readonly responses: Readonly<Record<string, Content>>;
  readonly log: readonly string[];
  /** What stands in the record and does not open, with the code that says why; `where` is the channel or a lane. */
  readonly unreadable?: readonly Unreadable[];
  /** What was sent and answered by entries that a replay followed in the same lane, oldest first. */
  readonly earlier?: readonly EarlierEntry[];
  /** Every change of state, oldest first: the message's timeline. */
  readonly history: readonly { readonly lane: string; readonly at: number; readonly state: Flight | End; readonly code?: Code; readonly reason?: string; readonly attempts: number }[];
}

/**
 * The record, by meaning. One writer; every promise that resolves means: committed and fsynced. What arrives while a commit runs
 * goes into the next one. Rejects with EngineError `STO-*`; after a failed fsync it stays failed (no ack can follow).
 */
export interface Store {
  accept(request: AcceptRequest): Promise<Accepted>;
  /**
   * Keeps the transformed, guarded content of an entry, and what guest code logged; with `disclosing`, in the same commit, the intent to disclose it
   * in the ledger. What becomes of it follows in the commits of `settle`, `settleAll` and `cancel`.
   */
  fill(lane: string, id: MessageId, sent: Content, log: readonly string[], disclosing?: Disclosing): Promise<void>;
  /** An intent of its own for what is filled and has none that stands (`Entry.disclosed`). */
  intend(lane: string, id: MessageId, disclosing: Disclosing): Promise<void>;
  /** Keeps in the ledger what is no message on its way. */
  disclose(...notices: readonly Notice[]): Promise<void>;
  /** Brings to the files of the ledger, signed, what is committed by now: who reads them then misses nothing that is known. */
  fileLedger(): Promise<void>;
  /** Changes an entry's state; a settled end is final and settling it again is refused (STO-*). */
  settle(settlement: Settlement): Promise<void>;
  /** The same for several entries at once: all of them change, or none. */
  settleAll(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Next waiting entries of a lane after a position (`position ?? id`), in order, bounded in number and bytes; with `except`, in rows looked at as well.
   * Synchronous read.
   */
  claim(lane: string, after: number, limit: { readonly entries: number; readonly bytes: number }, keys?: ClaimedKeys): ClaimedPage;
  counts(): readonly LaneCounts[];
  /** Counts rows a little further at each call, bounded: what the sum on the dashboard is checked against. */
  census(): Census;
  list(query: { readonly channel?: string; readonly lane?: string; readonly state?: Flight | End; readonly before?: MessageId; readonly limit: number }): MessagePage;
  message(id: MessageId): MessageDetail | undefined;
  /** Dead, refused, rejected or held entries put back in flight at the end of their lane's order of ids; the original end stays in history. */
  requeue(lane: string, id: MessageId, at: number): Promise<void>;
  /** Cancels a waiting, held, dead, rejected or refused entry for a person; `reason` is kept sealed. A waiting one must be out of its lane's hands. */
  cancel(lane: string, id: MessageId, at: number, reason: string): Promise<void>;
  /** A token for a value toward a partner (phi Mint): random, the same next time. Durable no later than a `fill` asked for afterwards. */
  surrogate(partner: string, kind: string, value: string): string;
  /** A keyed hash under a key of this store that no rotation changes, 32 hex digits; parts are kept apart. */
  keyedId(purpose: string, ...parts: readonly string[]): string;
  /** False when a write with fsync fails or the disk reserve is used up; then nothing is accepted. */
  writable(): Promise<boolean>;
  close(): Promise<void>;
}

/** The rest of the record's face: what operators and retention ask of it. */
export interface StoreCare {
  /**
   * Puts an existing message into lanes once more, at their end, all of them or none; `reason` is kept sealed. Where it was delivered, filtered or
   * cancelled, or never was, a new entry counts beside the old; one that is held, dead, rejected or refused is put back, as by `requeue`. One that
   * waits already is refused (STO-302), and so is a message whose content is not kept any more (STO-305).
   */
  replay(id: MessageId, lanes: readonly string[], at: number, reason: string): Promise<void>;
  /** Pauses or resumes a lane for a person; durable. The lane itself is told by the runtime. */
  setPaused(lane: string, paused: { readonly at: number; readonly reason?: string } | undefined): Promise<void>;
  /** The token that a value has toward a partner already; makes none. */
  knownSurrogate(partner: string, kind: string, value: string): string | undefined;
  /** Where a source stood with the last message it handed over under this name. */
  checkpoint(of: string): string | undefined;
  /** Moves it without a message. Rejects with EngineError `STO-310` where the source does not stand at `after`. */
  moveCheckpoint(checkpoint: NonNullable<AcceptRequest["checkpoint"]>): Promise<void>;
  /** From the search index, newest first; what the index does not hold yet is found as well. */
  search(query: Search): MessagePage;
  /** Deletes what its retention allows, in bounded steps that never stop intake; `preview` only counts. `signal` ends it between two steps. */
  prune(rules: readonly RetentionRule[], now: number, preview: boolean, signal?: AbortSignal): Promise<PruneReport>;
  /** New contents are sealed under a new master key; old ones stay readable until they are pruned. */
  rotateKey(): Promise<void>;
  /**
   * A copy of the record as of one moment, beside its running, with what stands in its folder and a manifest of hashes; keys only when asked.
   * `to` is absent or an empty folder. `verifyBackup` and `restoreBackup` (store/index) check it and take it.
   */
  backup(to: string, options?: { readonly withKeys?: boolean }): Promise<BackupReport>;
}
