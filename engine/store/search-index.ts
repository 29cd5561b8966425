import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Facts } from "./facts.ts";
import type { MessageId } from "./store.ts";

/** A search with every name as the record's number for it. */
export interface IndexQuery {
  readonly channel?: number;
  readonly lanes?: readonly number[];
  readonly states?: readonly number[];
  readonly code?: string;
  readonly control?: Uint8Array;
  readonly type?: string;
  readonly received?: { readonly from?: number; readonly to?: number };
  readonly settled?: { readonly from?: number; readonly to?: number };
  readonly parent?: number;
}

/** Messages that may match, newest first, complete down to `from`. */
export interface Part {
  readonly ids: readonly MessageId[];
  readonly from: MessageId;
}

interface Condition {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

/** Rows that one question may go through. */
const mostRows = 200_000;
/** A span of time with so few rows is read whole and sorted. */
const fewRows = 20_000;
/** Of entries in flight most will turn out not to match: so many are proposed at once. */
const manyInFlight = 1000;
const inFlight = [0, 1];
const allStates = [0, 1, 2, 3, 4, 5, 6, 7];

/** The rows of the search index: written by the indexer, asked for candidates. Whoever asks must look at the record before believing them. */
export class SearchIndex {
  readonly #db: DatabaseSync;
  readonly #rows: number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, rows = mostRows) {
    this.#db = db;
    this.#rows = rows;
  }

