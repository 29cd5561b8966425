import type { DatabaseSync } from "node:sqlite";
import { prepare } from "./applier-sql.ts";
import { ContentBook } from "./content-book.ts";
import { sqliteFault, writeFault } from "./fault.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { LedgerBook } from "./ledger/book.ts";
import { Identities } from "./identities.ts";
import { EntryBook, type EntryRow } from "./entry-book.ts";
import { LaneBook, type LaneRow } from "./lane-book.ts";
import type { Op, Result, Written } from "./op.ts";
import { Pruner } from "./pruner.ts";
import { isOver, isReopenable, maxSlots, numberOf, type State, storageNumber } from "./schema.ts";
import { Recounts } from "./recounts.ts";
import { seatsOf } from "./seats.ts";
import { Shredder } from "./shredder.ts";
import type { Settlement } from "./store.ts";
import { keyedHash, type MasterKeys, Opener, Sealer } from "./vault.ts";

const done: Result = { kind: "done" };
const notFound: Result = { kind: "refused", code: "STO-301" };
const wrongState: Result = { kind: "refused", code: "STO-302" };
/** What a type of message looks like; anything else that a sender wrote in its place is not kept as it is. */
const typeForm = /^[\w.^:/-]{1,40}$/;

/** Applies changes to the record, one transaction a list. The only code that writes it, on whichever thread. */
export class Applier {
  #db: DatabaseSync;
  #keys: MasterKeys;
  #sealer: Sealer;
  #lanes: LaneBook;
  #recounts: Recounts;
  #entries: EntryBook;
  #contents: ContentBook;
  #pruner: Pruner;
  #shredder: Shredder;
  #identities: Identities;
  #checkpoints: Checkpoints;
  #ledger: LedgerBook;
  #monotonic: () => number;
  #names = new Map<string, number>();
  #nextId = 1;
  #at = 0;
  readonly #owns: boolean;
  #sql;

  /** `owns`: contents are given to this writer for good, as to a thread. */
  constructor(db: DatabaseSync, keys: MasterKeys, epoch: Uint8Array, ledger: LedgerBook, monotonic: () => number, owns = false) {
    this.#ledger = ledger;
    this.#owns = owns;
    this.#db = db;
    this.#keys = keys;
    this.#monotonic = monotonic;
    this.#sealer = new Sealer(db, keys, epoch, () => this.#nextId);
    this.#lanes = new LaneBook(db);
    this.#recounts = new Recounts(db);
    this.#entries = new EntryBook(db, this.#lanes, this.#sealer, this.#recounts);
    this.#contents = new ContentBook(db, this.#sealer);
    this.#identities = new Identities(db);
    this.#checkpoints = new Checkpoints(db, keys, this.#sealer);
    this.#pruner = new Pruner(db, { contents: this.#contents, lanes: this.#lanes, identities: this.#identities, recounts: this.#recounts, lastNumber: () => this.#nextId - 1 });
    this.#shredder = new Shredder(db, this.#sealer, new Opener(db, keys));
    this.#sql = prepare(db);
    this.#load();
  }

