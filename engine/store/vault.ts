import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { large as piece, release } from "./large.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { EngineError } from "../sdk/error.ts";
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

/** Keys that derive from the master keys: for contents one of each master key, by its number; for hashes one that never changes. */
export interface MasterKeys {
  readonly contents: Map<number, KeyObject>;
  readonly hashes: KeyObject;
  /** Tell whether a record was written with a key, without saying anything about it. */
  readonly checks: Map<number, Uint8Array>;
  readonly hashCheck: Uint8Array;
  /** A master key that came after these were read. */
  readonly load?: (id: number) => Uint8Array | undefined;
}

export function deriveMaster(masters: ReadonlyMap<number, Uint8Array>, options: { readonly hashes?: Uint8Array; readonly load?: MasterKeys["load"] } = {}): MasterKeys {
  const first = masters.get(1);
  const hashes = options.hashes ?? (first && hashesOf(first));
  if (hashes === undefined) throw new EngineError("STO-106", { file: "hash.key" });
  const keys = {
    contents: new Map<number, KeyObject>(),
    hashes: createSecretKey(hashes),
    checks: new Map<number, Uint8Array>(),
    hashCheck: createHmac("sha256", hashes).update("sluice check").digest(),
    ...(options.load && { load: options.load }),
  };
  for (const [id, master] of masters) addMasterTo(keys, id, master);
  return keys;
}

export function addMasterTo(keys: MasterKeys, id: number, master: Uint8Array): void {
  keys.contents.set(id, createSecretKey(derive(master, "contents")));
  keys.checks.set(id, derive(master, "check"));
}

export function hashesOf(master: Uint8Array): Uint8Array {
  return derive(master, "hashes");
}

function derive(master: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master, "", `sluice ${info}`, 32));
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

/** Undefined: the master key is not there. */
function dataKey(keys: MasterKeys, master: number, partition: number, salt: Uint8Array): KeyObject | undefined {
  let contents = keys.contents.get(master);
  if (contents === undefined) {
    const loaded = keys.load?.(master);
    if (loaded !== undefined) addMasterTo(keys, master, loaded);
    contents = keys.contents.get(master);
  }
  return contents && createSecretKey(Buffer.from(hkdfSync("sha256", contents, salt, `sluice data ${partition}`, 32)));
}

/**
 * Seals contents under a key of this writer and this day. A writer's salt is new at each start, its nonces only count up,
 * and after a rollback it takes a new key: no nonce meets the same key twice.
 */
export class Sealer {
  #keys: MasterKeys;
  #epoch: Uint8Array;
  #insert: StatementSync;
  #master: StatementSync;
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
    this.#insert = db.prepare("INSERT INTO keys(day, salt, first, master, reasons) VALUES(?, ?, ?, ?, 0)");
    this.#master = db.prepare("SELECT value FROM about WHERE name='master'");
  }

  /** Within a transaction: the row of a new key is committed with the first content sealed by it. */
  seal(owner: Owner, content: Uint8Array): Sealed {
    const { id, key } = this.#keyOf(Math.floor(this.at / day));
    const nonce = ++this.#nonce;
    const cipher = createCipheriv("aes-256-gcm", key, nonceBytes(nonce));
    cipher.setAAD(associated(owner));
    const body = Buffer.allocUnsafe(content.length + 16);
    // Piece by piece, so that a large content is not in memory a third time.
    for (let at = 0; at < content.length; at += piece) {
      const part = cipher.update(content.subarray(at, at + piece));
      body.set(part, at);
      release(part);
    }
    cipher.final();
    body.set(cipher.getAuthTag(), content.length);
    return { key: id, nonce, body };
  }

  /** The key's row may be gone with a rollback, or there is a new master key. */
  forget(): void {
    this.#current = undefined;
  }

  #keyOf(partition: number): { readonly id: number; readonly key: KeyObject } {
    if (this.#current?.partition === partition) return this.#current;
    const salt = Buffer.alloc(this.#epoch.length + 4);
    salt.set(this.#epoch);
    salt.writeUInt32BE(++this.#generation, this.#epoch.length);
    const master = (this.#master.get() as { value: number } | undefined)?.value ?? 1;
    const key = dataKey(this.#keys, master, partition, salt);
    if (key === undefined) throw new EngineError("STO-106", { master });
    const id = Number(this.#insert.run(partition, salt, this.#nextMessage(), master).lastInsertRowid);
    this.#current = { id, partition, key };
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
    this.#select = db.prepare("SELECT day, salt, master FROM keys WHERE id=?");
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
    const row = this.#select.get(id) as { day: number; salt: Uint8Array; master: number } | undefined;
    if (row === undefined) return undefined;
    key = dataKey(this.#keys, row.master, row.day, row.salt);
    if (key === undefined) return undefined;
    if (this.#known.size >= 1000) this.#known.clear();
    this.#known.set(id, key);
    return key;
  }
}

function altered(owner: Owner, cause?: unknown): EngineError {
  return new EngineError("STO-303", { message: owner.message, where: owner.where, stage: owner.stage }, { cause });
}
