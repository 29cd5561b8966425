import { mkdirSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { type Code, EngineError } from "../sdk/error.ts";
import type { Clock, Random } from "../sdk/index.ts";
import { checkFileSystem, unreadable } from "./disk.ts";
import { FactsReader } from "./facts.ts";
import { Follower } from "./follower.ts";
import { GroupCommit } from "./group-commit.ts";
import { openIndexForReading } from "./index-file.ts";
import { inlineWriter } from "./inline-writer.ts";
import { forgetLedger, headOf } from "./ledger/catch-up.ts";
import { readLedgerKey } from "./ledger/key.ts";
import { Scribe } from "./ledger/scribe.ts";
import { lockStore } from "./lock.ts";
import { readKeys } from "./master-key.ts";
import { Reader } from "./reader.ts";
import { checkRecord, createRecord, guarded, migrateRecord, openForReading, openForWriting, recordExists } from "./record.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { SearchIndex } from "./search-index.ts";
import { alone, search } from "./searcher.ts";
import type { MessageId, MessagePage, Search, Store, StoreCare } from "./store.ts";
import { threadWriter } from "./thread-writer.ts";
import type { MasterKeys } from "./vault.ts";
import { writerChoice } from "./writer-choice.ts";

export { makeBackup } from "./backup.ts";
export { restoreBackup, verifyBackup } from "./restore.ts";
export * from "./store.ts";

export interface StoreOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Free space kept back so that what was accepted can still be settled; below it nothing is accepted. Default 64 MiB. */
  readonly minFreeBytes?: number;
  /** Told the code of every failed write and altered content. */
  readonly onFault?: (code: Code) => void;
  /** False: a missing `master.key` is an error on a first start too. */
  readonly createKey?: boolean;
  /** For tests alone: accept a file system in memory. */
  readonly allowVolatile?: boolean;
  /** When to look at what has arrived; default `setImmediate`, after the sockets of this turn were read. */
  readonly defer?: (run: () => void) => void;
  /** False: the search index is brought up to date only when something is searched for. */
  readonly follow?: boolean;
  /** A new key signs the ledger of disclosures from now on: the old one is lost, or known to others. */
  readonly renewLedgerKey?: boolean;
  /** Forget where the ledger ended, and begin another that says so: its files are lost, and a person has set aside what is left. */
  readonly newLedger?: boolean;
  /** Folder that gets a copy of every checkpoint of the ledger. */
  readonly anchor?: string;
  /** Pins the writer instead of choosing by the time of a commit. */
  readonly writer?: "inline" | "thread";
}

/** Opens the record of an engine, or makes it on a first start. Refuses (STO-1xx) what could not keep an acknowledgement. */
export async function openStore(options: StoreOptions): Promise<Store & StoreCare> {
  const { dir, clock, random, onFault = () => {} } = options;
  prepareDirectory(dir, options.allowVolatile ?? false);
  const lock = lockStore(dir);
  try {
    const exists = recordExists(dir);
    const keys = readKeys(dir, { recordExists: exists, create: options.createKey ?? true, random });
    if (!exists) createRecord(dir, keys);
    migrateRecord(dir, keys);
    checkRecord(dir, keys);
    const db = openForWriting(dir);
    const reader = readerOf(db, keys);
    const monotonic = () => clock.monotonic();
    if (options.newLedger) forgetLedger(db);
    const { key: signedBy, n: after } = headOf(db);
    const signer = readLedgerKey(dir, { renew: options.renewLedgerKey ?? false, random, ...(signedBy !== undefined && { signedBy }) });
    const inline = () => inlineWriter(db, keys, { signer, after }, random.bytes(16), monotonic);
    const thread = () => threadWriter(dir, keys, { signer, after }, random.bytes(16));
    const defer = options.defer ?? ((run: () => void) => void setImmediate(run));
    const pinned = options.writer === "thread" ? thread : inline;
    const commit = new GroupCommit({
      now: () => clock.now(),
      defer,
      onFault,
      choose: options.writer === undefined ? writerChoice({ inline, thread }) : (current) => current ?? pinned(),
    });
    const scribe = new Scribe({
      dir, db, clock, onFault, timer: options.follow ?? true, submit: (op) => commit.submit(op), stopped: () => commit.stopped !== undefined,
      ...(options.anchor !== undefined && { anchor: options.anchor }),
    });
    const minFreeBytes = options.minFreeBytes ?? 64 * 1024 * 1024;
    const follower = new Follower({
      dir, db, clock, names: reader.names, onIdle: () => !reader.census().whole, timer: options.follow ?? true, onIndexed: (step) => void commit.submit({ kind: "indexed", step }).catch(() => {}),
    });
    return new SqliteStore({ dir, db, keys, reader, commit, follower, scribe, lock, clock, random, minFreeBytes, onFault, defer });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What the command line may do beside a running engine, or without one. */
export type StoreReader = Pick<Store & StoreCare, "counts" | "list" | "message" | "search"> & { close(): void };

export function openReader(dir: string): StoreReader {
  if (!recordExists(dir)) throw new EngineError("STO-103", { system: "ENOENT" });
  const keys = readKeys(dir, { recordExists: true, create: false, random: { next: () => 0, bytes: () => new Uint8Array() } });
  checkRecord(dir, keys);
  const db = openForReading(dir);
  const reader = readerOf(db, keys);
  const search = searchBeside(dir, db, reader);
  return {
    counts: () => reader.counts(),
    list: (query) => reader.list(query),
    message: (id) => reader.message(id),
    search: (query) => search.find(query),
    close: () => {
      search.close();
      db.close();
    },
  };
}

/** Beside an engine, or after one that was killed, the index may be behind in everything that was in flight. */
function searchBeside(dir: string, db: DatabaseSync, reader: Reader) {
  const facts = new FactsReader(db);
  const indexDb = openIndexForReading(dir);
  const index = indexDb && new SearchIndex(indexDb);
  const find = (query: Search): MessagePage => {
    const mark = Number(index?.about("mark") ?? 0);
    const progress = { mark, stale: true, pending: new Set<MessageId>() };
    return reader.page(search(query, { facts, names: reader.names, progress, bounds: alone, ...(index && { index }) }));
  };
  return { find, close: () => indexDb?.close() };
}

function readerOf(db: DatabaseSync, keys: MasterKeys): Reader {
  try {
    return guarded(() => new Reader(db, keys));
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepareDirectory(dir: string, allowVolatile: boolean): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    checkFileSystem(dir, allowVolatile);
  } catch (error) {
    throw unreadable(error);
  }
}
