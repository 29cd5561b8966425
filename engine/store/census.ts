import type { DatabaseSync, StatementSync } from "node:sqlite";
import { moved, states } from "./schema.ts";
import { type Seat, seatsOf } from "./seats.ts";
import type { Census } from "./store.ts";

/** Messages are counted in blocks of this many numbers, so that one look costs a millisecond or two and not more. */
const block = 1024;
/** Blocks that one look may count of what it has never seen; beside them one of the old ones is counted again. */
const ahead = 8;

/** A run of so many empty blocks (after a restore) is stepped over: its numbers were never given out, or all of them are gone. */
const wide = 1000;

/** The block of numbers that a message is counted in. */
export function blockOf(message: number): number {
  return Math.floor(message / block);
}

interface Counted {
  readonly expected: number;
  readonly found: number;
  readonly gap: number;
}

/**
 * Counts the record's rows: what the messages ask for against the entries that are there. It reads no counter, so a lost row shows
 * although every counter still agrees with the others. Each look goes on where the last one ended, newest first in line, and then
 * around the old ones again and again. Until blocks that were changed since are counted again, it is not whole.
 */
export class RowCensus {
  readonly #db: DatabaseSync;
  readonly #sql;
  readonly #blocks = new Map<number, Counted>();
  #sum: Counted = { expected: 0, found: 0, gap: 0 };
  /** First block with a message, and the first that was not counted yet or still grows. */
  #oldest = 0;
  #fresh: number | undefined;
  #round = 0;
  readonly #holes: { readonly from: number; readonly to: number }[] = [];
  /** Blocks that ask for another sum than when they were counted: retention deleted of them, a fallback or a replay came to them. */
  readonly #stale = new Set<number>();
  #step: number | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = prepare(db);
  }

  look(): Census {
    // One state of the record for all of it: elsewhere a commit may come between two reads.
    const own = !this.#db.isTransaction;
    if (own) this.#db.exec("BEGIN");
    try {
      const { first, last } = this.#sql.last.get() as { first: number; last: number };
      const newest = blockOf(last);
      this.#oldest = blockOf(first);
      // What retention has deleted whole is not looked for.
      this.#fresh = Math.max(this.#fresh ?? 0, this.#oldest);
      this.#noteStale();
      let left = ahead;
      for (const number of [...this.#stale].slice(0, ahead)) {
        left--;
        this.#count(number);
        this.#stale.delete(number);
      }
      for (; left > 0 && this.#fresh < newest; left--) this.#fresh = this.#goOn(this.#fresh, newest);
      const whole = this.#fresh >= newest && this.#stale.size === 0;
      if (whole) this.#count(newest);
      if (this.#fresh > this.#oldest) this.#count(this.#inTurn(this.#oldest, this.#fresh));
      const { received } = this.#sql.received.get() as { received: number };
      return { ...this.#sum, received, whole };
    } finally {
      if (own) this.#db.exec("COMMIT");
    }
  }

  /** Counts a block that was never seen; gives the next one. */
  #goOn(number: number, newest: number): number {
    this.#count(number);
    if (this.#blocks.has(number)) return number + 1;
    const { id } = this.#sql.next.get((number + 1) * block) as { id: number | null };
    const to = Math.min(newest, id === null ? newest : blockOf(id));
    if (to - number < wide) return number + 1;
    this.#holes.push({ from: number + 1, to });
    return to;
  }

  /** Around the old blocks, one at each look. */
  #inTurn(oldest: number, fresh: number): number {
    const within = (number: number) => (number >= oldest && number < fresh ? number : oldest);
    const number = within(this.#round);
    const hole = this.#holes.find(({ from, to }) => number >= from && number < to);
    const due = hole === undefined ? number : within(hole.to);
    this.#round = due + 1;
    return due;
  }

  /** A sum over blocks that were changed since would accuse the counters, which were changed at once. */
  #noteStale(): void {
    const rows = this.#sql.stale.all(this.#step ?? Number.MAX_SAFE_INTEGER) as unknown as { step: number; block: number }[];
    const { step: latest } = this.#sql.lastStale.get() as { step: number };
    if (this.#step !== undefined && latest > this.#step && rows[0]?.step !== this.#step + 1) {
      for (const number of this.#blocks.keys()) this.#stale.add(number);
    }
    for (const { block: number } of rows) if (this.#blocks.has(number)) this.#stale.add(number);
    this.#step = latest;
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
    if (now.expected === 0 && now.found === 0) this.#blocks.delete(number);
    else this.#blocks.set(number, now);
    const { expected: asked, found, gap } = this.#sum;
    this.#sum = { expected: asked + now.expected - before.expected, found: found + now.found - before.found, gap: gap + now.gap - before.gap };
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  const inState = `state<${states.length}`;
  const stands = `(${inState} OR (state=${moved} AND EXISTS(SELECT 1 FROM entries t WHERE t.lane=e.lane AND t.position=e.moved AND t.message=e.message AND t.${inState})))`;
  return {
    last: sql("SELECT coalesce((SELECT min(id) FROM messages), 0) AS first, coalesce((SELECT max(id) FROM messages), 0) AS last"),
    next: sql(`SELECT min(id) AS id FROM (SELECT min(id) AS id FROM messages WHERE id>=?1
      UNION ALL SELECT (SELECT min(position) FROM entries WHERE lane=l.id AND position>=?1) FROM lanes l)`),
    asked: sql("SELECT lanes, count(*) AS n, min(id) AS id FROM messages WHERE id>? AND id<=? AND lanes<>'' GROUP BY lanes"),
    stale: sql("SELECT step, block FROM recounts WHERE step>? ORDER BY step"),
    lastStale: sql("SELECT coalesce(max(step), 0) AS step FROM recounts"),
    lanes: sql("SELECT id FROM lanes"),
    // An entry that was put back counts by the row that its first one points to.
    there: sql(`SELECT count(*) AS n FROM entries e WHERE lane=? AND position>? AND position<=? AND message=position AND ${stands}`),
    again: sql(`SELECT 1 FROM entries e WHERE lane=? AND position=? AND ${stands}`),
    received: sql("SELECT coalesce(sum(received), 0) AS received FROM lanes"),
  };
}