  /** All or nothing, except that a change the record itself refuses does not take its neighbours with it. */
  run(ops: readonly Op[], at: number): Written {
    this.#at = at;
    // Those of a list of one are not read again; a list of several may be, change by change.
    this.#contents.consumes = this.#owns && ops.length === 1;
    this.#sealer.at = at;
    this.#ledger.at = at;
    try {
      this.#sql.begin.run();
      const results = ops.map((op) => this.#apply(op));
      this.#lanes.flush();
      this.#entries.flush();
      this.#recounts.flush();
      this.#identities.flush();
      this.#checkpoints.flush();
      this.#ledger.flush();
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
      this.#entries.forget();
      this.#recounts.forget();
      this.#identities.load();
      this.#checkpoints.forget();
      this.#ledger.forget();
      this.#load();
      return true;
    } catch {
      return false;
    }
  }

  #load(): void {
    this.#names.clear();
    for (const { id, name } of this.#sql.names.all() as unknown as { id: number; name: string }[]) this.#names.set(name, id);
    const { last, gone } = this.#sql.lastMessage.get() as { last: number | null; gone: number | null };
    this.#nextId = Math.max(last ?? 0, gone ?? 0, this.#lanes.last) + 1;
  }

  #apply(op: Op): Result {
    switch (op.kind) {
      case "accept":
        return this.#accept(op);
      case "fill":
        return this.#fill(op);
      case "intend":
        return this.#intend(op);
      case "disclose":
        for (const notice of op.notices) this.#ledger.notice(notice);
        return done;
      case "seal":
        this.#ledger.seal();
        return done;
      case "filed":
        this.#ledger.filed(op.last);
        return done;
      case "settle":
        return this.#settle(op.settlement);
      case "settleAll":
        return this.#settleAll(op.settlements);
      case "requeue":
        return this.#requeue(op);
      case "cancel":
        return this.#cancel(op);
      case "replay":
        return this.#replay(op);
      case "pause":
        return this.#pause(op);
      case "surrogate":
        this.#sql.surrogate.run(op.hash, op.token);
        return done;
      case "prune":
        return this.#pruner.step(op.step);
      case "rotate":
        this.#sql.setAbout.run(op.id === 1 ? "key" : `key ${op.id}`, op.check);
        this.#sql.setAbout.run("master", op.id);
        this.#sql.setAbout.run("hash", op.hashCheck);
        this.#sealer.forget();
        return done;
      case "retire":
        this.#sql.retire.run();
        return done;
      case "shred": {
        const next = this.#shredder.step(op.after);
        return { kind: "shredded", ...(next !== undefined && { next }) };
      }
      case "indexed":
        this.#sql.untouch.run(op.step);
        return done;
      case "checkpoint":
        if (!this.#checkpoints.mayMove(op.checkpoint)) return { kind: "refused", code: "STO-310" };
        this.#checkpoints.move(op.checkpoint);
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
    if (op.checkpoint !== undefined) {
      if (!this.#checkpoints.mayMove(op.checkpoint)) return { kind: "refused", code: "STO-310" };
      // A repeat brings its source on as well: what it stands for is in the record.
      this.#checkpoints.move(op.checkpoint);
    }
    if (op.identity !== undefined) {
      identity = keyedHash(this.#keys, "identity", op.identity);
      bytes = keyedHash(this.#keys, "bytes", op.identity, op.raw.bytes);
      const seen = this.#identities.find(identity, bytes);
      if (seen.message !== undefined) return { kind: "duplicate", id: seen.message };
      sameIdOtherBytes = seen.otherBytes;
    }
    const id = this.#nextId++;
    const lanes = op.lanes.map((name) => this.#lanes.findOrAdd(name));
    const orderKey = op.orderKey === undefined ? null : keyedHash(this.#keys, "order", op.channel, op.orderKey);
    const control = op.controlId === undefined ? null : keyedHash(this.#keys, "control", op.controlId);
    const type = op.type !== undefined && typeForm.test(op.type) ? op.type : null;
    const storage = storageNumber[op.storage ?? "all"];
    this.#sql.message.run(
      id, this.#nameId(op.channel), this.#nameId(op.revision), op.receivedAt, op.raw.bytes.length, lanes.map((lane) => lane.id).join(","), identity ?? null, bytes ?? null,
      type, control, orderKey, op.parent ?? null, storage,
    );
    if (op.principal !== undefined) this.#sql.principal.run(id, JSON.stringify(op.principal));
    // For no lane there is nothing to keep it for.
    if (lanes.length > 0 || op.storage !== "metadata") this.#contents.put({ message: id, where: op.channel, stage: "raw" }, 0, op.raw);
    if (identity !== undefined && bytes !== undefined) this.#identities.add(identity, bytes, id);
    const previous = lanes.map((lane, index) => {
      lane.received++;
      return this.#entries.enter(lane, id, { message: id, slot: index + 1, storage });
    });
    return { kind: "accepted", id, sameIdOtherBytes, previous, ...(orderKey && { orderKey: Buffer.from(orderKey).toString("hex") }) };
  }

  #fill(op: Extract<Op, { kind: "fill" }>): Result {
    const quick = this.#lanes.find(op.lane);
    const at = quick && (this.#sql.fillHome.get(op.disclosing ? this.#ledger.next : null, quick.id, op.id, op.id) as { slot: number; changes: number } | undefined);
    if (quick !== undefined && at !== undefined) return this.#filled(quick, at, op);
    const [lane, entry] = this.#entries.find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state > 1) return wrongState;
    this.#sql.filled.run(op.disclosing ? this.#ledger.next : null, lane.id, entry.position);
    return this.#filled(lane, entry, op);
  }

  #filled(lane: LaneRow, entry: { readonly slot: number; readonly changes: number }, op: Extract<Op, { kind: "fill" }>): Result {
    if (op.disclosing) this.#ledger.intent(op.lane, op.id, op.disclosing);
    this.#contents.put({ message: op.id, where: lane.name, stage: "sent" }, entry.slot, op.sent);
    if (op.log.length > 0) {
      this.#contents.put({ message: op.id, where: lane.name, stage: "log" }, entry.slot, { format: "json", bytes: Buffer.from(JSON.stringify(op.log)) });
    } else if (entry.changes > 0) {
      this.#contents.dropLog(op.id, entry.slot);
    }
    return done;
  }

  /** For what is filled already and has none that holds: it was withheld, or filled by an engine without a ledger. */
  #intend({ lane: name, id, disclosing }: Extract<Op, { kind: "intend" }>): Result {
    const [lane, entry] = this.#entries.find(name, id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state !== numberOf.waiting) return wrongState;
    this.#sql.intend.run(this.#ledger.intent(name, id, disclosing), lane.id, entry.position);
    return done;
  }

  /** A change that the record refuses is looked for before any is made. */
  #settleAll(settlements: readonly Settlement[]): Result {
    for (const { lane: name, id } of settlements) {
      const [, entry] = this.#entries.find(name, id);
      if (entry === undefined) return notFound;
      if (entry.state > 1) return wrongState;
    }
    for (const settlement of settlements) this.#settle(settlement);
    return done;
  }

  #settle(settlement: Settlement): Result {
    const quick = this.#lanes.find(settlement.lane);
    if (quick !== undefined && this.#settledAtHome(quick, settlement)) return this.#goesOn(settlement);
    const [lane, entry] = this.#entries.find(settlement.lane, settlement.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state > 1) return wrongState;
    this.#entries.change(lane, entry, settlement.state, settlement);
    this.#disclosed(lane, entry, entry.position, settlement);
    if (settlement.response !== undefined) this.#contents.put({ message: entry.message, where: lane.name, stage: "response" }, entry.slot, settlement.response);
    this.#keepLess(entry, settlement.state);
    return this.#goesOn(settlement);
  }

  /** What ended here enters its fallback. Where it waits already, one entry is enough; where no slot is left, the end is what a person finds. */
  #goesOn({ id, at, code, fallback }: Settlement): Result {
    if (fallback === undefined) return done;
    const message = this.#sql.messageOf.get(id) as { lanes: string } | undefined;
    const [, entry] = this.#entries.find(fallback, id);
    if (message === undefined || entry?.state === numberOf.waiting || seatsOf(id, message.lanes).length + 1 >= maxSlots) return done;
    this.#enterAgain(fallback, id, entry, { at, ...(code && { code }), reason: `fallback ${code ?? ""}`.trim() });
    return done;
  }

  /** Nearly always the entry stands at its message's own position and waits: one statement then finds and changes it. */
  #settledAtHome(lane: LaneRow, settlement: Settlement): boolean {
    const { id, state, attempts, nextAt, code, response } = settlement;
    const row = this.#sql.settleHome.get(numberOf[state], attempts, nextAt ?? 0, code ?? null, lane.id, id, id) as { slot: number; changes: number; storage: number; intent: number | null } | undefined;
    if (row === undefined) return false;
    this.#disclosed(lane, row, id, settlement);
    this.#entries.changed(lane, { message: id, position: id, slot: row.slot, from: numberOf.waiting, change: row.changes }, state, settlement);
    if (response !== undefined) this.#contents.put({ message: id, where: lane.name, stage: "response" }, row.slot, response);
    this.#keepLess({ message: id, storage: row.storage }, state);
    return true;
  }

  #disclosed(lane: LaneRow, { intent }: { readonly intent: number | null }, position: number, settlement: Settlement): void {
    const over = this.#ledger.settled({ lane: lane.name, message: settlement.id, intent }, settlement);
    if (over && settlement.state === "waiting") this.#sql.intend.run(null, lane.id, position);
  }

  /** The channel keeps no contents, or what was received alone: the rest goes in the transaction of the last good end. */
  #keepLess({ message, storage }: { readonly message: number; readonly storage: number }, state: State): void {
    if (storage === storageNumber.all || !isOver(numberOf[state])) return;
    const { lanes } = this.#sql.messageOf.get(message) as { lanes: string };
    if (this.#entries.allOver(message, lanes)) this.#contents.drop(message, storage === storageNumber.raw ? "raw" : undefined);
  }

  #cancel(op: Extract<Op, { kind: "cancel" }>): Result {
    const [lane, entry] = this.#entries.find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (entry.state !== numberOf.waiting && !isReopenable(entry.state)) return wrongState;
    this.#entries.change(lane, entry, "cancelled", { at: op.at, attempts: entry.attempts, reason: op.reason });
    this.#disclosed(lane, entry, entry.position, { lane: op.lane, id: op.id, state: "cancelled", at: op.at, attempts: entry.attempts });
    this.#keepLess(entry, "cancelled");
    this.#sql.touched.run(op.id);
    return done;
  }

