import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { EngineError } from "../sdk/error.ts";
import { sqliteFault } from "./fault.ts";

/**
 * One engine per store: an exclusive transaction held on a database beside the record. The kernel lets go of it when the
 * process dies, however it dies, and readers of the record never meet it.
 */
export function lockStore(dir: string): { release(): void } {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(dir, "lock.db"));
    db.exec("PRAGMA busy_timeout=0; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    const fault = sqliteFault(error);
    throw fault === "busy" ? new EngineError("STO-101", {}, { cause: error }) : new EngineError("STO-103", { file: "lock.db" }, { cause: error });
  }
  return {
    release: () => {
      if (db?.isOpen) db.close();
    },
  };
}
