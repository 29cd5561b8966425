import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LaneBook, LaneRow } from "./lane-book.ts";
import type { Recounts } from "./recounts.ts";
import { isOver, isSetAside, moved, numberOf, type State, states } from "./schema.ts";
import { seatsOf } from "./seats.ts";
import type { Owner, Sealer } from "./vault.ts";

export interface EntryRow {
  readonly position: number;
  readonly message: number;
  readonly slot: number;
  readonly state: number;
  readonly attempts: number;
  readonly filled: number;
  readonly changes: number;
  readonly moved: number | null;
  readonly storage: number;
  readonly later: number | null;
  /** Line of the ledger that says what may leave; null: nothing may, before there is one. */
  readonly intent: number | null;
}

/** What a change brings with it. */
export interface Changed {
  readonly at: number;
  readonly attempts: number;
  readonly nextAt?: number;
  readonly code?: string;
  readonly reason?: string;
}

/** The rows of entries as the only writer changes them, with all that goes with a change. */
export class EntryBook {
  readonly #lanes: LaneBook;
  readonly #sealer: Sealer;
  readonly #recounts: Recounts;
  readonly #sql;
  /** Reasons sealed in this transaction, by key: a key goes when nothing is sealed by it any more. */
  readonly #reasons = new Map<number, number>();

  constructor(db: DatabaseSync, lanes: LaneBook, sealer: Sealer, recounts: Recounts) {
    this.#recounts = recounts;
    this.#lanes = lanes;
    this.#sealer = sealer;
    this.#sql = prepare(db);
  }

