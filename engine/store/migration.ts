import type { DatabaseSync } from "node:sqlite";
import { added, addedForLedger, addedForPrincipals, schemaVersion } from "./schema.ts";

/** What brings a record of a version to the next one. Each runs in the transaction of all, and none reads contents. */
const steps: Readonly<Record<number, (db: DatabaseSync) => void>> = {
  2: (db) => {
    db.exec(`
      ALTER TABLE keys ADD COLUMN master INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE keys ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE keys ADD COLUMN reasons INTEGER;
      ALTER TABLE messages ADD COLUMN type TEXT;
      ALTER TABLE messages ADD COLUMN control BLOB;
      ALTER TABLE messages ADD COLUMN orderKey BLOB;
      ALTER TABLE messages ADD COLUMN parent INTEGER;
      ALTER TABLE messages ADD COLUMN storage INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE entries ADD COLUMN storage INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE entries ADD COLUMN later INTEGER;
      ${added}`);
    // Nobody wrote down which messages the keys so far were used for: they are taken to be used for all of them.
    db.exec("UPDATE keys SET first=(SELECT coalesce(max(id), 0) + 1 FROM messages)");
  },
  3: (db) => db.exec(`ALTER TABLE entries ADD COLUMN intent INTEGER; ${addedForLedger}`),
  4: (db) => db.exec(addedForPrincipals),
};

export function canMigrate(version: number): boolean {
  return version >= 2 && version < schemaVersion;
}

/**
 * Brings an older record to this version in one transaction: after a crash it is of the old version or of the new one. Adds columns and tables
 * without touching rows, so that it takes the same time for any record. `verify` throws when the tables are then not those of this version.
 */
export function migrate(db: DatabaseSync, from: number, verify: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    for (let version = from; version < schemaVersion; version++) steps[version]?.(db);
    verify();
    db.exec(`PRAGMA user_version=${schemaVersion}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
