import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { EngineError } from "../sdk/index.ts";
import type { Stage } from "./schema.ts";

const day = 86_400_000;

export interface Sealed {
  readonly key: number;
  readonly nonce: number;
  readonly body: Uint8Array;
}

/** Where a content belongs; part of what is authenticated, so that a content moved to another place does not open. */
export interface Owner {
  readonly message: number;
  /** The channel of a raw message, else the lane (whose name begins with its channel). */
  readonly where: string;
  readonly stage: Stage | "reason" | "checkpoint";
}

/** Keys that derive from the master key: contents, and one hash key per purpose. */
export interface MasterKeys {
  readonly contents: KeyObject;
  readonly hashes: KeyObject;
  /** Tells whether a record was written with this key, without saying anything about it. */
  readonly check: Uint8Array;
}

export function deriveMaster(master: Uint8Array): MasterKeys {
  const derive = (info: string) => Buffer.from(hkdfSync("sha256", master, "", `sluice ${info}`, 32));
  return { contents: createSecretKey(derive("contents")), hashes: createSecretKey(derive("hashes")), check: derive("check") };
}

/** Keyed hash of what may not stand in the record as it is; parts are length-prefixed, so no two lists collide. */
export function keyedHash(keys: MasterKeys, purpose: string, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hmac = createHmac("sha256", keys.hashes);
  // Each call into the hash costs more than a short text does, so texts are joined until bytes come.
  let text = `${purpose}\0`;
  for (const part of parts) {
    if (typeof part === "string") {
      text += `${Buffer.byteLength(part)}:${part}`;
    } else {
      hmac.update(`${text}${part.length}:`).update(part);
      text = "";
    }
  }
  if (text !== "") hmac.update(text);
  return hmac.digest().subarray(0, 16);
}

function associated(owner: Owner): Buffer {
  return Buffer.from(`${owner.message}\0${owner.where}\0${owner.stage}`);
}

function nonceBytes(nonce: number): Buffer {
  // From the pool: a buffer of its own costs more than the twelve bytes.
  const bytes = Buffer.allocUnsafe(12).fill(0, 0, 4);
  bytes.writeBigUInt64BE(BigInt(nonce), 4);
  return bytes;
}

function dataKey(keys: MasterKeys, partition: number, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", keys.contents, salt, `sluice data ${partition}`, 32)));
}

/**
 * Seals contents under a key of this writer and this day. A writer's salt is new at each start, its nonces only count up,
 * and after a rollback it takes a new key: no nonce meets the same key twice.
 */
export class Sealer {
  #keys: MasterKeys;
  #epoch: Uint8Array;
  #insert: StatementSync;
  #nextMessage: () => number;
  #generation = 0;
  #nonce = 0;
  /** The time of this commit: its day chooses the key. */
  at = 0;
  #current: { readonly id: number; readonly partition: number; readonly key: KeyObject } | undefined;

  constructor(db: DatabaseSync, keys: MasterKeys, epoch: Uint8Array, nextMessage: () => number) {
    this.#keys = keys;
    this.#epoch = epoch;
    this.#nextMessage = nextMessage;
    this.#insert = db.prepare("INSERT INTO keys(day, salt, first, reasons) VALUES(?, ?, ?, 0)");
  }

  /** Within a transaction: the row of a new key is committed with the first content sealed by it. */
  seal(owner: Owner, content: Uint8Array): Sealed {
    const { id, key } = this.#keyOf(Math.floor(this.at / day));
    const nonce = ++this.#nonce;
    const cipher = createCipheriv("aes-256-gcm", key, nonceBytes(nonce));
    cipher.setAAD(associated(owner));
    const text = cipher.update(content);
    cipher.final();
    const body = Buffer.allocUnsafe(text.length + 16);
    body.set(text);
    body.set(cipher.getAuthTag(), text.length);
    return { key: id, nonce, body };
  }

  /** The key's row may be gone with a rollback. */
  forget(): void {
    this.#current = undefined;
  }

  #keyOf(partition: number): { readonly id: number; readonly key: KeyObject } {
    if (this.#current?.partition === partition) return this.#current;
    const salt = Buffer.alloc(this.#epoch.length + 4);
    salt.set(this.#epoch);
    salt.writeUInt32BE(++this.#generation, this.#epoch.length);
    const id = Number(this.#insert.run(partition, salt, this.#nextMessage()).lastInsertRowid);
    this.#current = { id, partition, key: dataKey(this.#keys, partition, salt) };
    return this.#current;
  }
}

/** Opens contents; anything altered, moved or cut is STO-303. */
export class Opener {
  #keys: MasterKeys;
  #select: StatementSync;
  #known = new Map<number, KeyObject>();

  constructor(db: DatabaseSync, keys: MasterKeys) {
    this.#keys = keys;
    this.#select = db.prepare("SELECT day, salt FROM keys WHERE id=?");
  }

  open(owner: Owner, sealed: Sealed): Uint8Array {
    const key = this.#keyOf(sealed.key);
    const end = sealed.body.length - 16;
    if (key === undefined || end < 0) throw altered(owner);
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, nonceBytes(sealed.nonce));
      decipher.setAAD(associated(owner));
      decipher.setAuthTag(sealed.body.subarray(end));
      const text = decipher.update(sealed.body.subarray(0, end));
      decipher.final();
      return text;
    } catch (cause) {
      throw altered(owner, cause);
    }
  }

  #keyOf(id: number): KeyObject | undefined {
    let key = this.#known.get(id);
    if (key !== undefined) return key;
    const row = this.#select.get(id) as { day: number; salt: Uint8Array } | undefined;
    if (row === undefined) return undefined;
    key = dataKey(this.#keys, row.day, row.salt);
    if (this.#known.size >= 1000) this.#known.clear();
    this.#known.set(id, key);
    return key;
  }
}

function altered(owner: Owner, cause?: unknown): EngineError {
  return new EngineError("STO-303", { message: owner.message, where: owner.where, stage: owner.stage }, { cause });
}
