import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../sdk/index.ts";
import { alertTables } from "./alert-tables.ts";
import { bookingTables } from "./booking-tables.ts";

/** Beside the record, in the data folder. The backup knows it by this name. */
export const caseFileName = "cases.db";

/** Version of the tables below. */
const version = 2;
/** "Slcs": says in the file's header whose it is. */
const applicationId = 0x536c6373;

/**
 * `verdicts`: what was decided of a message, by its number, which is never given twice. `items`: `waits*` is the case whose coming ends it, `about*` the
 * case whose next move ends it. Keys are keyed hashes; reasons are sealed.
 */
const tables = `
  CREATE TABLE cases(
    kind TEXT NOT NULL, key BLOB NOT NULL, state TEXT NOT NULL, stampKind TEXT, stamp REAL, same TEXT, openedAt INTEGER NOT NULL, movedAt INTEGER NOT NULL,
    message INTEGER NOT NULL, channel TEXT NOT NULL, dueAt INTEGER, due TEXT, PRIMARY KEY(kind, key)) WITHOUT ROWID;
  CREATE INDEX cases_due ON cases(dueAt) WHERE dueAt IS NOT NULL;
  CREATE INDEX cases_moved ON cases(movedAt);
  CREATE TABLE verdicts(message INTEGER PRIMARY KEY, at INTEGER NOT NULL, released INTEGER NOT NULL, verdict TEXT NOT NULL);
`;

/** `about*`: empty where the item is about its message. */
const items = `
  CREATE TABLE items(
    id INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, owner TEXT NOT NULL, code TEXT NOT NULL, channel TEXT NOT NULL, message INTEGER NOT NULL,
    openedAt INTEGER NOT NULL, dueAt INTEGER, state TEXT NOT NULL, closedAt INTEGER, closedBy TEXT, reason BLOB,
    waitsKind TEXT, waitsKey BLOB, aboutKind TEXT NOT NULL, aboutKey BLOB NOT NULL, UNIQUE(message, code, aboutKey));
  CREATE INDEX items_open ON items(state, list);
  CREATE INDEX items_waiting ON items(waitsKind, waitsKey) WHERE waitsKind IS NOT NULL AND state='open';
  CREATE INDEX items_about ON items(aboutKind, aboutKey) WHERE state='open';
`;

/** Items of version 1 could be about one case of a message alone. */
const itemsOfOne = `
  DROP INDEX items_open; DROP INDEX items_waiting; DROP INDEX items_about;
  ALTER TABLE items RENAME TO items_of_one;
  ${items}
  INSERT INTO items SELECT id, list, owner, code, channel, message, openedAt, dueAt, state, closedAt, closedBy, reason, waitsKind, waitsKey, ifnull(aboutKind, ''), ifnull(aboutKey, x'') FROM items_of_one;
  DROP TABLE items_of_one;
`;

/** Opens the file of cases, or makes it. `undefined`: in memory, for a trial. Throws `CAS-201` or `CAS-202`. */
export function openCaseFile(dir: string | undefined): DatabaseSync {
  return guarded(() => {
    const db = new DatabaseSync(dir === undefined ? ":memory:" : join(dir, caseFileName), { enableForeignKeyConstraints: false });
    try {
      db.exec("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216; PRAGMA secure_delete=ON");
      const { user_version: found } = db.prepare("PRAGMA user_version").get() as { user_version: number };
      if (found === 0) db.exec(`BEGIN; ${tables} ${items} PRAGMA application_id=${applicationId}; PRAGMA user_version=${version}; COMMIT`);
      if (found === 1 && isOurs(db)) db.exec(`BEGIN; ${itemsOfOne} PRAGMA user_version=${version}; COMMIT`);
      check(db);
      db.exec(alertTables);
      db.exec(bookingTables);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** For the command line, beside an engine or without one. `undefined`: there is no such file, so there is no work. */
export function readCaseFile(dir: string): DatabaseSync {
  return guarded(() => {
    const db = new DatabaseSync(join(dir, caseFileName), { readOnly: true, enableForeignKeyConstraints: false, timeout: 5000 });
    check(db);
    return db;
  });
}

function isOurs(db: DatabaseSync): boolean {
  const { application_id } = db.prepare("PRAGMA application_id").get() as { application_id: number };
  return application_id === applicationId;
}

function check(db: DatabaseSync): void {
  const { user_version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  if (!isOurs(db) || user_version !== version) throw new EngineError("CAS-202", { found: user_version, expected: version });
}

/** An error of SQLite may quote what it was given: the code stands for it. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("CAS-201", {}, { cause });
  }
}
