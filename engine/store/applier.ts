import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Content } from "../sdk/index.ts";
import { sqliteFault, writeFault } from "./fault.ts";
import { Identities } from "./identities.ts";
import { LaneBook, type LaneRow } from "./lane-book.ts";
import type { Op, Result, Written } from "./op.ts";
import { formatNumber, isReopenable, isSetAside, maxSlots, moved, numberOf, placeOf, type Stage, type State, states } from "./schema.ts";
import type { Settlement } from "./store.ts";
import { keyedHash, type MasterKeys, type Owner, Sealer } from "./vault.ts";

interface EntryRow {
  readonly position: number;
  readonly message: number;
  readonly slot: number;
  readonly state: number;
  readonly attempts: number;
  readonly filled: number;
  readonly changes: number;
  readonly moved: number | null;
}

/** What a change brings with it. */
interface Changed {
  readonly at: number;
  readonly attempts: number;
  readonly nextAt?: number;
  readonly code?: string;
  readonly reason?: string;
}

const done: Result = { kind: "done" };
const notFound: Result = { kind: "refused", code: "STO-301" };
const wrongState: Result = { kind: "refused", code: "STO-302" };

/** Applies changes to the record, one transaction a list. The only code that writes it, on whichever thread. */
export class Applier {
  #db: DatabaseSync;
  #keys: MasterKeys;
  #sealer: Sealer;
  #lanes: LaneBook;
  #identities: Identities;
  #monotonic: () => number;
  #names = new Map<string, number>();
  #nextId = 1;
  #at = 0;
  #sql;

  constructor(db: DatabaseSync, keys: MasterKeys, epoch: Uint8Array, monotonic: () => number) {
    this.#db = db;
    this.#keys = keys;
    this.#monotonic = monotonic;
    this.#sealer = new Sealer(db, keys, epoch);
    this.#lanes = new LaneBook(db);
    this.#identities = new Identities(db);
    this.#sql = prepare(db);
    this.#load();
  }

  /** All or nothing, except that a change the record itself refuses does not take its neighbours with it. */
  run(ops: readonly Op[], at: number): Written {
    this.#at = at;
    try {
      this.#sql.begin.run();
      const results = ops.map((op) => this.#apply(op));
      this.#lanes.flush();
      this.#identities.flush();
      const before = this.#monotonic();
      this.#sql.commit.run();
      return { results, commitMs: this.#monotonic() - before };
    } catch (error) {
      const { code, final } = writeFault(error);
      const refused: Result = { kind: "refused", code };
      const all = { results: ops.map(() => refused), commitMs: 0 };
      if (final || !this.#rollback()) return { ...all, failed: "STO-203" };
      // Somebody else's lock or a full disk meets every change alike; and waiting for a lock once for each would stop the engine.
      if (code === "STO-201" || sqliteFault(error) === "busy" || ops.length === 1) return all;
      return this.#oneByOne(ops, at);
    }
  }

  #oneByOne(ops: readonly Op[], at: number): Written {
    const results: Result[] = [];
    let commitMs = 0;
    for (const op of ops) {
      const one = this.run([op], at);
      results.push(...one.results);
      commitMs += one.commitMs;
      if (one.failed !== undefined) {
        while (results.length < ops.length) results.push({ kind: "refused", code: one.failed });
        return { results, commitMs, failed: one.failed };
      }
    }
    return { results, commitMs };
  }

  /** What memory says of the record must be what is in it. */
  #rollback(): boolean {
    try {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#sealer.forget();
      this.#lanes.load();
      this.#identities.load();
      this.#load();
      return true;
    } catch {
      return false;
    }
  }

  #load(): void {
    this.#names.clear();
    for (const { id, name } of this.#sql.names.all() as unknown as { id: number; name: string }[]) this.#names.set(name, id);
    const { last } = this.#sql.lastMessage.get() as { last: number | null };
    this.#nextId = Math.max(last ?? 0, this.#lanes.last) + 1;
  }

  #apply(op: Op): Result {
    switch (op.kind) {
      case "accept":
        return this.#accept(op);
      case "fill":
        return this.#fill(op);
      case "settle":
        return this.#settle(op);
      case "requeue":
        return this.#requeue(op);
      case "cancel":
        return this.#cancel(op);
      case "surrogate":
        this.#sql.surrogate.run(op.hash, op.token);
        return done;
      case "probe":
        this.#sql.probe.run(this.#at);
        return done;
    }
  }

