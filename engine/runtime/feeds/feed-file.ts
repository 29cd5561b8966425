import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { EngineError } from "../../sdk/index.ts";

/** Beside the record, in the data folder; a backup takes it along (`store/backup.ts`). */
export const feedFileName = "feeds.db";

const version = 1;
/** "Slfd": says in the file's header whose it is. */
const applicationId = 0x536c6664;

/**
 * `published`: a busy time of a feed; `item` is a token that the engine made, `since` and `until` are minutes since 1970, `sequence` is the number of the message
 * that brought it, `at` ms since 1970. `remembered`: sealed, under names that the source made opaque.
 */
const tables = `
  CREATE TABLE published(
    lane TEXT NOT NULL, feed TEXT NOT NULL, item TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, busy INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(lane, feed, item)) WITHOUT ROWID;
  CREATE INDEX published_until ON published(until);
  CREATE TABLE remembered(heading TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY(heading, name)) WITHOUT ROWID;
`;

/** A busy time as it is kept. */
export interface PublishedTime {
  readonly since: number;
  readonly until: number;
  readonly at: number;
}

export interface NewTime extends PublishedTime {
  readonly lane: string;
  readonly feed: string;
  readonly item: string;
  readonly busy: boolean;
  readonly sequence: number;
}

type Statements = Readonly<Record<"publish" | "elsewhere" | "busy" | "over" | "names" | "read" | "write" | "forget", StatementSync>>;

/** The file of feeds: what the engine serves, and what sources remember of theirs. One writer. Throws `ICL-122`. */
export class FeedFile {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;

  /** @param dir the data folder; absent: in memory, for a trial */
  constructor(dir?: string) {
    this.#db = guarded(() => opened(dir));
    const sql = (text: string) => this.#db.prepare(text);
    this.#sql = guarded(() => ({
      publish: sql(`INSERT INTO published VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(lane, feed, item) DO UPDATE SET
        since=excluded.since, until=excluded.until, busy=excluded.busy, sequence=excluded.sequence, at=excluded.at WHERE excluded.sequence>=sequence`),
      // A visit that goes to another provider leaves the feed of the first.
      elsewhere: sql("UPDATE published SET busy=0, at=?, sequence=? WHERE lane=? AND item=? AND feed<>? AND busy=1 AND sequence<?"),
      busy: sql("SELECT since, until, at FROM published WHERE lane=? AND feed=? AND busy=1 AND until>? ORDER BY since"),
      over: sql("DELETE FROM published WHERE lane=? AND until<?"),
      names: sql("SELECT name FROM remembered WHERE heading=? ORDER BY name"),
      read: sql("SELECT value FROM remembered WHERE heading=? AND name=?"),
      write: sql("INSERT OR REPLACE INTO remembered VALUES(?, ?, ?)"),
      forget: sql("DELETE FROM remembered WHERE heading=? AND name=?"),
    }));
  }

  /** Committed and fsynced when it returns. `before`: what ended earlier, in minutes, is dropped. */
  publish({ lane, feed, item, since, until, busy, sequence, at }: NewTime, before: number): void {
    guarded(() => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        this.#sql.publish.run(lane, feed, item, since, until, busy ? 1 : 0, sequence, at);
        this.#sql.elsewhere.run(at, sequence, lane, item, feed, sequence);
        this.#sql.over.run(lane, before);
        this.#db.exec("COMMIT");
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** Busy times that end after this minute, by their beginning. */
  busy(lane: string, feed: string, after: number): readonly PublishedTime[] {
    return guarded(() => this.#sql.busy.all(lane, feed, after) as unknown as readonly PublishedTime[]);
  }

  names(heading: string): readonly string[] {
    return guarded(() => (this.#sql.names.all(heading) as unknown as readonly { name: string }[]).map(({ name }) => name));
  }

  read(heading: string, name: string): Uint8Array | undefined {
    return guarded(() => (this.#sql.read.get(heading, name) as { value: Uint8Array } | undefined)?.value);
  }

  write(heading: string, name: string, value: Uint8Array | undefined): void {
    guarded(() => (value === undefined ? this.#sql.forget.run(heading, name) : this.#sql.write.run(heading, name, value)));
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function opened(dir: string | undefined): DatabaseSync {
  const db = new DatabaseSync(dir === undefined ? ":memory:" : join(dir, feedFileName));
  try {
    db.exec("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216; PRAGMA secure_delete=ON");
    const figure = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0];
    if (figure("user_version") === 0) db.exec(`BEGIN; ${tables} PRAGMA application_id=${applicationId}; PRAGMA user_version=${version}; COMMIT`);
    if (figure("application_id") !== applicationId || figure("user_version") !== version) throw new EngineError("ICL-122");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An error of SQLite may quote what it was given: the code stands for it. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError("ICL-122", { sent: false }, { cause });
  }
}