  #requeue(op: Extract<Op, { kind: "requeue" }>): Result {
    const [lane, entry] = this.#entries.find(op.lane, op.id);
    if (lane === undefined || entry === undefined) return notFound;
    if (!isReopenable(entry.state)) return wrongState;
    this.#entries.putBack(lane, entry, this.#nextId++, { at: op.at });
    this.#sql.touched.run(op.id);
    return done;
  }

  /** All of its lanes or none: nothing is changed before every lane was looked at. */
  #replay(op: Extract<Op, { kind: "replay" }>): Result {
    const message = this.#sql.messageOf.get(op.id) as { id: number; lanes: string; storage: number } | undefined;
    if (message === undefined) return notFound;
    const names = [...new Set(op.lanes)];
    const found: (EntryRow | undefined)[] = names.map((name) => this.#entries.find(name, op.id)[1]);
    if (found.some((entry) => entry?.state === numberOf.waiting)) return wrongState;
    if (seatsOf(op.id, message.lanes).length + names.length >= maxSlots) return { kind: "refused", code: "STO-304" };
    if (!this.#contents.hasRaw(op.id)) return { kind: "refused", code: "STO-305" };
    names.forEach((name, index) => {
      this.#enterAgain(name, op.id, found[index], op);
    });
    return done;
  }

  /** At the lane's end. What stands there set aside is put back; beside what has ended, or where it never was, it is one more entry. */
  #enterAgain(name: string, id: number, entry: EntryRow | undefined, to: { readonly at: number; readonly code?: string; readonly reason: string }): void {
    const [lane, position] = [this.#lanes.findOrAdd(name), this.#nextId++];
    const message = this.#sql.messageOf.get(id) as { id: number; lanes: string; storage: number };
    if (entry !== undefined && isReopenable(entry.state)) this.#entries.putBack(lane, entry, position, to);
    else this.#entries.addAgain(lane, message, entry, position, to);
    this.#sql.touched.run(id);
  }

  #pause({ lane: name, paused }: Extract<Op, { kind: "pause" }>): Result {
    const lane = this.#lanes.findOrAdd(name);
    if (paused === undefined) {
      this.#sql.resume.run(lane.id);
      return done;
    }
    const reason = paused.reason === undefined ? undefined : this.#sealer.seal({ message: 0, where: name, stage: "reason" }, Buffer.from(paused.reason));
    this.#sql.pause.run(lane.id, paused.at, reason?.key ?? null, reason?.nonce ?? null, reason?.body ?? null);
    return done;
  }

  #nameId(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#sql.name.run(name).lastInsertRowid);
    this.#names.set(name, id);
    return id;
  }
}
