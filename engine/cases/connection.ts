import type { DatabaseSync } from "node:sqlite";
import { type Code, EngineError } from "../sdk/index.ts";
import { guarded } from "./case-file.ts";

/** The one writer of the file of cases. */
export class Connection {
  readonly db: DatabaseSync;
  readonly #onFault: ((code: Code) => void) | undefined;
  /** After a commit that failed nothing is known of what it wrote: the file must be opened anew. */
  #isBroken = false;

  constructor(db: DatabaseSync, onFault?: (code: Code) => void) {
    this.db = db;
    this.#onFault = onFault;
  }

  /** All of a change or nothing; committed and fsynced when it returns. Throws `CAS-201`, or what the change throws. */
  commit<T>(change: () => T): T {
    if (this.#isBroken) throw new EngineError("CAS-201");
    return guarded(() => {
      this.db.exec("BEGIN IMMEDIATE");
      let done: T;
      try {
        done = change();
      } catch (error) {
        this.db.exec("ROLLBACK");
        throw error;
      }
      try {
        this.db.exec("COMMIT");
        return done;
      } catch (error) {
        this.#isBroken = true;
        this.#onFault?.("CAS-201");
        throw error;
      }
    });
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }
}
