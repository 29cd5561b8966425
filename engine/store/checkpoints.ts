import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AcceptRequest } from "./store.ts";
import { keyedHash, type MasterKeys, Opener, type Owner, type Sealer } from "./vault.ts";

interface Place {
  readonly name: Uint8Array;
  value: string;
  changed: boolean;
}

/** Places kept in memory between commits; the sources of this engine have one each, another's may name one for every file. */
export const mostPlaces = 1_000;

/** Where sources stand. Many messages of one commit move the same place: it is written once. */
export class Checkpoints {
  readonly #keys: MasterKeys;
  readonly #sealer: Sealer;
  readonly #opener: Opener;
  readonly #find: StatementSync;
  readonly #write: StatementSync;
  readonly #places = new Map<string, Place>();

  constructor(db: DatabaseSync, keys: MasterKeys, sealer: Sealer) {
    this.#keys = keys;
    this.#sealer = sealer;
    this.#opener = new Opener(db, keys);
    this.#find = db.prepare("SELECT key, nonce, value FROM checkpoints WHERE name=?");
    this.#write = db.prepare("INSERT OR REPLACE INTO checkpoints VALUES(?, ?, ?, ?)");
  }

  /** Whether the place may be moved: it stands where the source says it does, or the source does not say. */
  mayMove({ of, after }: NonNullable<AcceptRequest["checkpoint"]>): boolean {
    return after === undefined || this.#place(of).value === after;
  }

  move({ of, value }: NonNullable<AcceptRequest["checkpoint"]>): void {
    const place = this.#place(of);
    place.value = value;
    place.changed = true;
  }

  flush(): void {
    for (const place of this.#places.values()) {
      if (!place.changed) continue;
      const sealed = this.#sealer.seal(ownerOf(place.name), Buffer.from(place.value));
      this.#write.run(place.name, sealed.key, sealed.nonce, sealed.body);
      place.changed = false;
    }
    if (this.#places.size > mostPlaces) this.#places.clear();
  }

  get held(): number {
    return this.#places.size;
  }

  /** What memory says may not be in the record. */
  forget(): void {
    this.#places.clear();
  }

  #place(of: string): Place {
    const known = this.#places.get(of);
    if (known) return known;
    const name = keyedHash(this.#keys, "checkpoint", of);
    const row = this.#find.get(name) as { key: number; nonce: number; value: Uint8Array } | undefined;
    const value = row ? Buffer.from(this.#opener.open(ownerOf(name), { key: row.key, nonce: row.nonce, body: row.value })).toString() : "";
    const place = { name, value, changed: false };
    this.#places.set(of, place);
    return place;
  }
}

function ownerOf(name: Uint8Array): Owner {
  return { message: 0, where: Buffer.from(name).toString("hex"), stage: "checkpoint" };
}