  /** The entry that stands for a message in a lane: the last one, where it stands now. */
  find(name: string, id: number): readonly [LaneRow | undefined, EntryRow | undefined] {
    const lane = this.#lanes.find(name);
    if (lane === undefined) return [undefined, undefined];
    const first = this.#at(lane, id);
    if (first === undefined || first.message !== id) return [lane, undefined];
    const home = first.later === null ? first : this.#at(lane, first.later);
    return [lane, home === undefined || home.moved === null ? home : this.#at(lane, home.moved)];
  }

  /** The position before the new one in the lane. */
  enter(lane: LaneRow, position: number, entry: { readonly message: number; readonly slot: number; readonly storage: number; readonly changes?: number; readonly since?: number }): number {
    this.#sql.insert.run(lane.id, position, entry.message, entry.slot, entry.changes ?? 0, entry.since ?? null, entry.storage);
    return this.#lanes.enter(lane, position);
  }

  change(lane: LaneRow, entry: EntryRow, state: State, to: Changed): void {
    const change = entry.changes + 1;
    this.#sql.change.run(numberOf[state], to.attempts, to.nextAt ?? 0, change, to.code ?? null, lane.id, entry.position);
    this.changed(lane, { message: entry.message, position: entry.position, slot: entry.slot, from: entry.state, change }, state, to);
  }

  /** What goes with every change of an entry: its line in the history, the list of what people look for, the lane's counters. */
  changed(
    lane: LaneRow,
    at: { readonly message: number; readonly position: number; readonly slot: number; readonly from: number; readonly change: number },
    state: State,
    to: Changed,
  ): void {
    const number = numberOf[state];
    this.#history(lane, at, number, to);
    if (isSetAside(at.from)) this.#sql.unsetAside.run(lane.id, at.from, at.position);
    if (isSetAside(number)) this.#sql.setAside.run(lane.id, number, at.position);
    this.#lanes.move(lane, at.position, states[at.from] as State, state);
  }

  /** A new row at the end of the lane; the first row of the entry points to it. */
  putBack(lane: LaneRow, entry: EntryRow, position: number, to: { readonly at: number; readonly code?: string; readonly reason?: string }): void {
    const change = entry.changes + 1;
    const { lanes } = this.#sql.lanesOf.get(entry.message) as { lanes: string };
    const home = seatsOf(entry.message, lanes)[entry.slot - 1]?.home ?? entry.message;
    this.#sql.unsetAside.run(lane.id, entry.state, entry.position);
    if (entry.position !== home) this.#sql.remove.run(lane.id, entry.position);
    this.#sql.redirect.run(moved, position, lane.id, home);
    this.#history(lane, { message: entry.message, slot: entry.slot, change }, numberOf.waiting, { ...to, attempts: 0 });
    this.#lanes.leave(lane, states[entry.state] as State);
    this.enter(lane, position, { message: entry.message, slot: entry.slot, storage: entry.storage, changes: change, since: to.at });
  }

  /** One more entry of a message, at the end of a lane where it never was (`ended` undefined) or where all it had has ended. */
  addAgain(lane: LaneRow, message: { readonly id: number; readonly lanes: string; readonly storage: number }, ended: EntryRow | undefined, position: number, to: { readonly at: number; readonly code?: string; readonly reason: string }): void {
    const slot = seatsOf(message.id, message.lanes).length + 1;
    const seat = ended === undefined ? `${lane.id}` : `${lane.id}@${position}`;
    this.#sql.setLanes.run(message.lanes === "" ? seat : `${message.lanes},${seat}`, message.id);
    if (ended === undefined) {
      // As if it had come with the message and been put back: its first row stands at the message's number.
      this.#sql.insert.run(lane.id, message.id, message.id, slot, 0, null, message.storage);
      this.#sql.redirect.run(moved, position, lane.id, message.id);
    } else {
      this.#sql.setLater.run(position, lane.id, message.id);
    }
    this.#history(lane, { message: message.id, slot, change: 1 }, numberOf.waiting, { ...to, attempts: 0 });
    lane.received++;
    this.#recounts.add(message.id);
    this.enter(lane, position, { message: message.id, slot, storage: message.storage, changes: 1, since: to.at });
  }

  /** As the last step of a transaction. */
  flush(): void {
    for (const [key, count] of this.#reasons) this.#sql.countReasons.run(count, key);
    this.#reasons.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.#reasons.clear();
  }

  /** Whether every entry of a message was delivered, filtered or cancelled. */
  allOver(message: number, lanes: string): boolean {
    return seatsOf(message, lanes).every(({ lane, home }) => {
      const first = this.#sql.find.get(lane, home) as EntryRow | undefined;
      const stands = first?.state === moved ? (this.#sql.find.get(lane, first.moved) as EntryRow | undefined) : first;
      return stands === undefined || isOver(stands.state);
    });
  }

  #history(lane: LaneRow, at: { readonly message: number; readonly slot: number; readonly change: number }, state: number, to: Changed): void {
    const owner: Owner = { message: at.message, where: lane.name, stage: "reason" };
    const reason = to.reason === undefined ? undefined : this.#sealer.seal(owner, Buffer.from(to.reason));
    if (reason !== undefined) this.#reasons.set(reason.key, (this.#reasons.get(reason.key) ?? 0) + 1);
    this.#sql.history.run(at.message, at.slot, at.change, to.at, state, to.attempts, to.code ?? null, reason?.key ?? null, reason?.nonce ?? null, reason?.body ?? null);
  }

  #at(lane: LaneRow, position: number): EntryRow | undefined {
    return this.#sql.find.get(lane.id, position) as EntryRow | undefined;
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    insert: sql("INSERT INTO entries VALUES(?, ?, ?, ?, 0, 0, 0, 0, ?, NULL, ?, NULL, ?, NULL, NULL)"),
    find: sql("SELECT position, message, slot, state, attempts, filled, changes, moved, storage, later, intent FROM entries WHERE lane=? AND position=?"),
    change: sql("UPDATE entries SET state=?, attempts=?, next=?, changes=?, code=? WHERE lane=? AND position=?"),
    redirect: sql("UPDATE entries SET state=?, moved=? WHERE lane=? AND position=?"),
    remove: sql("DELETE FROM entries WHERE lane=? AND position=?"),
    setLater: sql("UPDATE entries SET later=? WHERE lane=? AND position=?"),
    setAside: sql("INSERT OR IGNORE INTO aside VALUES(?, ?, ?)"),
    unsetAside: sql("DELETE FROM aside WHERE lane=? AND state=? AND position=?"),
    lanesOf: sql("SELECT lanes FROM messages WHERE id=?"),
    setLanes: sql("UPDATE messages SET lanes=? WHERE id=?"),
    countReasons: sql("UPDATE keys SET reasons=reasons+? WHERE id=?"),
    history: sql("INSERT INTO history VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
  };
}
