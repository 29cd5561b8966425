import type { DatabaseSync, StatementSync } from "node:sqlite";
import { seatsOf } from "./seats.ts";
import type { MessageId } from "./store.ts";

/** One entry of a message, with when it came to the state it has (none: it waits since it was received). */
export interface EntryFacts {
  readonly slot: number;
  readonly lane: number;
  readonly state: number;
  readonly code: string | null;
  readonly at: number | null;
}

/** What a message can be found by, as the record has it; names by their numbers. */
export interface Facts {
  readonly id: MessageId;
  readonly channel: number;
  readonly received: number;
  readonly type: string | null;
  readonly control: Uint8Array | null;
  readonly parent: number | null;
  readonly entries: readonly EntryFacts[];
}

interface MessageRow extends Omit<Facts, "entries"> {
  readonly lanes: string;
}

/** Reads the facts of messages from the record; nothing of a message's content is opened. */
export class FactsReader {
  readonly #sql: Readonly<Record<"of" | "after" | "below" | "last" | "entry" | "at" | "touched" | "salt" | "knows", StatementSync>>;

  constructor(db: DatabaseSync) {
    const columns = "SELECT id, channel, received, type, control, parent, lanes FROM messages";
    this.#sql = {
      of: db.prepare(`${columns} WHERE id=?`),
      after: db.prepare(`${columns} WHERE id>? ORDER BY id LIMIT ?`),
      below: db.prepare(`${columns} WHERE id<? AND id>? ORDER BY id DESC LIMIT ?`),
      last: db.prepare("SELECT coalesce(max(id), 0) AS last FROM messages"),
      entry: db.prepare("SELECT state, code, moved FROM entries WHERE lane=? AND position=?"),
      at: db.prepare("SELECT at FROM history WHERE message=? AND slot=? ORDER BY change DESC LIMIT 1"),
      salt: db.prepare("SELECT salt FROM keys ORDER BY id DESC LIMIT 1"),
      knows: db.prepare("SELECT 1 FROM keys WHERE salt=?"),
      touched: db.prepare("SELECT step, message FROM touched ORDER BY step LIMIT ?"),
    };
  }

  of(id: MessageId): Facts | undefined {
    const row = this.#sql.of.get(id) as MessageRow | undefined;
    return row && this.#facts(row);
  }

  after(id: MessageId, limit: number): readonly Facts[] {
    return (this.#sql.after.all(id, limit) as unknown as MessageRow[]).map((row) => this.#facts(row));
  }

  /** Newest first, above another message. */
  below(id: MessageId, above: MessageId, limit: number): readonly Facts[] {
    return (this.#sql.below.all(id, above, limit) as unknown as MessageRow[]).map((row) => this.#facts(row));
  }

  last(): MessageId {
    return (this.#sql.last.get() as { last: number }).last;
  }

  /** Messages of which an end was changed again, oldest first. */
  touched(limit: number): readonly { readonly step: number; readonly message: MessageId }[] {
    return this.#sql.touched.all(limit) as unknown as { step: number; message: number }[];
  }

  /** Salt of the newest key: no two records that went different ways have it in common. */
  salt(): Uint8Array | undefined {
    return (this.#sql.salt.get() as { salt: Uint8Array } | undefined)?.salt;
  }

  knows(salt: Uint8Array): boolean {
    return this.#sql.knows.get(salt) !== undefined;
  }

  /** Entries are read when they are asked for: most messages that are looked at do not match by what stands in their own row. */
  #facts(row: MessageRow): Facts {
    const { id, channel, received, type, control, parent } = row;
    const entries = () => this.#entries(row);
    return {
      id, channel, received, type, control, parent,
      get entries() {
        return entries();
      },
    };
  }

  #entries({ id, lanes }: MessageRow): readonly EntryFacts[] {
    return seatsOf(id, lanes).flatMap(({ lane, slot, home }): EntryFacts[] => {
      const first = this.#entry(lane, home);
      const entry = first === undefined || first.moved === null || first.state < 8 ? first : this.#entry(lane, first.moved);
      if (entry === undefined) return [];
      const at = this.#sql.at.get(id, slot) as { at: number } | undefined;
      return [{ slot, lane, state: entry.state, code: entry.code, at: at?.at ?? null }];
    });
  }

  #entry(lane: number, position: number) {
    return this.#sql.entry.get(lane, position) as { state: number; code: string | null; moved: number | null } | undefined;
  }
}
