import type { StatementSync } from "node:sqlite";
import { EngineError } from "../sdk/index.ts";
import type { AlertQuestion, Alerts, AlertVerdict, OpenAlert } from "./alerts.ts";
import { guarded } from "./case-file.ts";
import type { WorkItem } from "./cases.ts";
import type { Connection } from "./connection.ts";
import type { Sealer } from "./sealer.ts";
import type { WorkBook } from "./work-book.ts";

export interface AlertBookParts {
  readonly connection: Connection;
  readonly work: WorkBook;
  readonly sealer: Sealer;
  readonly keyedId: (purpose: string, ...parts: readonly string[]) => string;
}

interface Row {
  readonly lane: string;
  readonly message: number;
  readonly verdict: string;
  readonly item: number | null;
  readonly told: number;
  readonly ackedAt: number | null;
}

/** Alerts in the file of cases. */
export class AlertBook implements Alerts {
  readonly #parts: AlertBookParts;
  readonly #sql: Readonly<Record<"find" | "put" | "last" | "remember" | "told" | "byItem" | "byName" | "acknowledge" | "due" | "acknowledged" | "settled" | "prune" | "pruneLast", StatementSync>>;

  constructor(parts: AlertBookParts) {
    this.#parts = parts;
    const sql = (text: string) => parts.connection.db.prepare(text);
    this.#sql = {
      find: sql("SELECT * FROM alerts WHERE lane=? AND message=?"),
      put: sql("INSERT INTO alerts VALUES(?, ?, ?, ?, ?, 0, ?, NULL, ?, ?)"),
      last: sql("SELECT version, message FROM alerted WHERE lane=? AND result=?"),
      remember: sql("INSERT OR REPLACE INTO alerted VALUES(?, ?, ?, ?, ?)"),
      told: sql("UPDATE alerts SET told=told+1, dueAt=? WHERE lane=? AND message=? AND ackedAt IS NULL"),
      byItem: sql("SELECT * FROM alerts WHERE item=?"),
      byName: sql("SELECT * FROM alerts WHERE name=? AND item IS NOT NULL"),
      acknowledge: sql("UPDATE alerts SET ackedAt=?, dueAt=NULL WHERE lane=? AND message=? AND ackedAt IS NULL"),
      due: sql("SELECT * FROM alerts WHERE dueAt<=? ORDER BY dueAt LIMIT 1000"),
      acknowledged: sql("SELECT * FROM alerts WHERE ackedAt IS NOT NULL AND settled=0 LIMIT 1000"),
      settled: sql("UPDATE alerts SET settled=1, dueAt=NULL WHERE lane=? AND message=?"),
      prune: sql("DELETE FROM alerts WHERE settled=1 AND at<?"),
      pruneLast: sql("DELETE FROM alerted WHERE at<?"),
    };
  }

  ask(question: AlertQuestion): AlertVerdict {
    const { lane, message } = question;
    const known = guarded(() => this.#find(lane, message));
    if (known) return JSON.parse(known.verdict) as AlertVerdict;
    const { keyedId } = this.#parts;
    const results = question.results.map(({ result, version, ...rest }) => ({ ...rest, result: hex(keyedId("alert result", lane, result)), version: hex(keyedId("alert version", lane, version)) }));
    const told = guarded(() => results.map((each) => this.#sql.last.get(lane, each.result) as { version: Uint8Array; message: number } | undefined));
    const isNew = results.map(({ isCritical, isCorrection, version }, i) => {
      const last = told[i];
      const isSame = last !== undefined && version.equals(last.version);
      return !isSame && (isCritical || (isCorrection && last !== undefined));
    });
    if (!isNew.includes(true)) {
      const into = told.find((last, i) => last !== undefined && results[i]?.isCritical)?.message;
      // Nothing is written of what says nothing: the same is found again.
      if (into === undefined || into === message) return { kind: "quiet" };
      return this.#keep(question, { kind: "merged", into });
    }
    return this.#parts.connection.commit(() => {
      for (const [i, { result, version }] of results.entries()) if (isNew[i]) this.#sql.remember.run(lane, result, version, message, question.at);
      const { channel, list, owner, at, dueAt, name } = question;
      const item = this.#parts.work.open({ code: "CAS-110", list, owner, about: { kind: "alert", key: Buffer.from(name).toString("hex") } }, { channel, message, at });
      const verdict: AlertVerdict = { kind: "alert" };
      this.#sql.put.run(lane, message, JSON.stringify(verdict), name, item.id, dueAt, 0, at);
      return verdict;
    });
  }

  state(lane: string, message: number): OpenAlert | undefined {
    const row = guarded(() => this.#find(lane, message));
    return row && openOf(row);
  }

  told(lane: string, message: number, dueAt: number): void {
    this.#parts.connection.commit(() => this.#sql.told.run(dueAt, lane, message));
  }

  acknowledge(item: number, { by, reason = "", at }: Parameters<Alerts["acknowledge"]>[1]): WorkItem {
    if (by.trim() === "") throw new EngineError("CAS-205");
    const rows = guarded(() => this.#sql.byItem.all(item) as unknown as Row[]);
    if (rows.length === 0) throw new EngineError("CAS-203", { item: `w${item}` });
    return this.#parts.connection.commit(() => {
      for (const { lane, message } of rows) this.#sql.acknowledge.run(at, lane, message);
      return this.#parts.work.close(item, { at, by, reason: this.#parts.sealer.seal(item, reason) });
    });
  }

  acknowledgeNamed(name: string, { by, at }: Parameters<Alerts["acknowledgeNamed"]>[1]): boolean {
    const rows = guarded(() => this.#sql.byName.all(name) as unknown as Row[]);
    const open = rows.filter(({ ackedAt }) => ackedAt === null);
    if (open.length > 0) this.#parts.connection.commit(() => {
      for (const { lane, message, item } of open) {
        this.#sql.acknowledge.run(at, lane, message);
        const known = item === null ? undefined : this.#parts.work.one(item);
        // Who it was is the partner's word: sealed, as what people write.
        if (known?.state === "open") this.#parts.work.close(known.id, { at, by: "partner", reason: this.#parts.sealer.seal(known.id, by) });
      }
    });
    return rows.length > 0;
  }

  due(now: number): readonly OpenAlert[] {
    return guarded(() => this.#sql.due.all(now) as unknown as Row[]).map(openOf);
  }

  acknowledged(): readonly OpenAlert[] {
    return guarded(() => this.#sql.acknowledged.all() as unknown as Row[]).map(openOf);
  }

  settled(lane: string, message: number, at: number): void {
    this.#parts.connection.commit(() => {
      const row = this.#find(lane, message);
      this.#sql.settled.run(lane, message);
      if (row?.item !== null && row?.item !== undefined && this.#parts.work.one(row.item)?.state === "open") this.#parts.work.closeByEngine(row.item, at);
    });
  }

  /** Inside a commit. */
  prune(before: number): number {
    return Number(this.#sql.prune.run(before).changes) + Number(this.#sql.pruneLast.run(before).changes);
  }

  #keep({ lane, message, name, at }: AlertQuestion, verdict: AlertVerdict): AlertVerdict {
    this.#parts.connection.commit(() => this.#sql.put.run(lane, message, JSON.stringify(verdict), name, null, null, 1, at));
    return verdict;
  }

  #find(lane: string, message: number): Row | undefined {
    return this.#sql.find.get(lane, message) as Row | undefined;
  }
}

function openOf({ lane, message, told, ackedAt }: Row): OpenAlert {
  return { lane, message, told, acknowledged: ackedAt !== null };
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}
