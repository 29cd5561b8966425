import { createHmac, createSecretKey } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EngineError, type Random } from "../sdk/index.ts";
import { syncDirectory } from "../store/master-key.ts";

const name = "identity.key";

/**
 * The 32 bytes from which the names of messages outside the engine derive; made once for each data folder. Beside a record that has messages a
 * missing one is refused (RUN-109), not made anew: what partners already know would come to them under other names.
 */
export function identityKey(dataDir: string, random: Random, record: { readonly hasMessages: boolean }): Uint8Array {
  const path = join(dataDir, name);
  try {
    const key = read(path);
    if (key) return key;
    if (record.hasMessages) throw new EngineError("RUN-109", { file: name, missing: true });
    const made = random.bytes(32);
    write(path, made);
    syncDirectory(dataDir);
    return made;
  } catch (error) {
    throw error instanceof EngineError ? error : new EngineError("RUN-109", { file: name }, { cause: error });
  }
}

/**
 * Opaque ids: the same for the same scope (a lane, or the message itself) and message of this store, and of no use to tell which message
 * it is, how many there were, or that two partners were sent the same one.
 */
export function opaqueIds(key: Uint8Array): (scope: string, message: number) => string {
  const secret = createSecretKey(key);
  return (scope, message) => createHmac("sha256", secret).update(`${scope}\n${message}`).digest("hex").slice(0, 32);
}

function read(path: string): Uint8Array | undefined {
  let mode: number;
  try {
    ({ mode } = statSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const text = readFileSync(path, "latin1");
  if ((mode & 0o077) !== 0 || !/^[0-9a-f]{64}\n?$/.test(text)) throw new EngineError("RUN-109", { file: name });
  return Buffer.from(text.trim(), "hex");
}

/** Whole or not at all, and on the disk before the first message leaves under it. */
function write(path: string, key: Uint8Array): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", 0o600);
  writeSync(file, `${Buffer.from(key).toString("hex")}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}
