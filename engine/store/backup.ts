import { createHash } from "node:crypto";
import { closeSync, existsSync, fchmodSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError } from "../sdk/error.ts";
import { isSafeName, type Manifest, manifestName } from "./backup-manifest.ts";
import { type Copied, copyFlushed, hashFile, writeFlushed } from "./copy.ts";
import { catchUp } from "./ledger/catch-up.ts";
import { ledgerFolderName } from "./ledger/files.ts";
import { unreadable } from "./disk.ts";
import { masterName, syncDirectory } from "./master-key.ts";
import { guarded, namedMasters, openForReading } from "./record.ts";
import { schemaVersion } from "./schema.ts";
import type { BackupReport } from "./store.ts";

/** Other databases of the engine, copied after the record: what they know beyond it is of numbers that no message gets again. */
const besideRecord = ["cases.db", "feeds.db"];
/** Made anew where they are missing, or only of use to a running engine. */
const leftOut = /^(record\.db.*|index\.db.*|lock\.db.*|cases\.db.*|feeds\.db.*|.*\.(new|part|sock|tmp))$/;
const isKey = (name: string) => name.endsWith(".key");

/**
 * Copies the store of a folder, also beside a running engine: the record as of one moment, compact, then what stands beside it (revisions, who looked at
 * contents). Keys only when asked. `to` must be absent or empty; on an error nothing is left there.
 */
export function makeBackup(dir: string, to: string, options: { readonly withKeys: boolean; readonly at: number }): BackupReport {
  prepare(dir, to);
  try {
    const files = new Map<string, Copied>();
    const db = openForReading(dir);
    let named: readonly number[];
    try {
      // What was deleted is not copied: only what still stands is written.
      guarded(() => db.prepare("VACUUM INTO ?").run(join(to, "record.db")));
      named = [...namedMasters(db).keys()];
    } finally {
      db.close();
    }
    const { rows, last } = guarded(() => figuresOf(join(to, "record.db")));
    files.set("record.db", flushed(join(to, "record.db")));
    for (const name of besideRecord) if (existsSync(join(dir, name))) files.set(name, copiedWhole(join(dir, name), join(to, name)));
    const needed = new Set(named.map(masterName));
    for (const name of filesOf(dir)) {
      if (isKey(name)) needed.add(name);
      if (!isKey(name) || options.withKeys) copyIfThere(join(dir, name), join(to, name), (copied) => files.set(name, copied));
    }
    cutLedger(to, files);
    const manifest: Manifest = {
      backup: 1,
      schema: schemaVersion,
      at: options.at,
      last,
      rows,
      keys: { included: options.withKeys, needed: [...needed].toSorted() },
      files: [...files].map(([name, { bytes, sha256 }]) => ({ name, bytes, sha256 })),
    };
    const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
    for (const folder of new Set([...files.keys()].map((name) => join(to, name, "..")))) syncDirectory(folder);
    writeFlushed(join(to, manifestName), text);
    syncDirectory(to);
    return reportOf(manifest, createHash("sha256").update(text).digest("hex"));
  } catch (error) {
    for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true, force: true });
    throw unreadable(error);
  }
}

/** Lines of the ledger that came while its files were copied belong to no record in here; those that were on their way to their files are put there. */
function cutLedger(to: string, files: Map<string, Copied>): void {
  const db = new DatabaseSync(join(to, "record.db"), { readOnly: true });
  try {
    catchUp(to, db, { isCopy: true });
  } finally {
    db.close();
  }
  const isLedger = (name: string) => name.startsWith(`${ledgerFolderName}/`);
  for (const name of [...files.keys()].filter(isLedger)) files.delete(name);
  for (const name of filesOf(to).filter(isLedger)) files.set(name, hashFile(join(to, name)));
}

export function reportOf(manifest: Manifest, sha256: string): BackupReport {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: manifest.files.length, bytes, sha256, last: manifest.last, keys: manifest.keys };
}

/** Rows of every table, read through, and the last message. */
export function figuresOf(path: string): { readonly rows: Readonly<Record<string, number>>; readonly last: number } {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name").all() as unknown as { name: string }[];
    const count = (name: string) => (db.prepare(`SELECT count(*) AS n FROM ${name}`).get() as { n: number }).n;
    const { last } = db.prepare("SELECT coalesce(max(id), 0) AS last FROM messages").get() as { last: number };
    return { rows: Object.fromEntries(tables.map(({ name }) => [name, count(name)])), last };
  } finally {
    db.close();
  }
}

function prepare(dir: string, to: string): void {
  if (`${resolve(to)}${sep}`.startsWith(`${resolve(dir)}${sep}`)) throw new EngineError("STO-401");
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    if (readdirSync(to).length > 0) throw new EngineError("STO-401");
  } catch (error) {
    throw unreadable(error);
  }
}

/** Everything that stands beside the record, with `/` between folders; links, sockets and names that a manifest cannot hold are left out. */
function filesOf(dir: string, below = ""): readonly string[] {
  return readdirSync(join(dir, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (leftOut.test(entry.name) || !isSafeName(name)) return [];
    return entry.isDirectory() ? filesOf(dir, name) : entry.isFile() ? [name] : [];
  });
}

/** A file may go while the engine runs. */
function copyIfThere(from: string, to: string, onCopied: (copied: Copied) => void): void {
  try {
    onCopied(copyFlushed(from, to));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** A database as of one moment, also beside its writer. */
function copiedWhole(from: string, to: string): Copied {
  guarded(() => {
    const db = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
    try {
      db.prepare("VACUUM INTO ?").run(to);
    } finally {
      db.close();
    }
  });
  return flushed(to);
}

/** SQLite wrote it; it is made its owner's alone and flushed. */
function flushed(path: string): Copied {
  const file = openSync(path, "r+");
  try {
    fchmodSync(file, 0o600);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return hashFile(path);
}
