import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ContentBook, Dropped } from "./content-book.ts";
import type { Identities } from "./identities.ts";
import type { LaneBook } from "./lane-book.ts";
import type { Pruned } from "./op.ts";
import type { Recounts } from "./recounts.ts";
import { markName, type OldMessage, type RetentionStep, RetentionWalk } from "./retention.ts";
import { states } from "./schema.ts";
import { seatsOf } from "./seats.ts";

interface Books {
  readonly contents: ContentBook;
  readonly lanes: LaneBook;
  readonly identities: Identities;
  readonly recounts: Recounts;
  /** No number is given to a second message, also when the last one is gone. */
  readonly lastNumber: () => number;
}

/** Deletes what retention allows, a bounded step in a transaction; counters go down by exactly what is deleted. */
export class Pruner {
  readonly #books: Books;
  readonly #walk: RetentionWalk;
  readonly #sql;

  constructor(db: DatabaseSync, books: Books) {
    this.#books = books;
    this.#walk = new RetentionWalk(db);
    this.#sql = prepare(db);
  }

  step(step: RetentionStep): Pruned {
    const walked = this.#walk.next(step);
    const contentsBefore = this.#walk.before(step, "contents");
    const metadataBefore = this.#walk.before(step, "metadata");
    const report = { contents: 0, messages: 0, bytes: 0, keptBack: 0 };
    for (const message of walked.old) {
      const contentsOld = step.clock !== "metadata" && message.received < (contentsBefore.get(message.channel) ?? 0);
      const wholeOld = step.clock !== "contents" && message.received < (metadataBefore.get(message.channel) ?? 0);
      if (!contentsOld && !wholeOld) continue;
      if (message.busy) {
        const known = Number(this.#sql.retain.run(message.id).changes) === 0;
        if (!known || step.clock === "retained") report.keptBack++;
        continue;
      }
      const { rows, bytes }: Dropped = this.#books.contents.drop(message.id);
      report.bytes += bytes;
      if (wholeOld) {
        this.#remove(message);
        this.#books.recounts.add(message.id);
        report.messages++;
      } else if (rows > 0) {
        report.contents++;
      }
      // Still to come on the other clock, or all of it done.
      if (step.clock === "retained" && (wholeOld || this.#walk.mark("metadata", message.channel) < message.id)) this.#sql.release.run(message.id);
    }
    if (step.clock !== "retained") for (const [channel, mark] of walked.marks) this.#sql.setMark.run(markName(step.clock, channel), mark);
    if (report.messages > 0) this.#sql.setMark.run("last", this.#books.lastNumber());
    return { kind: "pruned", report, closed: walked.closed, after: walked.after, more: walked.more };
  }

  #remove({ id, lanes }: OldMessage): void {
    for (const { lane, home } of seatsOf(id, lanes)) {
      const first = this.#sql.entry.get(lane, home) as { state: number; moved: number | null } | undefined;
      if (first === undefined) continue;
      const state = states[this.#walk.stateAt(lane, home)];
      this.#sql.removeEntry.run(lane, home);
      if (first.moved !== null) this.#sql.removeEntry.run(lane, first.moved);
      if (state !== undefined) this.#books.lanes.forget(lane, state);
    }
    const { identity, bytesHash } = this.#sql.identity.get(id) as { identity: Uint8Array | null; bytesHash: Uint8Array | null };
    if (identity !== null && bytesHash !== null) this.#books.identities.remove(identity, bytesHash);
    this.#sql.removeHistory.run(id);
    this.#sql.removeMessage.run(id);
    this.#sql.removePrincipal.run(id);
    this.#sql.release.run(id);
    this.#sql.touched.run(id);
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    retain: sql("INSERT OR IGNORE INTO retained VALUES(?)"),
    release: sql("DELETE FROM retained WHERE message=?"),
    setMark: sql("INSERT OR REPLACE INTO about VALUES(?, ?)"),
    entry: sql("SELECT state, moved FROM entries WHERE lane=? AND position=?"),
    removeEntry: sql("DELETE FROM entries WHERE lane=? AND position=?"),
    identity: sql("SELECT identity, bytesHash FROM messages WHERE id=?"),
    removeHistory: sql("DELETE FROM history WHERE message=?"),
    removePrincipal: sql("DELETE FROM principals WHERE message=?"),
    removeMessage: sql("DELETE FROM messages WHERE id=?"),
    touched: sql("INSERT INTO touched(message) VALUES(?)"),
  };
}
