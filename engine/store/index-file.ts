import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const name = "index.db";
const version = 2;

const tables = `
  CREATE TABLE about(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE found(
    message INTEGER NOT NULL, slot INTEGER NOT NULL, channel INTEGER NOT NULL, lane INTEGER, state INTEGER, code TEXT, at INTEGER, received INTEGER NOT NULL,
    type TEXT, control BLOB, parent INTEGER, PRIMARY KEY(message, slot)) WITHOUT ROWID;
  CREATE INDEX byChannel ON found(channel, message);
  CREATE INDEX byState ON found(lane, state, message) WHERE lane IS NOT NULL;
  CREATE INDEX byFlight ON found(message) WHERE state<2;
  CREATE INDEX byAt ON found(lane, at, message) WHERE at IS NOT NULL;
  CREATE INDEX byCode ON found(code, message) WHERE code IS NOT NULL;
  CREATE INDEX byReceived ON found(received, message);
  CREATE INDEX byType ON found(type, message) WHERE type IS NOT NULL;
  CREATE INDEX byControl ON found(control, message) WHERE control IS NOT NULL;
  CREATE INDEX byParent ON found(parent, message) WHERE parent IS NOT NULL;
`;

/**
 * Opens the search index for its only writer. It holds nothing that the record does not: one of another version, or one that does not open, is
 * deleted and made anew. No flush for a commit: after a power cut an older state is as good.
 */
export function openIndex(dir: string): DatabaseSync {
  try {
    return open(dir);
  } catch {
    removeIndex(dir);
    return open(dir);
  }
}

/** For readers beside the engine, or without it: what is there, or nothing. */
export function openIndexForReading(dir: string): DatabaseSync | undefined {
  if (!existsSync(join(dir, name))) return undefined;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(dir, name), { readOnly: true, timeout: 1000 });
    if (versionOf(db) === version) return db;
  } catch {
    // Rebuilt by the engine; until then the record itself is searched.
  }
  db?.close();
  return undefined;
}

export function removeIndex(dir: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(join(dir, name + suffix), { force: true, recursive: true });
}

function open(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, name));
  try {
    db.exec("PRAGMA busy_timeout=1000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384");
    const found = versionOf(db);
    if (found === 0) db.exec(`BEGIN; ${tables} PRAGMA user_version=${version}; COMMIT`);
    else if (found !== version) throw new Error("another version of the index");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  return (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}
