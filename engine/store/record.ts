import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../sdk/error.ts";
import { unreadable } from "./disk.ts";
import { openFault } from "./fault.ts";
import { hashKeyName, masterName, syncDirectory } from "./master-key.ts";
import { canMigrate, migrate } from "./migration.ts";
import { applicationId, schemaVersion, tables } from "./schema.ts";
import type { MasterKeys } from "./vault.ts";

const name = "record.db";
/** Above this size the structure is not read through at the start; damage is then found where it is met. */
const checkedBytes = 64 * 1024 * 1024;

export function recordExists(dir: string): boolean {
  return existsSync(join(dir, name));
}

/** Made beside its place and renamed when whole: an empty `record.db` is always damage, never a first start. */
export function createRecord(dir: string, keys: MasterKeys): void {
  const temporary = join(dir, `${name}.new`);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(temporary + suffix, { force: true });
  try {
    const db = new DatabaseSync(temporary);
    db.exec(`PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA application_id=${applicationId}; PRAGMA user_version=${schemaVersion}`);
    db.exec(`BEGIN; ${tables} COMMIT`);
    db.prepare("INSERT INTO about VALUES('key', ?)").run(keys.checks.get(1) ?? null);
    db.close();
    renameSync(temporary, join(dir, name));
    syncDirectory(dir);
  } catch (error) {
    throw openFault(error);
  }
}

/** A connection for the only writer. Settings that an ack depends on are read back, not assumed. */
export function openForWriting(dir: string): DatabaseSync {
  return guarded(() => {
    const db = new DatabaseSync(join(dir, name), { enableForeignKeyConstraints: false });
    db.exec("PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768; PRAGMA secure_delete=ON");
    const journal = db.prepare("PRAGMA journal_mode=WAL").get() as { journal_mode: string };
    const { synchronous } = db.prepare("PRAGMA synchronous").get() as { synchronous: number };
    if (journal.journal_mode !== "wal" || synchronous !== 2) throw new EngineError("STO-102", { journal: journal.journal_mode, synchronous });
    return db;
  });
}

export function openForReading(dir: string): DatabaseSync {
  return guarded(() => new DatabaseSync(join(dir, name), { readOnly: true, enableForeignKeyConstraints: false, timeout: 5000 }));
}

/** Brings a record of an older version to this one, if it is ours and of this key. What is no older record is left to `checkRecord`. */
export function migrateRecord(dir: string, keys: MasterKeys): void {
  if (sizeOf(dir) === 0) return;
  const older = guarded(() => {
    const db = openForReading(dir);
    try {
      const { application_id } = db.prepare("PRAGMA application_id").get() as { application_id: number };
      const { user_version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
      if (application_id !== applicationId || !canMigrate(user_version)) return undefined;
      checkKeys(db, keys);
      return user_version;
    } finally {
      db.close();
    }
  });
  if (older === undefined) return;
  const db = openForWriting(dir);
  try {
    guarded(() =>
      migrate(db, older, () => {
        const other = otherTable(db);
        if (other !== undefined) throw new EngineError("STO-105", { found: older, expected: schemaVersion, table: other });
      }),
    );
  } finally {
    db.close();
  }
}

/** Is this our record, whole, of this version and of this key? Nothing is written to find out. */
export function checkRecord(dir: string, keys: MasterKeys): void {
  if (sizeOf(dir) === 0) throw new EngineError("STO-104", { file: name });
  const db = openForReading(dir);
  try {
    guarded(() => {
      const { application_id } = db.prepare("PRAGMA application_id").get() as { application_id: number };
      if (application_id !== applicationId) throw new EngineError("STO-104", { file: name });
      const { user_version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
      if (user_version !== schemaVersion) throw new EngineError("STO-105", { found: user_version, expected: schemaVersion });
      const other = otherTable(db);
      if (other !== undefined) throw new EngineError("STO-105", { found: user_version, expected: schemaVersion, table: other });
      checkKeys(db, keys);
      if (sizeOf(dir) > checkedBytes) return;
      const result = db.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
      if (result.quick_check !== "ok") throw new EngineError("STO-104", { file: name });
    });
  } finally {
    db.close();
  }
}

/** `checkKeys` for a file that no engine has open. */
export function checkKeysOf(path: string, keys: MasterKeys): void {
  guarded(() => {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      checkKeys(db, keys);
    } finally {
      db.close();
    }
  });
}

/** Every key that the record names is there and is the one it was written with; else STO-106 or STO-107. */
function checkKeys(db: DatabaseSync, keys: MasterKeys): void {
  const named = namedMasters(db);
  if (named.size === 0) throw new EngineError("STO-107");
  for (const [id, check] of named) {
    const own = keys.checks.get(id);
    if (own === undefined) throw new EngineError("STO-106", { file: masterName(id) });
    if (Buffer.compare(check, own) !== 0) throw new EngineError("STO-107", { file: masterName(id) });
  }
  const hash = db.prepare("SELECT value FROM about WHERE name='hash'").get() as { value: Uint8Array } | undefined;
  if (hash !== undefined && Buffer.compare(hash.value, keys.hashCheck) !== 0) throw new EngineError("STO-107", { file: hashKeyName });
}

/** Master keys by which something in the record may be sealed, with what tells that they are the right ones. */
export function namedMasters(db: DatabaseSync): ReadonlyMap<number, Uint8Array> {
  const rows = db.prepare("SELECT name, value FROM about WHERE name='key' OR name LIKE 'key %'").all() as unknown as { name: string; value: Uint8Array }[];
  return new Map(rows.map(({ name, value }) => [Number(name.split(" ")[1] ?? 1), value]));
}

/** Master keys by what the record says of them: the one that seals new contents, and all that it names. Without a record the first is to seal. */
export function mastersOf(dir: string): { readonly current: number; readonly named: ReadonlySet<number> } {
  if (!recordExists(dir)) return { current: 1, named: new Set([1]) };
  const db = openForReading(dir);
  try {
    return guarded(() => {
      const current = db.prepare("SELECT value FROM about WHERE name='master'").get() as { value: number } | undefined;
      return { current: current?.value ?? 1, named: new Set(namedMasters(db).keys()) };
    });
  } finally {
    db.close();
  }
}

/** The first table whose columns are not those of this version: a version in development may have left its number behind. */
function otherTable(db: DatabaseSync): string | undefined {
  const ours = new DatabaseSync(":memory:");
  try {
    ours.exec(tables);
    const [expected, found] = [columns(ours), columns(db)];
    return [...new Set([...expected.keys(), ...found.keys()])].find((table) => expected.get(table) !== found.get(table));
  } finally {
    ours.close();
  }
}

function columns(db: DatabaseSync): ReadonlyMap<string, string> {
  const text = "SELECT t.name, group_concat(c.name || ' ' || c.pk) AS columns FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type='table' GROUP BY t.name";
  return new Map((db.prepare(text).all() as unknown as { name: string; columns: string }[]).map((table) => [table.name, table.columns]));
}

/** A reader may come before the record is whole and in its place. */
function sizeOf(dir: string): number {
  try {
    return statSync(join(dir, name)).size;
  } catch (error) {
    throw unreadable(error);
  }
}

/** Runs what opens or prepares a record: errors of SQLite become the store's own. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw openFault(error);
  }
}
