import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Code, EngineError } from "../sdk/index.ts";
import type { WorkCount, WorkItem, WorkQuery } from "./cases.ts";
import type { NewItem } from "./decide.ts";

interface ItemRow {
  readonly id: number;
  readonly list: string;
  readonly owner: string;
  readonly code: Code;
  readonly channel: string;
  readonly message: number;
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly state: "open" | "closed";
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  readonly reason: Uint8Array | null;
}

const columns = "id, list, owner, code, channel, message, openedAt, dueAt, state, closedAt, closedBy, reason";

/** Reads and writes the items of work of one connection. */
export class WorkBook {
  readonly #sql: Readonly<Record<"open" | "one" | "close" | "closeOne" | "closeOf" | "over" | "openOf" | "some" | "counts" | "differing" | "agreed", StatementSync>>;
  readonly #unseal: (item: number, sealed: Uint8Array) => string | undefined;

  constructor(db: DatabaseSync, unseal: (item: number, sealed: Uint8Array) => string | undefined = () => undefined) {
    this.#unseal = unseal;
    const sql = (text: string) => db.prepare(text);
    this.#sql = {
      // What was closed and happens again is work again.
      open: sql(`INSERT INTO items(list, owner, code, channel, message, openedAt, dueAt, state, waitsKind, waitsKey, aboutKind, aboutKey) VALUES(?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)
        ON CONFLICT(message, code, aboutKey) DO UPDATE SET list=excluded.list, owner=excluded.owner, openedAt=CASE state WHEN 'open' THEN openedAt ELSE excluded.openedAt END, state='open', closedAt=NULL,
        closedBy=NULL, reason=NULL, dueAt=excluded.dueAt, waitsKind=excluded.waitsKind, waitsKey=excluded.waitsKey, aboutKind=excluded.aboutKind RETURNING ${columns}`),
      one: sql(`SELECT ${columns} FROM items WHERE id=?`),
      close: sql("UPDATE items SET state='closed', closedAt=?, closedBy=?, reason=? WHERE id=? AND state='open'"),
      closeOne: sql("UPDATE items SET state='closed', closedAt=?, closedBy='engine' WHERE id=? AND state='open'"),
      closeOf: sql("UPDATE items SET state='closed', closedAt=?, closedBy='engine' WHERE message=? AND state='open' AND aboutKind=''"),
      over: sql("UPDATE items SET state='closed', closedAt=?, closedBy='engine' WHERE aboutKind=? AND aboutKey=? AND state='open'"),
      openOf: sql("SELECT id FROM items WHERE message=? AND code=? AND state='open'"),
      some: sql(`SELECT ${columns} FROM items WHERE id<?1 AND (?2 IS NULL OR state=?2) AND (?3 IS NULL OR list=?3) ORDER BY id DESC LIMIT ?4`),
      differing: sql("SELECT DISTINCT message FROM items WHERE state='open' AND code GLOB 'CLN-*' ORDER BY message LIMIT 1000"),
      agreed: sql("UPDATE items SET state='closed', closedAt=?, closedBy='engine' WHERE message=? AND state='open' AND code GLOB 'CLN-*'"),
      counts: sql("SELECT list, owner, count(*) AS open, min(openedAt) AS oldestAt FROM items WHERE state='open' GROUP BY list, owner ORDER BY list, owner"),
    };
  }

  open(item: NewItem, of: { readonly channel: string; readonly message: number; readonly at: number }): WorkItem {
    const { waitsFor, until, about } = item;
    const row = this.#sql.open.get(
      item.list, item.owner, item.code, of.channel, of.message, of.at, until ?? null,
      waitsFor?.kind ?? null, waitsFor ? Buffer.from(waitsFor.key, "hex") : null, about?.kind ?? "", about ? Buffer.from(about.key, "hex") : new Uint8Array(),
    );
    return this.#item(row as unknown as ItemRow);
  }

  /** The open item of a message with this code. */
  openOf(message: number, code: Code): number | undefined {
    return (this.#sql.openOf.get(message, code) as { id: number } | undefined)?.id;
  }

  one(id: number): WorkItem | undefined {
    const row = this.#sql.one.get(id) as ItemRow | undefined;
    return row && this.#item(row);
  }

  /** Throws `CAS-203` or `CAS-204`. */
  close(id: number, { at, by, reason }: { readonly at: number; readonly by: string; readonly reason: Uint8Array }): WorkItem {
    const { changes } = this.#sql.close.run(at, by, reason, id);
    const item = this.one(id);
    if (item === undefined) throw new EngineError("CAS-203", { item: `w${id}` });
    if (changes === 0) throw new EngineError("CAS-204", { item: `w${id}` });
    return item;
  }

  closeByEngine(id: number, at: number): void {
    this.#sql.closeOne.run(at, id);
  }

  /** What a message was held for is over. */
  closeOf(message: number, at: number): void {
    this.#sql.closeOf.run(at, message);
  }

  /** An overdue case has moved. */
  over(kind: string, key: Uint8Array, at: number): void {
    this.#sql.over.run(at, kind, key);
  }

  differing(): readonly number[] {
    return (this.#sql.differing.all() as unknown as { message: number }[]).map(({ message }) => message);
  }

  agreed(message: number, at: number): void {
    this.#sql.agreed.run(at, message);
  }

  list({ list, state, before, limit }: WorkQuery): readonly WorkItem[] {
    const rows = this.#sql.some.all(before ?? Number.MAX_SAFE_INTEGER, state ?? null, list ?? null, limit) as unknown as ItemRow[];
    return rows.map((row) => this.#item(row));
  }

  counts(): readonly WorkCount[] {
    return (this.#sql.counts.all() as unknown as WorkCount[]).map((row) => ({ ...row }));
  }

  #item({ dueAt, closedAt, closedBy, reason, ...row }: ItemRow): WorkItem {
    const opened = reason === null ? undefined : this.#unseal(row.id, reason);
    return {
      ...row,
      ...(dueAt !== null && { dueAt }),
      ...(closedAt !== null && { closedAt }),
      ...(closedBy !== null && { by: closedBy }),
      ...(opened !== undefined && { reason: opened }),
    };
  }
}
