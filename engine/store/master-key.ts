import { closeSync, fchmodSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../sdk/error.ts";
import type { Random } from "../sdk/index.ts";
import { unreadable } from "./disk.ts";
import { deriveMaster, hashesOf, type MasterKeys } from "./vault.ts";

/** The key by which things are recognised (duplicates, control ids, surrogates), once the first master key is not the only one. It does not rotate. */
export const hashKeyName = "hash.key";

/** `master.key` is the first; a rotation adds `master-2.key` and so on. */
export function masterName(id: number): string {
  return id === 1 ? "master.key" : `master-${id}.key`;
}

/** Numbers of the master keys in a folder. */
export function masterIds(dir: string): readonly number[] {
  return readdirSync(dir).flatMap((name) => {
    const found = /^master(?:-([1-9]\d{0,8}))?\.key$/.exec(name);
    return found ? [Number(found[1] ?? 1)] : [];
  });
}

/**
 * Reads the keys from which every key of the store derives; on a first start makes the first.
 * A record without its key is refused: a new key would make everything before it unreadable without a word.
 */
export function readKeys(dir: string, options: { readonly recordExists: boolean; readonly create: boolean; readonly random: Random }): MasterKeys {
  try {
    let ids = masterIds(dir);
    if (ids.length === 0) {
      if (options.recordExists || !options.create) throw new EngineError("STO-106", { file: masterName(1) });
      writeKey(dir, masterName(1), options.random.bytes(32));
      ids = [1];
    }
    const masters = new Map(ids.map((id) => [id, requiredKey(dir, masterName(id))]));
    const hashes = readKey(dir, hashKeyName);
    if (hashes === undefined && !masters.has(1)) throw new EngineError("STO-106", { file: hashKeyName });
    return deriveMaster(masters, { ...(hashes && { hashes }), load: (id) => readKey(dir, masterName(id)) });
  } catch (error) {
    throw unreadable(error);
  }
}

/** Puts a master key with the next number beside the others, and the key of hashes where the first master key stood for it. */
export function addMaster(dir: string, id: number, key: Uint8Array): void {
  if (readKey(dir, hashKeyName) === undefined) writeKey(dir, hashKeyName, hashesOf(requiredKey(dir, masterName(1))));
  writeKey(dir, masterName(id), key);
}

/** Overwrites and deletes master keys that the record does not name any more. */
export function removeMasters(dir: string, isNamed: (id: number) => boolean): void {
  for (const id of masterIds(dir)) {
    if (isNamed(id)) continue;
    const path = join(dir, masterName(id));
    const file = openSync(path, "r+");
    writeSync(file, "0".repeat(statSync(path).size));
    fsyncSync(file);
    closeSync(file);
    rmSync(path);
  }
  syncDirectory(dir);
}

function requiredKey(dir: string, name: string): Uint8Array {
  const key = readKey(dir, name);
  if (key === undefined) throw new EngineError("STO-106", { file: name });
  return key;
}

/** 32 bytes in hexadecimal, readable by their owner alone; undefined: there is no such file. */
export function readKey(dir: string, name: string): Uint8Array | undefined {
  const path = join(dir, name);
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new EngineError("STO-108", { file: name });
    text = readFileSync(path, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(error);
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new EngineError("STO-106", { file: name });
  return Buffer.from(text.trim(), "hex");
}

/** Whole or not at all, and on the disk before anything is sealed with it. */
export function writeKey(dir: string, name: string, key: Uint8Array): void {
  const path = join(dir, name);
  const temporary = `${path}.new`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, "wx", 0o600);
    fchmodSync(file, 0o600);
    writeSync(file, `${Buffer.from(key).toString("hex")}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
    syncDirectory(dir);
  } catch (error) {
    throw unreadable(error);
  }
}

/** Makes a rename or a new file survive a power cut. */
export function syncDirectory(dir: string): void {
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
