import type { Code } from "../sdk/index.ts";
import type { LaneStatus } from "../queue/lane.ts";
import type { End, Entry, Flight, MessageDetail, MessageId, MessagePage } from "../store/store.ts";
import type { Follower } from "./operator/follower.ts";
import type { EventFilter } from "./operator/watching.ts";
import type { Walls } from "../sandbox/sandbox.ts";

/** One lane as the operator sees it. */
export interface LaneView {
  readonly lane: string;
  readonly channel: string;
  readonly destination: string;
  readonly partner: string;
  readonly status: LaneStatus;
  /** Why the last attempt of the head failed, while it is tried again. */
  readonly failed?: Code;
  readonly received: number;
  readonly ends: Readonly<Record<End, number>>;
  /** In flight: waiting and held. */
  readonly depth: number;
  readonly held: number;
  /** Milliseconds since receipt of the oldest entry in flight. */
  readonly oldestAgeMs?: number;
}

export interface ChannelView {
  readonly channel: string;
  readonly revision: string;
  readonly source: { readonly connector: string; readonly partner: string; readonly listening: boolean; readonly port?: number };
  readonly received: number;
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
}

/** What console, API and command line can do. Contents come out only through `message`, masked by whoever shows them. */
export interface Operations {
  status(): EngineStatus;
  messages(query: { channel?: string; lane?: string; state?: Flight | End; before?: MessageId; limit: number }): MessagePage;
  message(id: MessageId): MessageDetail | undefined;
  /** Entries at an end a person may reopen: dead, rejected, refused; and held ones. */
  dead(query: { channel?: string; lane?: string; limit: number }): readonly Entry[];
  /** Puts such an entry back in flight; it is prepared anew with the partners and agreements of now. */
  retry(lane: string, id: MessageId): Promise<void>;
  /** Cancels a held or dead entry; `reason` is kept in the record (sealed), never logged. */
  discard(lane: string, id: MessageId, reason: string): Promise<void>;
  /** Events from now on, for one reader, who ends it. */
  follow(filter: EventFilter): Pick<Follower, "next" | "end">;
  /** Loop alive and, for `ready`, a real write with fsync. */
  ready(): Promise<boolean>;
}
