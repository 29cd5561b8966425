import { existsSync } from "node:fs";
import { dataFolder } from "../config/read/data-folder.ts";
import { accessRecord, controlPath, show, timelineOf, type Purpose, type Shown, type Timeline } from "../console/index.ts";
import { systemClock } from "../runtime/clock.ts";
import type { EngineStatus } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import { openReader, type End, type Entry, type Flight, type MessageDetail, type MessageId, type MessagePage, type MessageSummary } from "../store/index.ts";
import { callControl } from "./control-client.ts";

export interface ListQuery {
  readonly channel?: string;
  readonly lane?: string;
  readonly state?: End | Flight;
  readonly before?: MessageId;
  readonly limit: number;
}

/** What commands ask of a project: the running engine when there is one, else its record on disk. */
export interface Door {
  readonly live: boolean;
  messages(query: ListQuery): Promise<MessagePage>;
  timeline(id: MessageId): Promise<Timeline>;
  /** Masked without a purpose; with one, the access is recorded first. */
  contents(id: MessageId, purpose?: Purpose): Promise<Shown>;
  dead(query: ListQuery): Promise<readonly Entry[]>;
  close(): void;
}

/** What only a running engine can do. */
export interface LiveDoor extends Door {
  status(): Promise<EngineStatus>;
  retry(lane: string, id: MessageId): Promise<void>;
  discard(lane: string, id: MessageId, reason: string): Promise<void>;
}

/** The running engine of a project; CLI-101 when there is none. */
export async function openLiveDoor(root: string): Promise<LiveDoor> {
  const path = controlPath(dataFolder(root));
  const get = <T>(url: string) => callControl<T>(path, "GET", url);
  const door: LiveDoor = {
    live: true,
    status: () => get("/api/status"),
    messages: async (query) => {
      const { messages, more } = await get<{ messages: MessageSummary[]; more?: MessageId }>(`/api/messages?${search(query)}`);
      return more === undefined ? messages : Object.assign(messages, { more });
    },
    timeline: (id) => get(`/api/messages/${id}`),
    contents: (id, purpose) =>
      purpose ? callControl(path, "POST", `/api/messages/${id}/contents`, { purpose }) : get(`/api/messages/${id}/contents`),
    dead: async (query) => (await get<{ entries: Entry[] }>(`/api/dead?${search(query)}`)).entries,
    retry: (lane, id) => callControl(path, "POST", "/api/entries/retry", { lane, id }),
    discard: (lane, id, reason) => callControl(path, "POST", "/api/entries/discard", { lane, id, reason }),
    close: () => {},
  };
  await door.status();
  return door;
}

/** The running engine, or the record it left on disk. */
export async function openDoor(root: string): Promise<Door> {
  try {
    return await openLiveDoor(root);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "CLI-101") throw error;
    const data = dataFolder(root);
    if (!existsSync(data)) throw error;
    return recordDoor(data);
  }
}

function recordDoor(data: string): Door {
  const reader = openReader(data);
  const record = accessRecord(data, systemClock.now);
  const detail = (id: MessageId): MessageDetail => {
    const found = reader.message(id);
    if (!found) throw new EngineError("CON-104", { message: id });
    return found;
  };
  return {
    live: false,
    messages: async (query) => reader.list(query),
    timeline: async (id) => timelineOf(detail(id)),
    contents: async (id, purpose) => {
      const found = detail(id);
      if (purpose) record(id, purpose);
      return show(found, purpose);
    },
    dead: async (query) => reopenable(reader, query),
    close: () => reader.close(),
  };
}

const reopenableStates = ["dead", "rejected", "refused", "held"] as const;

/** The same list that the engine gives: entries at an end a person may reopen, and held ones. */
function reopenable(reader: { list(query: ListQuery): readonly MessageSummary[] }, query: ListQuery): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const state of reopenableStates) {
    for (const message of reader.list({ ...query, state })) {
      for (const entry of message.entries) {
        if (entry.state === state && (query.lane === undefined || entry.lane === query.lane)) found.set(`${entry.lane} ${entry.id}`, entry);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.id - a.id).slice(0, query.limit);
}

function search(query: ListQuery): string {
  return new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();
}