  #accept(op: Extract<Op, { kind: "accept" }>): Result {
    if (op.lanes.length >= maxSlots) return { kind: "refused", code: "STO-304" };
    let sameIdOtherBytes = false;
    let identity: Uint8Array | undefined;
    let bytes: Uint8Array | undefined;
    if (op.identity !== undefined) {
      identity = keyedHash(this.#keys, "identity", op.identity);
      bytes = keyedHash(this.#keys, "bytes", op.identity, op.raw.bytes);
      const seen = this.#identities.find(identity, bytes);
      if (seen.message !== undefined) return { kind: "duplicate", id: seen.message };
      sameIdOtherBytes = seen.otherBytes;
    }
    const id = this.#nextId++;
    const lanes = op.lanes.map((name) => this.#lanes.findOrAdd(name));
    this.#sql.message.run(id, this.#nameId(op.channel), this.#nameId(op.revision), op.receivedAt, op.raw.bytes.length, lanes.map((lane) => lane.id).join(","), identity ?? null, bytes ?? null);
    this.#content({ message: id, where: op.channel, stage: "raw" }, 0, op.raw);
    if (identity !== undefined && bytes !== undefined) this.#identities.add(identity, bytes, id);
    const previous = lanes.map((lane, index) => {
      this.#sql.entry.run(lane.id, id, id, index + 1, 0, null);
      lane.received++;
      return this.#lanes.enter(lane, id);
    });
    return { kind: "accepted", id, sameIdOtherBytes, previous };
  }

  #fill(op: Extract<Op, { kind: "fill" }>): Result {
    const quick = this.#lanes.find(op.lane);
    const at = quick && (this.#sql.fillHome.get(quick.id, op.id, op.id) as { slot: number; changes: number } | undefined);
    if (quick !== undefined && at !== undefined) return this.#filled(quick, at, op);
    const [lane, entry] = this.#find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state > 1) return wrongState;
    this.#sql.filled.run(lane.id, entry.position);
    return this.#filled(lane, entry, op);
  }

  #filled(lane: LaneRow, entry: { readonly slot: number; readonly changes: number }, op: Extract<Op, { kind: "fill" }>): Result {
    this.#content({ message: op.id, where: lane.name, stage: "sent" }, entry.slot, op.sent);
    if (op.log.length > 0) {
      this.#content({ message: op.id, where: lane.name, stage: "log" }, entry.slot, { format: "json", bytes: Buffer.from(JSON.stringify(op.log)) });
    } else if (entry.changes > 0) {
      this.#sql.dropLog.run(placeOf(op.id, entry.slot));
    }
    return done;
  }

  #settle({ settlement }: Extract<Op, { kind: "settle" }>): Result {
    const quick = this.#lanes.find(settlement.lane);
    if (quick !== undefined && this.#settledAtHome(quick, settlement)) return done;
    const [lane, entry] = this.#find(settlement.lane, settlement.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state > 1) return wrongState;
    this.#change(lane, entry, settlement.state, settlement);
    if (settlement.response !== undefined) this.#content({ message: entry.message, where: lane.name, stage: "response" }, entry.slot, settlement.response);
    return done;
  }

  /** Nearly always the entry stands at its message's own position and waits: one statement then finds and changes it. */
  #settledAtHome(lane: LaneRow, settlement: Settlement): boolean {
    const { id, state, attempts, nextAt, code, response } = settlement;
    const row = this.#sql.settleHome.get(numberOf[state], attempts, nextAt ?? 0, code ?? null, lane.id, id, id) as { slot: number; changes: number } | undefined;
    if (row === undefined) return false;
    this.#record(lane, { message: id, position: id, slot: row.slot, from: numberOf.waiting, change: row.changes }, state, settlement);
    if (response !== undefined) this.#content({ message: id, where: lane.name, stage: "response" }, row.slot, response);
    return true;
  }

