import type { DatabaseSync, StatementSync } from "node:sqlite";
import { maxSlots, type Stage, stages } from "./schema.ts";
import type { Opener, Owner, Sealer } from "./vault.ts";

/** Contents left among messages as old as a key: with more of them the key is taken to be in use rather than looked for. */
const mostLeft = 2000;
/** Keys looked at in one transaction. */
const mostKeys = 5;

interface KeyRow {
  readonly id: number;
  readonly reasons: number | null;
  /** First message of which nothing can be sealed by this key. */
  readonly until: number;
}

/**
 * Deletes the keys by which nothing is sealed any more: whatever is left of their contents in free pages, in copies of the file or on a worn disk
 * opens never again. The newest key always stays.
 */
export class Shredder {
  readonly #sealer: Sealer;
  readonly #opener: Opener;
  readonly #sql;
  readonly #contents: Readonly<Record<Stage, StatementSync>>;

  constructor(db: DatabaseSync, sealer: Sealer, opener: Opener) {
    this.#sealer = sealer;
    this.#opener = opener;
    this.#sql = prepare(db);
    const left = (stage: Stage) => db.prepare(`SELECT count(*) AS n, coalesce(sum(key=?), 0) AS own FROM (SELECT key FROM ${stage} WHERE place<? LIMIT ${mostLeft + 1})`);
    this.#contents = Object.fromEntries(stages.map((stage) => [stage, left(stage)])) as Record<Stage, StatementSync>;
  }

  /** Looks at some keys after one, oldest first; gives the last it looked at, or nothing where no later one can go. */
  step(after: number): number | undefined {
    const keys = this.#sql.next.all(after, mostKeys) as unknown as KeyRow[];
    for (const key of keys) {
      const left = this.#left(key);
      // So much left among the messages of this key is left among those of every later one.
      if (left === "many") return undefined;
      if (left === "some" || this.#hasReasons(key)) continue;
      this.#resealSmall(key.id);
      this.#sql.remove.run(key.id);
    }
    return keys.length < mostKeys ? undefined : keys.at(-1)?.id;
  }

  #left({ id, until }: KeyRow): "many" | "some" | "nothing" {
    const counts = stages.map((stage) => this.#contents[stage].get(id, until * maxSlots) as { n: number; own: number });
    if (counts.some(({ n }) => n > mostLeft)) return "many";
    return counts.some(({ own }) => own > 0) ? "some" : "nothing";
  }

  #hasReasons({ reasons, until }: KeyRow): boolean {
    // Of keys from before version 3 nobody counted the reasons.
    return reasons === null ? this.#sql.anyHistory.get(until) !== undefined : reasons > 0;
  }

  /** Checkpoints and pauses are few and stay as long as they hold: they move to the newest key. */
  #resealSmall(key: number): void {
    for (const { name, nonce, value } of this.#sql.checkpoints.all(key) as unknown as { name: Uint8Array; nonce: number; value: Uint8Array }[]) {
      const owner: Owner = { message: 0, where: Buffer.from(name).toString("hex"), stage: "checkpoint" };
      const sealed = this.#sealer.seal(owner, this.#opener.open(owner, { key, nonce, body: value }));
      this.#sql.setCheckpoint.run(sealed.key, sealed.nonce, sealed.body, name);
    }
    for (const { lane, name, nonce, reason } of this.#sql.pauses.all(key) as unknown as { lane: number; name: string; nonce: number; reason: Uint8Array }[]) {
      const owner: Owner = { message: 0, where: name, stage: "reason" };
      const sealed = this.#sealer.seal(owner, this.#opener.open(owner, { key, nonce, body: reason }));
      this.#sql.setPause.run(sealed.key, sealed.nonce, sealed.body, lane);
    }
  }
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    next: sql("SELECT k.id, k.reasons, n.first AS until FROM keys k JOIN keys n ON n.id=(SELECT min(id) FROM keys WHERE id>k.id) WHERE k.id>? ORDER BY k.id LIMIT ?"),
    anyHistory: sql("SELECT 1 FROM history WHERE message<? LIMIT 1"),
    remove: sql("DELETE FROM keys WHERE id=?"),
    checkpoints: sql("SELECT name, nonce, value FROM checkpoints WHERE key=?"),
    setCheckpoint: sql("UPDATE checkpoints SET key=?, nonce=?, value=? WHERE name=?"),
    pauses: sql("SELECT p.lane, l.name, p.nonce, p.reason FROM pauses p JOIN lanes l ON l.id=p.lane WHERE p.key=?"),
    setPause: sql("UPDATE pauses SET key=?, nonce=?, reason=? WHERE lane=?"),
  };
}
