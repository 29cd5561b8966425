import type { CaseSpec } from "../config/case-spec.ts";
import type { Code } from "../sdk/index.ts";
import type { Alerts } from "./alerts.ts";
import type { CaseVerdict } from "./decide.ts";
import type { CaseFacts } from "./facts.ts";

export type { CaseVerdict } from "./decide.ts";

/** What the flow asks before it fills an entry. */
export interface CaseQuestion {
  /** Number of the message in the record. */
  readonly message: number;
  readonly channel: string;
  readonly spec: CaseSpec;
  readonly facts: CaseFacts;
  /** A person, or the engine on their behalf, has put the message back: what held it is asked anew. */
  readonly isPutBack: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One item of work: names and codes, never content. Times are ms since 1970. */
export interface WorkItem {
  readonly id: number;
  readonly list: string;
  readonly owner: string;
  readonly code: Code;
  readonly channel: string;
  /** The message that it is about; of an overdue case, the one that moved it last. */
  readonly message: number;
  readonly openedAt: number;
  /** When somebody should have done it; a held message then goes on by itself. */
  readonly dueAt?: number;
  readonly state: "open" | "closed";
  readonly closedAt?: number;
  /** Who closed it; `engine` where it was over by itself. */
  readonly by?: string;
  /** In their own words; opened only for who may see it. */
  readonly reason?: string;
}

export interface WorkQuery {
  readonly list?: string;
  readonly state?: "open" | "closed";
  /** Continue a list: only older items. */
  readonly before?: number;
  readonly limit: number;
}

/** Open work of one list. */
export interface WorkCount {
  readonly list: string;
  readonly owner: string;
  readonly open: number;
  readonly oldestAt: number;
}

/** What a look at the clock found. */
export interface Swept {
  /** Items that came up: cases that are overdue. */
  readonly raised: readonly WorkItem[];
  /** Held messages that go on: their case is known now, or they have waited long enough. Each stays in the list until `resumed`. */
  readonly ready: readonly number[];
}

/**
 * The file of cases and of work: what several messages are about, and what waits for a person. Durable; each promise that resolves means committed and
 * fsynced. Rejects with EngineError `CAS-2nn`.
 */
export interface Cases {
  readonly alerts: Alerts;
  /** Decides a message once: the same question gives the same verdict, also after a crash. What arrives while others are asked commits with them. */
  ask(question: CaseQuestion): Promise<CaseVerdict>;
  /** What was decided of a message, if anything was. */
  decided(message: number): CaseVerdict | undefined;
  /** Puts a message on somebody's list; again, where it is on it already, changes nothing. */
  raise(item: Pick<WorkItem, "list" | "owner" | "code" | "channel" | "message"> & { readonly at: number }): Promise<void>;
  /** What a message was raised for is over: by a person, with their reason, or else by itself. */
  settle(message: number, code: Code, at: number, by?: { readonly by: string; readonly reason: string }): void;
  /** Messages on a list because what was made of them differs (CLN-1nn), oldest first. */
  differing(): readonly number[];
  /** Nothing of it is held for a difference any more. */
  agreed(message: number, at: number): void;
  /** Newest first. */
  list(query: WorkQuery): readonly WorkItem[];
  item(id: number): WorkItem | undefined;
  /** Closes an item for a person. With `release`, its message then passes as it is when it is put back, and moves nothing. */
  close(id: number, by: { readonly by: string; readonly reason: string; readonly at: number; readonly release?: boolean }): WorkItem;
  counts(): readonly WorkCount[];
  sweep(now: number): Swept;
  /** A message of `ready` is back in its lanes. */
  resumed(message: number, at: number): void;
  /** Forgets cases that have not moved since, closed work and verdicts that are older. */
  prune(before: number): number;
  end(): void;
}