  #cancel(op: Extract<Op, { kind: "cancel" }>): Result {
    const [lane, entry] = this.#find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (!isReopenable(entry.state)) return wrongState;
    this.#change(lane, entry, "cancelled", { at: op.at, attempts: entry.attempts, reason: op.reason });
    return done;
  }

  /** A new row at the end of the lane; the row at the message's own position points to it. */
  #requeue(op: Extract<Op, { kind: "requeue" }>): Result {
    const [lane, entry] = this.#find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (!isReopenable(entry.state)) return wrongState;
    const position = this.#nextId++;
    this.#sql.unsetAside.run(lane.id, entry.state, entry.position);
    if (entry.position !== op.id) this.#sql.remove.run(lane.id, entry.position);
    this.#sql.redirect.run(moved, position, lane.id, op.id);
    this.#sql.entry.run(lane.id, position, op.id, entry.slot, entry.changes + 1, op.at);
    this.#sql.history.run(op.id, entry.slot, entry.changes + 1, op.at, numberOf.waiting, 0, null, null, null, null);
    this.#lanes.leave(lane, states[entry.state] as State);
    this.#lanes.enter(lane, position);
    return done;
  }

  #change(lane: LaneRow, entry: EntryRow, state: State, to: Changed): void {
    const change = entry.changes + 1;
    this.#sql.change.run(numberOf[state], to.attempts, to.nextAt ?? 0, change, to.code ?? null, lane.id, entry.position);
    this.#record(lane, { message: entry.message, position: entry.position, slot: entry.slot, from: entry.state, change }, state, to);
  }

  /** What goes with every change of an entry: its line in the history, the list of what people look for, the lane's counters. */
  #record(
    lane: LaneRow,
    at: { readonly message: number; readonly position: number; readonly slot: number; readonly from: number; readonly change: number },
    state: State,
    to: Changed,
  ): void {
    const number = numberOf[state];
    const owner: Owner = { message: at.message, where: lane.name, stage: "reason" };
    const reason = to.reason === undefined ? undefined : this.#sealer.seal(owner, Buffer.from(to.reason), this.#at);
    this.#sql.history.run(
      at.message, at.slot, at.change, to.at, number, to.attempts, to.code ?? null, reason?.key ?? null, reason?.nonce ?? null, reason?.body ?? null,
    );
    if (isSetAside(at.from)) this.#sql.unsetAside.run(lane.id, at.from, at.position);
    if (isSetAside(number)) this.#sql.setAside.run(lane.id, number, at.position);
    this.#lanes.move(lane, at.position, states[at.from] as State, state);
  }

  #find(name: string, id: number): readonly [LaneRow | undefined, EntryRow | undefined] {
    const lane = this.#lanes.find(name);
    if (lane === undefined) return [undefined, undefined];
    const row = this.#sql.find.get(lane.id, id) as EntryRow | undefined;
    if (row === undefined || row.message !== id) return [lane, undefined];
    if (row.moved === null) return [lane, row];
    return [lane, this.#sql.find.get(lane.id, row.moved) as EntryRow | undefined];
  }

  #content(owner: Owner & { readonly stage: Stage }, slot: number, content: Content): void {
    const sealed = this.#sealer.seal(owner, content.bytes, this.#at);
    this.#sql[owner.stage].run(placeOf(owner.message, slot), formatNumber[content.format], sealed.key, sealed.nonce, sealed.body);
  }

  #nameId(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#sql.name.run(name).lastInsertRowid);
    this.#names.set(name, id);
    return id;
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    begin: sql("BEGIN IMMEDIATE"),
    commit: sql("COMMIT"),
    names: sql("SELECT id, name FROM names"),
    name: sql("INSERT INTO names(name) VALUES(?)"),
    lastMessage: sql("SELECT max(id) AS last FROM messages"),
    message: sql("INSERT INTO messages VALUES(?, ?, ?, ?, ?, ?, ?, ?)"),
    entry: sql("INSERT INTO entries VALUES(?, ?, ?, ?, 0, 0, 0, 0, ?, NULL, ?, NULL)"),
    find: sql("SELECT position, message, slot, state, attempts, filled, changes, moved FROM entries WHERE lane=? AND position=?"),
    // Nearly always the entry stands at its message's own position and waits: one statement then finds and changes it.
    fillHome: sql("UPDATE entries SET filled=1 WHERE lane=? AND position=? AND message=? AND state<=1 RETURNING slot, changes"),
    filled: sql("UPDATE entries SET filled=1 WHERE lane=? AND position=?"),
    settleHome: sql("UPDATE entries SET state=?, attempts=?, next=?, changes=changes+1, code=? WHERE lane=? AND position=? AND message=? AND state=0 RETURNING slot, changes"),
    change: sql("UPDATE entries SET state=?, attempts=?, next=?, changes=?, code=? WHERE lane=? AND position=?"),
    redirect: sql("UPDATE entries SET state=?, moved=? WHERE lane=? AND position=?"),
    remove: sql("DELETE FROM entries WHERE lane=? AND position=?"),
    setAside: sql("INSERT OR IGNORE INTO aside VALUES(?, ?, ?)"),
    unsetAside: sql("DELETE FROM aside WHERE lane=? AND state=? AND position=?"),
    raw: sql("INSERT INTO raw VALUES(?, ?, ?, ?, ?)"),
    sent: sql("INSERT OR REPLACE INTO sent VALUES(?, ?, ?, ?, ?)"),
    response: sql("INSERT OR REPLACE INTO response VALUES(?, ?, ?, ?, ?)"),
    log: sql("INSERT OR REPLACE INTO log VALUES(?, ?, ?, ?, ?)"),
    dropLog: sql("DELETE FROM log WHERE place=?"),
    history: sql("INSERT INTO history VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    surrogate: sql("INSERT OR IGNORE INTO surrogates VALUES(?, ?)"),
    probe: sql("INSERT OR REPLACE INTO about VALUES('probe', ?)"),
  };
}
