import { lstatSync } from "node:fs";
import { constants, DatabaseSync } from "node:sqlite";
import { EngineError, type OpenedDatabase } from "../../sdk/index.ts";

export type DatabaseFile = OpenedDatabase;

/** A writer elsewhere holds the file for so long at most before we try again later: the engine stands still meanwhile. */
const busyMs = 50;

/** Opens a database file, or makes it. No extension is loaded, and no statement reaches another file. Throws EngineError `DIR-*`. */
export function openDatabase(path: string): DatabaseFile {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && (!found.isFile() || found.nlink > 1)) throw new EngineError("DIR-206", { sent: false });
  try {
    const database = new DatabaseSync(path, { timeout: busyMs, allowExtension: false });
    // Absent before Node 24.10; statements stand in configuration alone.
    database.setAuthorizer?.((action) => (action === constants.SQLITE_ATTACH || action === constants.SQLITE_DETACH ? constants.SQLITE_DENY : constants.SQLITE_OK));
    return { database };
  } catch (cause) {
    throw new EngineError("DIR-206", { sent: false }, { cause });
  }
}
