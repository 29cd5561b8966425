import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { isOver, moved } from "./schema.ts";
import { seatsOf } from "./seats.ts";
import type { MessageId, RetentionRule } from "./store.ts";

/** `retained`: messages that an earlier walk had to leave whole; then each clock on its own. */
export const clocks = ["retained", "contents", "metadata"] as const;
export type RetentionClock = (typeof clocks)[number];

/** One bounded step on one clock. `closed`: channels whose walk is over; `after`: how far the retained were looked at. */
export interface RetentionStep {
  readonly clock: RetentionClock;
  readonly rules: readonly RetentionRule[];
  readonly now: number;
  readonly closed: readonly number[];
  readonly after: MessageId;
}

/** A message that is old enough for its clock. `busy`: in flight or waiting for a person. */
export interface OldMessage {
  readonly id: MessageId;
  readonly channel: number;
  readonly received: number;
  readonly lanes: string;
  readonly busy: boolean;
}

/** What a step found; `marks`: per channel, the message up to which its walk has come. */
export interface Walked {
  readonly old: readonly OldMessage[];
  readonly marks: ReadonlyMap<number, MessageId>;
  readonly closed: readonly number[];
  readonly after: MessageId;
  readonly more: boolean;
}

/** Bounds of a step: so that the messages that come meanwhile wait for milliseconds. */
const mostOld = 100;
const mostRows = 2000;

/**
 * Finds what is old enough, each message once: a mark for each channel and clock stands in the record, and a walk goes from there to the first
 * message that is too young. Channels whose marks agree walk together, so a pruning costs what came since the last one. Reads only.
 */
export class RetentionWalk {
  readonly #sql: Readonly<Record<"rows" | "row" | "retained" | "name" | "mark" | "entry", StatementSync>>;

  constructor(db: DatabaseSync) {
    const columns = "SELECT id, channel, received, lanes FROM messages";
    this.#sql = {
      rows: db.prepare(`${columns} WHERE id>? AND id<=? ORDER BY id LIMIT ?`),
      row: db.prepare(`${columns} WHERE id=?`),
      retained: db.prepare("SELECT message FROM retained WHERE message>? ORDER BY message LIMIT ?"),
      name: db.prepare("SELECT id FROM names WHERE name=?"),
      mark: db.prepare("SELECT value FROM about WHERE name=?"),
      entry: db.prepare("SELECT state, moved FROM entries WHERE lane=? AND position=?"),
    };
  }

  mark(clock: RetentionClock, channel: number): MessageId {
    return this.#number(this.#sql.mark.get(markName(clock, channel)), "value") ?? 0;
  }

  /** Everything before that time is old for the clock; undefined: kept for ever. */
  before(step: RetentionStep, clock: "contents" | "metadata"): ReadonlyMap<number, number> {
    const before = new Map<number, number>();
    for (const { channel, contentsMs, metadataMs } of step.rules) {
      const ms = clock === "contents" ? contentsMs : metadataMs;
      const id = ms === undefined ? undefined : this.#number(this.#sql.name.get(channel), "id");
      if (id !== undefined && ms !== undefined) before.set(id, step.now - ms);
    }
    return before;
  }

  /** `marks` replace those of the record: for a preview, which must not move them. */
  next(step: RetentionStep, marks?: ReadonlyMap<number, MessageId>): Walked {
    if (step.clock === "retained") return this.#retained(step.after);
    const clock = step.clock;
    const before = this.before(step, clock);
    const at = new Map([...before.keys()].filter((channel) => !step.closed.includes(channel)).map((channel) => [channel, marks?.get(channel) ?? this.mark(clock, channel)]));
    const from = Math.min(...at.values());
    const group = new Set([...at].filter(([, mark]) => mark === from).map(([channel]) => channel));
    const upTo = Math.min(Number.MAX_SAFE_INTEGER, ...[...at.values()].filter((mark) => mark > from));
    const rows = at.size === 0 ? [] : (this.#sql.rows.all(from, upTo, mostRows) as unknown as Omit<OldMessage, "busy">[]);
    const come = new Map<number, MessageId>();
    const closed = [...step.closed];
    const old: OldMessage[] = [];
    let last = from;
    for (const row of rows) {
      if (old.length === mostOld || come.size === group.size) break;
      last = row.id;
      if (!group.has(row.channel) || come.has(row.channel)) continue;
      if (row.received < (before.get(row.channel) ?? 0)) {
        old.push({ ...row, busy: this.#isBusy(row) });
      } else {
        come.set(row.channel, row.id - 1);
        closed.push(row.channel);
      }
    }
    const ended = rows.length < mostRows && last === (rows.at(-1)?.id ?? from);
    for (const channel of group) {
      if (come.has(channel)) continue;
      come.set(channel, ended && upTo < Number.MAX_SAFE_INTEGER ? upTo : last);
      if (ended && upTo === Number.MAX_SAFE_INTEGER) closed.push(channel);
    }
    return { old, marks: come, closed, after: 0, more: [...at.keys()].some((channel) => !closed.includes(channel)) };
  }

  #retained(after: MessageId): Walked {
    const ids = (this.#sql.retained.all(after, mostOld) as unknown as { message: number }[]).map((row) => row.message);
    const old = ids.flatMap((id): OldMessage[] => {
      const row = this.#sql.row.get(id) as Omit<OldMessage, "busy"> | undefined;
      return row === undefined ? [] : [{ ...row, busy: this.#isBusy(row) }];
    });
    return { old, marks: new Map(), closed: [], after: ids.at(-1) ?? after, more: ids.length === mostOld };
  }

  #isBusy({ id, lanes }: { readonly id: number; readonly lanes: string }): boolean {
    return seatsOf(id, lanes).some(({ lane, home }) => !isOver(this.stateAt(lane, home)));
  }

  /** State of the entry whose first row stands there; a lost one counts as over: there is nothing to wait for. */
  stateAt(lane: number, home: number): number {
    const first = this.#sql.entry.get(lane, home) as { state: number; moved: number | null } | undefined;
    const stands = first?.state === moved ? (this.#sql.entry.get(lane, first.moved) as { state: number } | undefined) : first;
    return stands?.state ?? 2;
  }

  #number(row: unknown, column: string): number | undefined {
    return (row as Record<string, SQLInputValue> | undefined)?.[column] as number | undefined;
  }
}

export function markName(clock: RetentionClock, channel: number): string {
  return `kept ${clock} ${channel}`;
}
