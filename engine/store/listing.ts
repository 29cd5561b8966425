import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isSetAside, numberOf, type State } from "./schema.ts";
import type { Flight, End, MessageId } from "./store.ts";

export interface ListQuery {
  readonly channel?: string;
  readonly lane?: string;
  readonly state?: Flight | End;
  readonly before?: MessageId;
  readonly limit: number;
}

/** Numbers of messages, newest first; with `more`, what is below it has not been looked at. */
export interface Found {
  readonly ids: readonly MessageId[];
  readonly more?: MessageId;
}

/** Rows that one call may go through: whoever asks for what is rare in a long record may not hold up the engine. */
const mostRows = 20_000;

/** What one lane has, complete down to `from`. */
interface Part {
  readonly ids: readonly MessageId[];
  readonly from: MessageId;
}

/**
 * Finds the messages of a list. Pages go by message number: an entry that was put back has another place in its lane, but is found at
 * the number of its message, by way of its first row.
 */
export class Listing {
  readonly #sql;
  readonly #rows: number;

  constructor(db: DatabaseSync, rows = mostRows) {
    this.#rows = rows;
    this.#sql = prepare(db);
  }

  find(query: ListQuery): Found {
    const before = query.before ?? Number.MAX_SAFE_INTEGER;
    const parts = query.lane === undefined && query.state === undefined ? [this.#ofChannel(query.channel, before, query.limit)] : this.#ofLanes(query, before);
    const from = Math.max(0, ...parts.map((part) => part.from));
    const all = [...new Set(parts.flatMap((part) => part.ids))].filter((id) => id >= from).sort((a, b) => b - a);
    const ids = all.slice(0, query.limit);
    const more = all.length > ids.length ? ids.at(-1) : from;
    return { ids, ...(more !== undefined && more > 0 && { more }) };
  }

  #ofChannel(channel: string | undefined, before: number, limit: number): Part {
    const from = channel === undefined ? 0 : floor(this.#sql.messagesFloor.get(before, this.#rows - 1));
    return part(this.#sql.messages.all(before, from, channel ?? null, channel ?? null, limit), from, limit);
  }

  #ofLanes({ channel, lane, state, limit }: ListQuery, before: number): readonly Part[] {
    const lanes = (this.#sql.lanes.all() as unknown as (Record<State, number> & { id: number; name: string })[])
      .filter(({ name }) => (lane === undefined || name === lane) && (channel === undefined || name.startsWith(`${channel}/`)))
      .filter((row) => state === undefined || row[state] > 0);
    const rows = Math.max(limit, Math.floor(this.#rows / Math.max(1, lanes.length)));
    return lanes.flatMap(({ id }) =>
      state !== undefined && isSetAside(numberOf[state])
        ? this.#setAside(id, numberOf[state], before, limit, rows)
        : [this.#inLane(id, state, before, limit, rows)],
    );
  }

  #inLane(lane: number, state: State | undefined, before: number, limit: number, rows: number): Part {
    const from = floor(this.#sql.entriesFloor.get(lane, before, rows - 1));
    const number = state === undefined ? null : numberOf[state];
    return part(this.#sql.entries.all(lane, before, from, number, number, limit), from, limit);
  }

  /** Those that were put back and ended again stand behind, so they are looked for apart, among the latest. */
  #setAside(lane: number, state: number, before: number, limit: number, rows: number): readonly Part[] {
    const from = floor(this.#sql.asideFloor.get(lane, state, before, rows - 1));
    return [
      part(this.#sql.aside.all(lane, state, before, from, limit), from, limit),
      part(this.#sql.asideAgain.all(lane, state, rows, before, limit), 0, limit),
    ];
  }
}

function floor(row: unknown): number {
  return (row as { id: number } | undefined)?.id ?? 0;
}

/** A part that is full goes down to its last; one that is not goes down to where the rows were cut. */
function part(rows: unknown, from: MessageId, limit: number): Part {
  const ids = (rows as { id: number }[]).map((row) => row.id);
  return { ids, from: ids.length < limit ? from : Math.max(from, ids.at(-1) ?? 0) };
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    lanes: sql("SELECT * FROM lanes"),
    messagesFloor: sql("SELECT id FROM messages WHERE id<? ORDER BY id DESC LIMIT 1 OFFSET ?"),
    messages: sql(
      "SELECT m.id FROM messages m JOIN names c ON c.id=m.channel WHERE m.id<? AND m.id>=? AND (? IS NULL OR c.name=?) ORDER BY m.id DESC LIMIT ?",
    ),
    entriesFloor: sql("SELECT position AS id FROM entries WHERE lane=? AND position<? ORDER BY position DESC LIMIT 1 OFFSET ?"),
    entries: sql(`SELECT e.message AS id FROM entries e LEFT JOIN entries l ON l.lane=e.lane AND l.position=e.later
      LEFT JOIN entries t ON t.lane=e.lane AND t.position=iif(l.lane IS NULL, e.moved, l.moved)
      WHERE e.lane=? AND e.position<? AND e.position>=? AND e.message=e.position AND (? IS NULL OR coalesce(t.state, l.state, e.state)=?) ORDER BY e.position DESC LIMIT ?`),
    asideFloor: sql("SELECT position AS id FROM aside WHERE lane=? AND state=? AND position<? ORDER BY position DESC LIMIT 1 OFFSET ?"),
    aside: sql(`SELECT e.message AS id FROM aside a JOIN entries e ON e.lane=a.lane AND e.position=a.position
      WHERE a.lane=? AND a.state=? AND a.position<? AND a.position>=? AND e.message=e.position ORDER BY a.position DESC LIMIT ?`),
    asideAgain: sql(`SELECT e.message AS id FROM (SELECT lane, position FROM aside WHERE lane=? AND state=? ORDER BY position DESC LIMIT ?) a
      JOIN entries e ON e.lane=a.lane AND e.position=a.position WHERE e.message<>e.position AND e.message<? ORDER BY e.message DESC LIMIT ?`),
  };
}
