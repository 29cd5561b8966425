import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EngineError, type Random } from "../sdk/index.ts";
import { unreadable } from "./disk.ts";

const name = "master.key";

/**
 * Reads the 32 bytes from which every key of the store derives; on a first start makes them.
 * A record without its key is refused: a new key would make everything before it unreadable without a word.
 */
export function masterKey(dir: string, options: { readonly recordExists: boolean; readonly create: boolean; readonly random: Random }): Uint8Array {
  const path = join(dir, name);
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new EngineError("STO-108", { file: name });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(error);
    if (options.recordExists || !options.create) throw new EngineError("STO-106", { file: name });
    write(dir, path, options.random.bytes(32));
  }
  return read(path);
}

function read(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch (error) {
    throw unreadable(error);
  }
  if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new EngineError("STO-106", { file: name });
  return Buffer.from(text.trim(), "hex");
}

/** Whole or not at all, and on the disk before the first record is sealed with it. */
function write(dir: string, path: string, key: Uint8Array): void {
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
