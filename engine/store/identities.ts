import type { DatabaseSync, StatementSync } from "node:sqlite";

interface Seen {
  readonly identity: Uint8Array;
  readonly bytes: Uint8Array;
  readonly message: number;
}

/** So many identities are kept in memory before they move to the table, a slice with each commit. */
const most = 8192;
const slice = 512;

/**
 * Which messages were seen before. The key of the table is a hash, so an entry for each message would dirty a page for each message. The
 * newest stand in the rows of their messages, which grow at the end, and in memory; when there are enough of them they go to the
 * table in the order of its key, where neighbours share pages. After a crash the rows of the messages say what is not in the table yet.
 */
export class Identities {
  readonly #sql: Readonly<Record<"tail" | "mark" | "setMark" | "find" | "insert" | "remove", StatementSync>>;
  #recent = new Map<string, Seen[]>();
  #size = 0;
  /** What is moving to the table, sorted by its key; looked up in memory until all of it is there. */
  #moving: { readonly seen: Map<string, Seen[]>; readonly sorted: readonly Seen[]; at: number; readonly upTo: number } | undefined;

  constructor(db: DatabaseSync) {
    this.#sql = {
      tail: db.prepare("SELECT id, identity, bytesHash FROM messages WHERE id>? AND identity IS NOT NULL ORDER BY id"),
      mark: db.prepare("SELECT value FROM about WHERE name='identities'"),
      setMark: db.prepare("INSERT OR REPLACE INTO about VALUES('identities', ?)"),
      find: db.prepare("SELECT bytes, message FROM duplicates WHERE identity=?"),
      remove: db.prepare("DELETE FROM duplicates WHERE identity=? AND bytes=?"),
      insert: db.prepare("INSERT OR IGNORE INTO duplicates VALUES(?, ?, ?)"),
    };
    this.load();
  }

  /** Reads the tail anew: at the start and after a rollback. */
  load(): void {
    this.#recent = new Map();
    this.#size = 0;
    this.#moving = undefined;
    const mark = (this.#sql.mark.get() as { value: number } | undefined)?.value ?? 0;
    for (const row of this.#sql.tail.all(mark) as unknown as { id: number; identity: Uint8Array; bytesHash: Uint8Array }[]) {
      this.add(row.identity, row.bytesHash, row.id);
    }
  }

  /** The message with this identity and these bytes; else whether the identity was used for other bytes. */
  find(identity: Uint8Array, bytes: Uint8Array): { readonly message?: number; readonly otherBytes: boolean } {
    const name = nameOf(identity);
    const recent = [...(this.#recent.get(name) ?? []), ...(this.#moving?.seen.get(name) ?? [])];
    const seen = [...recent, ...(this.#sql.find.all(identity) as unknown as { bytes: Uint8Array; message: number }[])];
    const same = seen.find((one) => Buffer.compare(one.bytes, bytes) === 0);
    return { ...(same && { message: same.message }), otherBytes: seen.length > 0 };
  }

  /** To be called in the transaction that inserts the message's row with the same hashes. */
  add(identity: Uint8Array, bytes: Uint8Array, message: number): void {
    const name = nameOf(identity);
    const known = this.#recent.get(name);
    if (known === undefined) this.#recent.set(name, [{ identity, bytes, message }]);
    else known.push({ identity, bytes, message });
    this.#size++;
  }

  /** The message is deleted, in this transaction: a repeat of it is new from now on. */
  remove(identity: Uint8Array, bytes: Uint8Array): void {
    const name = nameOf(identity);
    const others = (seen: readonly Seen[]) => seen.filter((one) => Buffer.compare(one.bytes, bytes) !== 0);
    const recent = this.#recent.get(name);
    if (recent !== undefined) {
      const left = others(recent);
      this.#size -= recent.length - left.length;
      if (left.length > 0) this.#recent.set(name, left);
      else this.#recent.delete(name);
    }
    const moving = this.#moving?.seen.get(name);
    if (moving !== undefined) this.#moving?.seen.set(name, others(moving));
    this.#sql.remove.run(identity, bytes);
  }

  /** As the last step of a transaction: moves a slice, when there is something to move. */
  flush(): void {
    if (this.#moving === undefined && this.#size < most) return;
    this.#moving ??= this.#begin();
    const { sorted, at, upTo } = this.#moving;
    for (const one of sorted.slice(at, at + slice)) {
      // One that was removed meanwhile does not come back.
      if (this.#moving.seen.get(nameOf(one.identity))?.includes(one)) this.#sql.insert.run(one.identity, one.bytes, one.message);
    }
    this.#moving.at += slice;
    if (this.#moving.at < sorted.length) return;
    this.#sql.setMark.run(upTo);
    this.#moving = undefined;
  }

  #begin() {
    const seen = this.#recent;
    const sorted = [...seen.values()].flat().sort((a, b) => Buffer.compare(a.identity, b.identity));
    this.#recent = new Map();
    this.#size = 0;
    return { seen, sorted, at: 0, upTo: sorted.reduce((last, one) => Math.max(last, one.message), 0) };
  }
}

function nameOf(identity: Uint8Array): string {
  return Buffer.from(identity.buffer, identity.byteOffset, identity.byteLength).toString("latin1");
}
