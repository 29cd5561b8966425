import type { Alerts, Cases } from "../cases/index.ts";
import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import type { Way } from "./same-way.ts";
import type { Boundary, Mint } from "../phi/boundary.ts";
import type { Grant } from "../phi/break-glass.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Clock, Code, Destination, Outcome, Random, Released } from "../sdk/index.ts";
import type { Claimed, Entry, MessageId, Store, StoreCare } from "../store/store.ts";

/** What the path of a message needs from outside; a simulator gives its own. */
export interface FlowPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store & Pick<StoreCare, "replay" | "checkpoint" | "moveCheckpoint">;
  readonly sandbox: Sandbox;
  readonly boundary: Boundary;
  /** A message's name outside the engine: opaque, stable, and another for each scope (a lane, or `message`) and store. */
  opaqueId(scope: string, message: number): string;
  /** Partners and agreements as of now: asked at every attempt. */
  partner(name: string): Partner | undefined;
  /** The channel as it was when it accepted the message (DESIGN 7); `undefined` when that revision is unknown. */
  revision(channel: string, revision: string): Promise<ChannelRevision | undefined>;
  events: FlowEvents;
  /** The time by which agreements are judged; absent: the clock's. */
  readonly calendar?: Calendar;
  /** Emergency access (phi.md 1.14): the grant that stands for a lane now, and the count of a message on disk before it leaves. */
  readonly breakGlass?: { grant(lane: string): Grant | undefined; spend(id: string, messages: number): boolean };
  /** The project's table of drug codes and their schedules (`drugSchedules` in `sluice.yaml`). */
  readonly drugSchedules?: () => Readonly<Record<string, string>> | undefined;
  /** Tokens toward partners; the store's, and kept, unless a trial brings others. */
  readonly mint?: Mint;
  /** What several messages are about; needed by channels with `case:` and destinations with `unknown:`, and when results differ from what came. */
  readonly cases?: Pick<Cases, "ask" | "decided" | "raise" | "settle">;
  /** Critical results that somebody must acknowledge; needed by destinations with `alert:` and channels with `acknowledges:` alone. */
  readonly alerts?: Alerts;
}

/** Wall time that never goes back. */
export interface Calendar {
  now(): number;
  /** False: the clock is far behind what was seen before, and no date can be trusted. */
  readonly isTrusted: boolean;
  /** What has ended by now stays so after a restart. */
  keep(): void;
}

/** A channel revision that can be run: its definition, and the sandbox program loaded under `program`. */
export interface ChannelRevision {
  readonly channel: Channel;
  readonly program: string;
}

/** The sandbox runs a channel's revisions beside each other, each under a name of its own. */
export function programName({ name, revision }: Pick<Channel, "name" | "revision">): string {
  return `${name}@${revision}`;
}

/** Events of the flow: names, codes and counts, never content (security-reliability E.2). */
export interface FlowEvents {
  accepted(channel: string, message: number): void;
  duplicate(channel: string): void;
  notAccepted(channel: string, code: Code): void;
  /** A kind of problem that the strict reading found in a message, and how often: codes and paths, never content. */
  nonconforming(channel: string, code: Code, path: string, count: number): void;
  sameIdOtherBytes(channel: string): void;
  settled(channel: string, destination: string, state: string, code?: Code, message?: number): void;
  /** Keys that a lookup table had no row for: how many, never which. */
  missedKey?(channel: string, table: string, count: number): void;
  /** The source got no answer: what it asks for may have arrived. */
  unanswered(channel: string, code: Code): void;
}

/** A destination ready to be used: connector instance and its way out. */
export interface Exit {
  readonly spec: DestinationSpec;
  readonly connector: Destination;
  /** Of an alert: the ways to those who are told next, in their order. */
  readonly escalations?: readonly Pick<Exit, "connector" | "send">[];
  /** The way of inquiries about what may have arrived; absent where there are none. */
  readonly inquiry?: Pick<Exit, "connector" | "send">;
  /** Which of its options say where to; absent: all. */
  readonly way?: Way;
  /** What an edit of the channel has changed of its boundary since the revision of what leaves; the entry then waits for a person. */
  tightened?(): string | undefined;
  /** The entry was accepted under an earlier revision of the channel. */
  readonly isEarlier?: boolean;
  /** Resolves when the partner's link lets another message pass: what is asked of the boundary is asked after it. */
  turn?(signal: AbortSignal): Promise<unknown>;
  /** One attempt through the engine's sockets. */
  send(released: Released, attempt: number, signal: AbortSignal, entry: Pick<Entry, "id" | "again">): Promise<Outcome>;
}

/** Where accepted entries go: a lane of the channel, held by the runtime. */
export interface LaneDoor {
  push(entry: Claimed): void;
  /** Something was put back in the record. */
  ring?(): void;
  /** It waits for its partner, a person or the disk; or those before this entry in its order do. */
  stuck?(entry: Claimed): boolean;
  /** Takes a waiting entry out of the lane's hands while `change` ends it in the record (`Lane.withdraw`); anything but `withdrawn`: not called. */
  withdraw?(id: MessageId, change: () => Promise<void>): Promise<"withdrawn" | "sending" | "gone">;
}