  about(name: string): SQLInputValue | undefined {
    return (this.#prepared("SELECT value FROM about WHERE name=?").get(name) as { value: SQLInputValue } | undefined)?.value;
  }

  setAbout(name: string, value: SQLInputValue): void {
    this.#prepared("INSERT OR REPLACE INTO about VALUES(?, ?)").run(name, value);
  }

  /** Everything of `change` in one transaction. */
  transaction(change: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      change();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  put({ id, channel, received, type, control, parent, entries }: Facts): void {
    const insert = this.#prepared("INSERT OR REPLACE INTO found VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (entries.length === 0) insert.run(id, 0, channel, null, null, null, null, received, type, control, parent);
    else if (entries[0]?.slot === 1) this.#prepared("DELETE FROM found WHERE message=? AND slot=0").run(id);
    for (const { slot, lane, state, code, at } of entries) insert.run(id, slot, channel, lane, state, code, at, received, type, control, parent);
  }

  remove(id: MessageId): void {
    this.#prepared("DELETE FROM found WHERE message=?").run(id);
  }

  /** Messages above a number that the index has in flight, oldest first. */
  inFlight(after: MessageId, limit: number): readonly MessageId[] {
    return this.#ids("SELECT DISTINCT message AS id FROM found INDEXED BY byFlight WHERE message>? AND state<2 ORDER BY message LIMIT ?", [after, limit]);
  }

  /** `stale`: entries that the index has in flight may have ended meanwhile, so they are candidates whatever their state. */
  find(query: IndexQuery, lanes: readonly number[], before: MessageId, limit: number, stale: boolean): readonly Part[] {
    const fixed = fixedConditions(query);
    const changing = changingConditions(query);
    const conditions = [...fixed, ...changing];
    const parts = this.#parts(query, lanes, conditions, before, limit);
    if (!stale || changing.length === 0) return parts;
    return [...parts, ...this.#perState(query.lanes ?? lanes, inFlight, fixed, before, Math.max(limit, manyInFlight))];
  }

  #parts(query: IndexQuery, lanes: readonly number[], conditions: readonly Condition[], before: MessageId, limit: number): readonly Part[] {
    const { control, parent, code, type, channel, received, settled } = query;
    if (control !== undefined) return [this.#along("byControl", [equal("control", control)], conditions, before, limit, this.#rows)];
    if (parent !== undefined) return [this.#along("byParent", [equal("parent", parent)], conditions, before, limit, this.#rows)];
    const asked = query.lanes ?? lanes;
    const span = (settled && this.#span("byAt", asked.map((lane) => [equal("lane", lane), ...between("at", settled)]), conditions, before)) ?? (received && this.#span("byReceived", [between("received", received)], conditions, before));
    if (span !== undefined) return [span];
    if (code !== undefined) return [this.#along("byCode", [equal("code", code)], conditions, before, limit, this.#rows)];
    if (query.lanes !== undefined || query.states !== undefined) return this.#perState(asked, query.states ?? allStates, conditions, before, limit);
    if (type !== undefined) return [this.#along("byType", [equal("type", type)], conditions, before, limit, this.#rows)];
    if (channel !== undefined) return [this.#along("byChannel", [equal("channel", channel)], conditions, before, limit, this.#rows)];
    return [this.#along(undefined, [], conditions, before, limit, this.#rows)];
  }

  #perState(lanes: readonly number[], states: readonly number[], conditions: readonly Condition[], before: MessageId, limit: number): readonly Part[] {
    const rows = Math.max(limit, Math.floor(this.#rows / Math.max(1, lanes.length * states.length)));
    return lanes.flatMap((lane) => states.map((state) => this.#along("byState", [equal("lane", lane), equal("state", state)], conditions, before, limit, rows)));
  }

  /** Along an index that is in the order of messages, through so many of its rows. */
  #along(index: string | undefined, key: readonly Condition[], conditions: readonly Condition[], before: MessageId, limit: number, rows: number): Part {
    const by = index === undefined ? "NOT INDEXED" : `INDEXED BY ${index}`;
    const start = [...key, { text: "message<?", values: [before] }];
    const [floor = 0] = this.#ids(`SELECT message AS id FROM found ${by} WHERE ${textOf(start)} ORDER BY message DESC LIMIT 1 OFFSET ${rows - 1}`, valuesOf(start));
    const all = [...start, { text: "message>=?", values: [floor] }, ...conditions];
    const ids = this.#ids(`SELECT DISTINCT message AS id FROM found ${by} WHERE ${textOf(all)} ORDER BY message DESC LIMIT ${limit}`, valuesOf(all));
    return { ids, from: ids.length < limit ? floor : Math.max(floor, ids.at(-1) ?? 0) };
  }

  /** A span of time, where it has few rows; undefined where it has many. */
  #span(index: string, keys: readonly (readonly Condition[])[], conditions: readonly Condition[], before: MessageId): Part | undefined {
    let left = fewRows;
    for (const key of keys) {
      const [rows = 0] = this.#ids(`SELECT count(*) AS id FROM (SELECT 1 FROM found INDEXED BY ${index} WHERE ${textOf(key)} LIMIT ${fewRows + 1})`, valuesOf(key));
      left -= rows;
      if (left < 0) return undefined;
    }
    const ids = keys.flatMap((key) => {
      const all = [...key, { text: "message<?", values: [before] }, ...conditions];
      return this.#ids(`SELECT message AS id FROM found INDEXED BY ${index} WHERE ${textOf(all)}`, valuesOf(all));
    });
    return { ids: [...new Set(ids)].sort((a, b) => b - a), from: 0 };
  }

  #ids(text: string, values: readonly SQLInputValue[]): number[] {
    return (this.#prepared(text).all(...values) as unknown as { id: number }[]).map((row) => row.id);
  }

  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    if (this.#statements.size >= 200) this.#statements.clear();
    const made = this.#db.prepare(text);
    this.#statements.set(text, made);
    return made;
  }
}

/** What never changes of a message or an entry. */
function fixedConditions({ channel, lanes, type, control, parent, received }: IndexQuery): Condition[] {
  return [
    ...(channel === undefined ? [] : [equal("channel", channel)]),
    ...(lanes === undefined ? [] : [{ text: `lane IN (${lanes.join(",")})`, values: [] }]),
    ...(type === undefined ? [] : [equal("type", type)]),
    ...(control === undefined ? [] : [equal("control", control)]),
    ...(parent === undefined ? [] : [equal("parent", parent)]),
    ...(received === undefined ? [] : between("received", received)),
  ];
}

function changingConditions({ states, code, settled }: IndexQuery): Condition[] {
  return [
    ...(states === undefined ? [] : [{ text: `state IN (${states.join(",")})`, values: [] }]),
    ...(code === undefined ? [] : [equal("code", code)]),
    ...(settled === undefined ? [] : between("at", settled)),
  ];
}

function equal(column: string, value: SQLInputValue): Condition {
  return { text: `${column}=?`, values: [value] };
}

function between(column: string, { from, to }: { readonly from?: number; readonly to?: number }): Condition[] {
  return [
    { text: `${column}>=?`, values: [from ?? 0] },
    { text: `${column}<?`, values: [to ?? Number.MAX_SAFE_INTEGER] },
  ];
}

function textOf(conditions: readonly Condition[]): string {
  return conditions.map(({ text }) => text).join(" AND ");
}

function valuesOf(conditions: readonly Condition[]): SQLInputValue[] {
  return conditions.flatMap(({ values }) => values);
}
