import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Booking, CaseRow, CaseVerdict } from "./decide.ts";
import type { Stamp } from "./stamp.ts";

interface Row {
  readonly kind: string;
  readonly key: Uint8Array;
  readonly state: string;
  readonly stampKind: Stamp["kind"] | null;
  readonly stamp: number | null;
  readonly same: string | null;
  readonly openedAt: number;
  readonly movedAt: number;
  readonly message: number;
  readonly channel: string;
  readonly dueAt: number | null;
  readonly due: string | null;
}

/** What was decided of a message; `released`: a person, or the time it was to wait, has let it go. */
export interface Decided {
  readonly verdict: CaseVerdict;
  readonly released: boolean;
}

/** Reads and writes the cases and verdicts of one connection. */
export class CaseBook {
  readonly #sql: Readonly<Record<"find" | "put" | "due" | "raised" | "verdict" | "decided" | "release" | "ready" | "late" | "book" | "unbook" | "booked" | "pruneBookings" | "pruneCases" | "pruneVerdicts" | "pruneItems", StatementSync>>;

  constructor(db: DatabaseSync) {
    const sql = (text: string) => db.prepare(text);
    this.#sql = {
      find: sql("SELECT * FROM cases WHERE kind=? AND key=?"),
      put: sql("INSERT OR REPLACE INTO cases VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      due: sql("SELECT * FROM cases WHERE dueAt<=? ORDER BY dueAt LIMIT 100"),
      raised: sql("UPDATE cases SET dueAt=NULL WHERE kind=? AND key=?"),
      verdict: sql("SELECT released, verdict FROM verdicts WHERE message=?"),
      decided: sql("INSERT OR REPLACE INTO verdicts VALUES(?, ?, ?, ?)"),
      release: sql("UPDATE verdicts SET released=1 WHERE message=?"),
      ready: sql("SELECT DISTINCT items.message FROM items JOIN cases ON cases.kind=waitsKind AND cases.key=waitsKey WHERE waitsKind IS NOT NULL AND items.state='open' ORDER BY items.message LIMIT 1000"),
      late: sql("SELECT message FROM items WHERE waitsKind IS NOT NULL AND state='open' AND dueAt<=? ORDER BY message LIMIT 1000"),
      book: sql("INSERT OR IGNORE INTO bookings VALUES(?, ?, ?, ?, ?, ?)"),
      unbook: sql("DELETE FROM bookings WHERE kind=? AND key=?"),
      booked: sql("SELECT DISTINCT kind, key FROM bookings WHERE what=? AND who=? AND until>? AND since<?"),
      pruneBookings: sql("DELETE FROM bookings WHERE until<?"),
      // A visit of next year is known until it is over, however long ago it was booked.
      pruneCases: sql("DELETE FROM cases WHERE movedAt<? AND dueAt IS NULL AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.kind=cases.kind AND bookings.key=cases.key)"),
      pruneVerdicts: sql("DELETE FROM verdicts WHERE at<? AND message NOT IN (SELECT message FROM items WHERE state='open')"),
      pruneItems: sql("DELETE FROM items WHERE state='closed' AND closedAt<?"),
    };
  }

  find(kind: string, key: string): CaseRow | undefined {
    const row = this.#sql.find.get(kind, Buffer.from(key, "hex")) as Row | undefined;
    return row && caseOf(row);
  }

  put(row: CaseRow): void {
    this.#sql.put.run(
      row.kind, Buffer.from(row.key, "hex"), row.state, row.stamp?.kind ?? null, row.stamp?.value ?? null, row.same ? JSON.stringify(row.same) : null,
      row.openedAt, row.movedAt, row.message, row.channel, row.dueAt ?? null, row.due ? JSON.stringify(row.due) : null,
    );
    if (!row.bookings) return;
    this.#sql.unbook.run(row.kind, Buffer.from(row.key, "hex"));
    for (const { what, who, from, to } of row.bookings) this.#sql.book.run(what, Buffer.from(who, "hex"), from, to, row.kind, Buffer.from(row.key, "hex"));
  }

  booked({ what, who, from, to }: Booking): readonly { readonly kind: string; readonly key: string }[] {
    const rows = this.#sql.booked.all(what, Buffer.from(who, "hex"), from, to) as unknown as { kind: string; key: Uint8Array }[];
    return rows.map(({ kind, key }) => ({ kind, key: Buffer.from(key).toString("hex") }));
  }

  due(now: number): readonly CaseRow[] {
    return (this.#sql.due.all(now) as unknown as Row[]).map(caseOf);
  }

  /** It is on its list: due again after its next move. */
  raised({ kind, key }: CaseRow): void {
    this.#sql.raised.run(kind, Buffer.from(key, "hex"));
  }

  decided(message: number): Decided | undefined {
    const row = this.#sql.verdict.get(message) as { released: number; verdict: string } | undefined;
    return row && { verdict: JSON.parse(row.verdict) as CaseVerdict, released: row.released === 1 };
  }

  decide(message: number, verdict: CaseVerdict, at: number, released = false): void {
    this.#sql.decided.run(message, at, released ? 1 : 0, JSON.stringify(verdict));
  }

  release(message: number): void {
    this.#sql.release.run(message);
  }

  /** Held messages whose case is known by now. */
  ready(): readonly number[] {
    return (this.#sql.ready.all() as unknown as { message: number }[]).map(({ message }) => message);
  }

  /** Held messages that have waited long enough. */
  late(now: number): readonly number[] {
    return (this.#sql.late.all(now) as unknown as { message: number }[]).map(({ message }) => message);
  }

  prune(before: number): number {
    return [this.#sql.pruneBookings, this.#sql.pruneCases, this.#sql.pruneVerdicts, this.#sql.pruneItems].reduce((sum, each) => sum + Number(each.run(before).changes), 0);
  }
}

function caseOf({ key, stampKind, stamp, same, dueAt, due, ...row }: Row): CaseRow {
  return {
    ...row,
    key: Buffer.from(key).toString("hex"),
    ...(stampKind !== null && stamp !== null && { stamp: { kind: stampKind, value: stamp } }),
    ...(same !== null && { same: JSON.parse(same) as CaseRow["same"] & object }),
    ...(dueAt !== null && { dueAt }),
    ...(due !== null && { due: JSON.parse(due) as CaseRow["due"] & object }),
  };
}
