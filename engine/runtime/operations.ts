import type { Ending } from "../phi/index.ts";
import type { Code } from "../sdk/index.ts";
import type { LaneStatus } from "../queue/lane.ts";
import type { Resolution } from "../queue/unknown.ts";
import type { Walls } from "../sandbox/sandbox.ts";
import type { Channel } from "../config/project.ts";
import type { BreakGlass, CaseView } from "./break-glass/desk.ts";
import type { End, Entry, Flight, MessageDetail, MessageId, MessagePage, PruneReport, Search, StoreCare } from "../store/store.ts";
import type { Notice } from "../store/ledger/notice.ts";
import type { ComparedValues, Comparison } from "./operator/comparison.ts";
import type { WorkCount } from "../cases/index.ts";
import type { Follower } from "./operator/follower.ts";
import type { Intake } from "./operator/intake.ts";
import type { JobView } from "./operator/job.ts";
import type { Jobs } from "./operator/jobs.ts";
import type { LaneOrders } from "./operator/lane-orders.ts";
import type { Selection } from "./operator/selection.ts";
import type { PauseOrder } from "./operator/standing-orders.ts";
import type { WorkDesk } from "./operator/work-desk.ts";
import type { EventFilter } from "./operator/watching.ts";

/** One lane as the operator sees it. */
export interface LaneView {
  readonly lane: string;
  readonly channel: string;
  readonly destination: string;
  readonly partner: string;
  readonly status: LaneStatus;
  /** Why the last attempt of the head failed, while it is tried again. */
  readonly failed?: Code;
  /** A person has stopped it, or everything to its partner; their reason is told by `orders`, to operators alone. */
  readonly paused?: { readonly at: number; readonly by: "lane" | "partner" };
  readonly received: number;
  readonly ends: Readonly<Record<End, number>>;
  /** Entries that ended a second, over the last minute. */
  readonly rate: number;
  /** In flight: waiting and held. */
  readonly depth: number;
  readonly held: number;
  /** Milliseconds since receipt of the oldest entry in flight. */
  readonly oldestAgeMs?: number;
}

export interface ChannelView {
  readonly channel: string;
  readonly revision: string;
  /** `port`: where it listens; one that asks, looks or is handed its messages has none. */
  readonly source: { readonly connector: string; readonly partner: string; readonly open: boolean; readonly port?: number };
  readonly received: number;
  /** A person has closed its intake. */
  readonly drained?: true;
}

export interface EngineStatus {
  readonly name: string;
  readonly startedAt: number;
  readonly now: number;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly code?: Code;
  readonly walls: Walls;
  readonly channels: readonly ChannelView[];
  readonly lanes: readonly LaneView[];
  /** received × destinations − (ends + in flight): anything but 0 is a fault of the engine (DESIGN 2, promise 2). */
  readonly conservationGap: number;
  readonly heldBytes: number;
  /** Bulk work that is under way or was lately, newest first. */
  readonly jobs: readonly JobView[];
  /** Destinations whose agreement ends within 60 days. */
  readonly endings: readonly Ending[];
  /** Emergency accesses that are open, or whose review is due. */
  readonly breakGlass: readonly CaseView[];
  /** Open work by list. */
  readonly work: readonly WorkCount[];
}

/** What console, API and command line can do. Contents come out only through `message`, masked by whoever shows them. */
export interface Operations {
  status(): EngineStatus;
  messages(query: { channel?: string; lane?: string; state?: Flight | End; before?: MessageId; limit: number }): MessagePage;
  /** Everything a search can ask, and by partner. RUN-201: a name that nothing has. */
  search(query: Selection & Pick<Search, "before" | "limit">): Promise<MessagePage>;
  message(id: MessageId): MessageDetail | undefined;
  /** A running channel as it is configured. */
  channel(name: string): Channel | undefined;
  /** Entries at an end a person may reopen: dead, rejected, refused; and held ones. */
  dead(query: { channel?: string; lane?: string; limit: number }): readonly Entry[];
  /** Puts such an entry back in flight; it is prepared anew with the partners and agreements of now. */
  retry(lane: string, id: MessageId): Promise<void>;
  /** Cancels an entry that waits, is held or has come to an end a person may reopen; `reason` is kept in the record (sealed), never logged. */
  discard(lane: string, id: MessageId, reason: string): Promise<void>;
  /** For the person who knows what became of a message that may have arrived: it is delivered, or sent again in its place. LAN-124: that is not open. */
  resolve(lane: string, id: MessageId, what: Resolution, by: string, reason: string): Promise<void>;
  readonly jobs: Pick<Jobs, "list" | "find" | "preview" | "start" | "pause" | "resume" | "stop">;
  readonly lanes: Pick<LaneOrders, "pause" | "resume" | "hold" | "release" | "retryNow">;
  readonly breakGlass: Pick<BreakGlass, "about" | "list" | "asked" | "request" | "say">;
  readonly work: Pick<WorkDesk, "list" | "item" | "close" | "acknowledge" | "counts">;
  readonly intake: Pick<Intake, "close" | "open">;
  /** The entry that stands first in a lane and waits, if one does. */
  first(lane: string): Entry | undefined;
  /** Why lanes are stopped, with what people wrote. */
  orders(): Readonly<Record<string, PauseOrder>>;
  /** The lanes that a selection is about. */
  lanesOf(selection: Pick<Selection, "channel" | "lanes" | "partner">): readonly string[];
  /** What the files of the project, as they are now, would have made of a channel's last messages. */
  compare(request: { readonly channel: string; readonly last: number }): Promise<{ readonly comparison: Comparison; readonly values: readonly ComparedValues[] }>;
  /** What retention allows to go: counted, or with `apply` deleted. */
  prune(apply: boolean): Promise<PruneReport>;
  rotateKey(): Promise<void>;
  /** A copy of the record in an absent or empty folder. */
  backup: StoreCare["backup"];
  /** Keeps in the ledger of disclosures what is no message on its way; resolves when it is on the disk. */
  disclose(notice: Notice): Promise<void>;
  /** Keeps in the ledger that it is asked, and brings to its files all that is known by now: the answer is read from them. */
  askLedger(notice: Notice): Promise<void>;
  /** By what a patient stands in the ledger. */
  patientId(owner: string, id: string): string;
  /** Events from now on, for one reader, who ends it. */
  follow(filter: EventFilter): Pick<Follower, "next" | "end">;
  /** Loop alive and, for `ready`, a real write with fsync. */
  ready(): Promise<boolean>;
}
