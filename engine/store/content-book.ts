import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Content } from "../sdk/index.ts";
import { large, release } from "./large.ts";
import { formatNumber, maxSlots, placeOf, type Stage, stages } from "./schema.ts";
import type { Owner, Sealer } from "./vault.ts";

/** What was deleted: rows of contents, and their size as they were kept. */
export interface Dropped {
  readonly rows: number;
  readonly bytes: number;
}

/** Only raw content is written once; a repeated fill or answer takes the place of the last. */
function putting(stage: Stage): string {
  return `INSERT ${stage === "raw" ? "" : "OR REPLACE "}INTO ${stage} VALUES(?, ?, ?, ?, ?)`;
}

/** The contents of messages as the only writer keeps and deletes them. */
export class ContentBook {
  /** The bytes of a content are given back as soon as they are sealed: nobody reads them again. */
  consumes = false;
  readonly #db: DatabaseSync;
  readonly #sealer: Sealer;
  readonly #put: Readonly<Record<Stage, StatementSync>>;
  readonly #drop: Readonly<Record<Stage, StatementSync>>;
  readonly #has: StatementSync;
  readonly #dropOne: StatementSync;
  readonly #reasons: Readonly<Record<"of" | "uncount" | "clear", StatementSync>>;

  constructor(db: DatabaseSync, sealer: Sealer) {
    this.#db = db;
    this.#sealer = sealer;
    const each = (text: (stage: Stage) => string) => Object.fromEntries(stages.map((stage) => [stage, db.prepare(text(stage))])) as Record<Stage, StatementSync>;
    this.#put = each(putting);
    this.#drop = each((stage) => `DELETE FROM ${stage} WHERE place>=? AND place<? RETURNING length(body) AS bytes`);
    this.#has = db.prepare("SELECT 1 FROM raw WHERE place=?");
    this.#dropOne = db.prepare("DELETE FROM log WHERE place=?");
    this.#reasons = {
      of: db.prepare("SELECT key, count(*) AS n FROM history WHERE message=? AND key IS NOT NULL GROUP BY key"),
      uncount: db.prepare("UPDATE keys SET reasons=reasons-? WHERE id=?"),
      clear: db.prepare("UPDATE history SET key=NULL, nonce=NULL, reason=NULL WHERE message=? AND key IS NOT NULL"),
    };
  }

  put(owner: Owner & { readonly stage: Stage }, slot: number, content: Content): void {
    const sealed = this.#sealer.seal(owner, content.bytes);
    if (this.consumes) release(content.bytes);
    const isLarge = sealed.body.length >= large;
    // A statement keeps a copy of what was bound last, until it is bound again.
    const put = isLarge ? this.#db.prepare(putting(owner.stage)) : this.#put[owner.stage];
    put.run(placeOf(owner.message, slot), formatNumber[content.format], sealed.key, sealed.nonce, sealed.body);
    if (!isLarge) return;
    release(sealed.body);
    (put as Partial<Disposable>)[Symbol.dispose]?.();
  }

  dropLog(message: number, slot: number): void {
    this.#dropOne.run(placeOf(message, slot));
  }

  hasRaw(message: number): boolean {
    return this.#has.get(placeOf(message, 0)) !== undefined;
  }

  /** Every content of a message, with the reasons in its history; `raw` keeps what was received and the reasons. */
  drop(message: number, keep?: "raw"): Dropped {
    const dropped = { rows: 0, bytes: 0 };
    for (const stage of stages) {
      if (stage === keep) continue;
      for (const { bytes } of this.#drop[stage].all(placeOf(message, 0), placeOf(message, maxSlots)) as unknown as { bytes: number }[]) {
        dropped.rows++;
        dropped.bytes += bytes;
      }
    }
    if (keep === undefined) this.#dropReasons(message);
    return dropped;
  }

  #dropReasons(message: number): void {
    const used = this.#reasons.of.all(message) as unknown as { key: number; n: number }[];
    for (const { key, n } of used) this.#reasons.uncount.run(n, key);
    if (used.length > 0) this.#reasons.clear.run(message);
  }
}
