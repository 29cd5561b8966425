import type { DatabaseSync, StatementSync } from "node:sqlite";
import { moved, states } from "./schema.ts";
import { type Seat, seatsOf } from "./seats.ts";
import type { Census } from "./store.ts";

/** Messages are counted in blocks of this many numbers, so that one look costs a millisecond or two and not more. */
const block = 1024;
/** Blocks that one look may count of what it has never seen; beside them one of the old ones is counted again. */
const ahead = 8;

interface Counted {
  readonly expected: number;
  readonly found: number;
  readonly gap: number;
}

/**
 * Counts the record's rows: what the messages ask for against the entries that are there. It reads no counter, so a lost row shows
 * although every counter still agrees with the others. Each look goes on where the last one ended, newest first in line, and then
 * around the old ones again and again.
 */
export class RowCensus {
  readonly #db: DatabaseSync;
  readonly #sql;
  readonly #blocks = new Map<number, Counted>();
  #sum: Counted = { expected: 0, found: 0, gap: 0 };
  /** First block that still grows. */
  #fresh = 0;
  #round = 0;
  /** Up to this position entries were looked at for those that came to an old message. */
  #seen: number | undefined;
  /** Blocks that ask for more than when they were counted: a fallback or a replay put an entry into one. */
  readonly #stale = new Set<number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = prepare(db);
  }

  look(): Census {
    // One state of the record for all of it: elsewhere a commit may come between two reads.
    const own = !this.#db.isTransaction;
    if (own) this.#db.exec("BEGIN");
    try {
      const { last } = this.#sql.last.get() as { last: number };
      const newest = Math.floor(last / block);
      for (let n = 0; n < ahead && this.#fresh < newest; n++) this.#count(this.#fresh++);
      this.#findLate();
      for (const number of [...this.#stale].slice(0, ahead)) {
        this.#stale.delete(number);
        if (number < this.#fresh) this.#count(number);
      }
      const whole = this.#fresh === newest && this.#stale.size === 0;
      if (whole) this.#count(newest);
      if (this.#fresh > 0) this.#count(this.#round++ % this.#fresh);
      const { received } = this.#sql.received.get() as { received: number };
      return { ...this.#sum, received, whole };
    } finally {
      if (own) this.#db.exec("COMMIT");
    }
  }

  /** Every entry takes the next position there is, so what came since the last look stands behind it. What is counted later needs no such care. */
  #findLate(): void {
    const { last } = this.#sql.end.get() as { last: number };
    const seen = this.#seen;
    this.#seen = last;
    if (seen === undefined || seen === last) return;
    for (const { id } of this.#sql.lanes.all() as unknown as { id: number }[]) {
      for (const { number } of this.#sql.late.all(id, seen) as unknown as { number: number }[]) this.#stale.add(number);
    }
  }

  #count(number: number): void {
    const [after, until] = [number * block - 1, (number + 1) * block - 1];
    const expected = new Map<number, number>();
    const again: Seat[] = [];
    for (const { lanes, n, id } of this.#sql.asked.all(after, until) as unknown as { lanes: string; n: number; id: number }[]) {
      for (const seat of seatsOf(id, lanes)) {
        expected.set(seat.lane, (expected.get(seat.lane) ?? 0) + n);
        if (seat.home !== id) again.push(seat);
      }
    }
    const now = { expected: 0, found: 0, gap: 0 };
    for (const { id } of this.#sql.lanes.all() as unknown as { id: number }[]) {
      const asked = expected.get(id) ?? 0;
      const { n: first } = this.#sql.there.get(id, after, until) as { n: number };
      const n = again.reduce((sum, seat) => sum + (seat.lane === id && this.#sql.again.get(id, seat.home) !== undefined ? 1 : 0), first);
      now.expected += asked;
      now.found += n;
      now.gap += Math.abs(asked - n);
    }
    const before = this.#blocks.get(number) ?? { expected: 0, found: 0, gap: 0 };
    this.#blocks.set(number, now);
    const { expected: asked, found, gap } = this.#sum;
    this.#sum = { expected: asked + now.expected - before.expected, found: found + now.found - before.found, gap: gap + now.gap - before.gap };
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  const inState = `state<${states.length}`;
  const stands = `(${inState} OR (state=${moved} AND EXISTS(SELECT 1 FROM entries t WHERE t.lane=e.lane AND t.position=e.moved AND t.message=e.message AND t.${inState})))`;
  return {
    last: sql("SELECT coalesce(max(id), 0) AS last FROM messages"),
    asked: sql("SELECT lanes, count(*) AS n, min(id) AS id FROM messages WHERE id>? AND id<=? AND lanes<>'' GROUP BY lanes"),
    lanes: sql("SELECT id FROM lanes"),
    end: sql("SELECT coalesce(max(last), 0) AS last FROM lanes"),
    late: sql(`SELECT DISTINCT message/${block} AS number FROM entries WHERE lane=? AND position>? AND position<>message`),
    // An entry that was put back counts by the row that its first one points to.
    there: sql(`SELECT count(*) AS n FROM entries e WHERE lane=? AND position>? AND position<=? AND message=position AND ${stands}`),
    again: sql(`SELECT 1 FROM entries e WHERE lane=? AND position=? AND ${stands}`),
    received: sql("SELECT coalesce(sum(received), 0) AS received FROM lanes"),
  };
}
