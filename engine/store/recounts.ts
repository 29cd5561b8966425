import type { DatabaseSync, StatementSync } from "node:sqlite";
import { blockOf } from "./census.ts";

/** So many are kept for the census; one that was away longer counts everything again. */
const most = 5000;

/** Tells the census, in the transaction that changes it, which old message asks for more or for less than it did. */
export class Recounts {
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #blocks = new Set<number>();

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO recounts(block) VALUES(?)");
    this.#trim = db.prepare("DELETE FROM recounts WHERE step<=(SELECT max(step) FROM recounts)-?");
  }

  add(message: number): void {
    this.#blocks.add(blockOf(message));
  }

  /** As the last step of a transaction. */
  flush(): void {
    if (this.#blocks.size === 0) return;
    for (const block of this.#blocks) this.#insert.run(block);
    this.#trim.run(most);
    this.#blocks.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.#blocks.clear();
  }
}
