import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../sdk/error.ts";
import { figuresOf, reportOf } from "./backup.ts";
import { type Manifest, readManifest } from "./backup-manifest.ts";
import { copyFlushed, hashFile } from "./copy.ts";
import { headOf } from "./ledger/catch-up.ts";
import { ledgerFiles, ledgerFolderName } from "./ledger/files.ts";
import { verifyLedger } from "./ledger/verify.ts";
import { ledgerKeyName } from "./ledger/key.ts";
import { unreadable } from "./disk.ts";
import { readKeys, syncDirectory } from "./master-key.ts";
import { canMigrate } from "./migration.ts";
import { checkKeysOf, guarded, openForWriting } from "./record.ts";
import { applicationId, schemaVersion } from "./schema.ts";
import type { BackupReport } from "./store.ts";

/** Restored, and key files that it needs and that were not there: to be put into the folder before the engine starts. */
export interface RestoreReport extends BackupReport {
  readonly missingKeys: readonly string[];
}

/** Reads a backup through: every file by its hash, every table of the record to its last row. STO-402 when anything is not as its manifest says. */
export async function verifyBackup(dir: string): Promise<BackupReport> {
  const { manifest, sha256 } = readManifest(dir);
  for (const { name, bytes, sha256: expected } of manifest.files) {
    const found = hashed(join(dir, name), name);
    if (found.bytes !== bytes || found.sha256 !== expected) throw new EngineError("STO-402", { file: name });
  }
  checkCopy(dir, manifest);
  await checkLedger(dir);
  return reportOf(manifest, sha256);
}

/**
 * Numbers are left out after a restore: as many as can have been given out since the backup, by this engine or by one that was restored from it
 * before. Partners know those messages by ids that derive from their numbers, and would take others under them for repeats. Many more a
 * millisecond than a record can take; the rest is for a clock that was set. Both stay far below the largest place (`placeOf`).
 */
const skipped = { atLeast: 1_000_000_000, perMs: 10, mostMs: 300_000_000_000 };

/**
 * Verifies a backup and puts it in the place of an absent or empty folder: whole or not at all. Keys come from the backup, or from the folder
 * `keys` where it has none; those that are there must belong to the record (STO-107). `now` (ms since epoch): with it a later restore of the same
 * backup gives other numbers to new messages.
 */
export async function restoreBackup(from: string, dir: string, options: { readonly keys?: string; readonly now?: number } = {}): Promise<RestoreReport> {
  const report = await verifyBackup(from);
  const { manifest } = readManifest(from);
  if (existsSync(dir) && !isEmpty(dir)) throw new EngineError("STO-403");
  const target = resolve(dir);
  const temporary = join(dirname(target), `.${basename(target)}.restoring`);
  try {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { mode: 0o700 });
    for (const { name, sha256 } of manifest.files) {
      if (copyFlushed(join(from, name), join(temporary, name)).sha256 !== sha256) throw new EngineError("STO-402", { file: name });
    }
    skipNumbers(temporary, Math.max(0, (options.now ?? 0) - manifest.at));
    const missingKeys = manifest.keys.needed.filter((name) => !existsSync(join(temporary, name)) && !taken(options.keys, name, temporary));
    // With some of them missing nothing can be said of the others yet; the engine says it when it opens.
    if (missingKeys.every((name) => name === ledgerKeyName)) checkTheirKeys(temporary);
    for (const folder of new Set(manifest.files.map(({ name }) => join(temporary, name, "..")))) syncDirectory(folder);
    syncDirectory(temporary);
    // Only an empty folder can be removed.
    if (existsSync(target)) rmdirSync(target);
    renameSync(temporary, target);
    syncDirectory(dirname(target));
    return { ...report, missingKeys };
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw unreadable(error);
  }
}

function skipNumbers(dir: string, sinceMs: number): void {
  const db = openForWriting(dir);
  try {
    guarded(() => {
      const text = "SELECT max(coalesce((SELECT max(id) FROM messages), 0), coalesce((SELECT max(last) FROM lanes), 0), coalesce((SELECT value FROM about WHERE name='last'), 0)) AS last";
      const { last } = db.prepare(text).get() as { last: number };
      const next = last + skipped.atLeast + Math.min(sinceMs, skipped.mostMs) * skipped.perMs;
      db.prepare("INSERT OR REPLACE INTO about VALUES('last', ?)").run(next);
    });
  } finally {
    db.close();
  }
}

function taken(keys: string | undefined, name: string, to: string): boolean {
  if (keys === undefined || !existsSync(join(keys, name))) return false;
  copyFlushed(join(keys, name), join(to, name));
  return true;
}

function checkTheirKeys(dir: string): void {
  const keys = readKeys(dir, { recordExists: true, create: false, random: { next: () => 0, bytes: () => new Uint8Array() } });
  checkKeysOf(join(dir, "record.db"), keys);
}

function isEmpty(dir: string): boolean {
  try {
    return readdirSync(dir).length === 0;
  } catch (error) {
    throw unreadable(error);
  }
}

function hashed(path: string, name: string) {
  try {
    return hashFile(path);
  } catch (cause) {
    throw new EngineError("STO-402", { file: name }, { cause });
  }
}

/** The ledger of disclosures is whole, and goes to the line that the record knows. */
async function checkLedger(dir: string): Promise<void> {
  const paths = ledgerFiles(join(dir, ledgerFolderName));
  const head = guarded(() => headIn(join(dir, "record.db")));
  const { problems, last, first } = await verifyLedger(paths, { keys: [] });
  // Whose signatures they are is for those to say who have the public key.
  const found = problems.find(({ code }) => code !== "STO-513");
  if (found) throw new EngineError("STO-402", { file: basename(found.file), line: found.line, problem: found.code });
  if ((last?.n ?? 0) !== head.n || (last !== undefined && (last.hash !== head.hash || first !== 1))) throw new EngineError("STO-402", { file: ledgerFolderName });
}

function headIn(path: string) {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const hasLedger = db.prepare("SELECT 1 FROM sqlite_schema WHERE name='ledger'").get() !== undefined;
    return hasLedger ? headOf(db) : { n: 0, hash: "" };
  } finally {
    db.close();
  }
}

/** The hashes say that the file is the one that was made; this says that it was made well. */
function checkCopy(dir: string, manifest: Manifest): void {
  const path = join(dir, "record.db");
  guarded(() => {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const value = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
      if (value("application_id") !== applicationId || value("integrity_check(1)") !== "ok") throw new EngineError("STO-402", { file: "record.db" });
      const version = Number(value("user_version"));
      if (version !== manifest.schema || (version !== schemaVersion && !canMigrate(version))) throw new EngineError("STO-105", { found: version, expected: schemaVersion });
    } finally {
      db.close();
    }
    const { rows, last } = figuresOf(path);
    const tables = [...new Set([...Object.keys(rows), ...Object.keys(manifest.rows)])];
    if (last !== manifest.last || tables.some((table) => rows[table] !== manifest.rows[table])) throw new EngineError("STO-402", { file: "record.db" });
  });
}
