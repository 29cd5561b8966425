import { constants } from "node:fs";
import { type FileHandle, lstat, open, unlink } from "node:fs/promises";
import { releasedBody } from "../../phi/release.ts";
import { type Clock, EngineError, type Random, type Released } from "../../sdk/index.ts";
import { diskFailure, reasonOf } from "./failure.ts";
import type { Folder } from "./folder.ts";
import { hex, isSafeName, own } from "./safe-name.ts";

export interface OutboxPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** Files half written by an engine that died; another engine may be writing into the same folder, so only old ones go. */
const abandonedMs = 3_600_000;

/** Writes one file whole or not at all. Rejects with EngineError `DIR-*`; `safe.sent`: it may be there nevertheless. */
export async function writeWhole(folder: Folder, released: Released, name: string, mode: number, { random }: OutboxPorts): Promise<"written" | "present"> {
  if (!isSafeName(name)) throw new EngineError("DIR-202", { sent: false });
  const body = releasedBody(released);
  const unfinished = `${own.unfinished}${hex(random.bytes(8))}`;
  let placed = false;
  try {
    await writeAndSync(folder.at(unfinished), body, mode);
    placed = (await folder.receive(folder, unfinished, name)) !== undefined;
    if (placed) {
      await folder.sync();
      return "written";
    }
    await unlink(folder.at(unfinished));
    if (await holds(folder.at(name), body)) {
      // A crash may have come between the name and its being on disk.
      await folder.sync();
      return "present";
    }
  } catch (error) {
    if (!placed) await unlink(folder.at(unfinished)).catch(() => undefined);
    throw diskFailure(error, "DIR-205", { sent: placed });
  }
  throw new EngineError("DIR-203", { sent: false });
}

/** Takes away what engines that died left unfinished in a folder. */
export async function clearAbandoned(folder: Folder, clock: Clock): Promise<void> {
  for (const { name, isFile } of await folder.entries()) {
    if (!isFile || !name.startsWith(own.unfinished)) continue;
    const stats = await lstat(folder.at(name)).catch(() => undefined);
    if (stats && clock.now() - stats.mtimeMs > abandonedMs) await unlink(folder.at(name)).catch(() => undefined);
  }
}

async function writeAndSync(path: string, body: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
  try {
    await file.writeFile(body);
    // The process's mask may have taken away what the configuration gives.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function holds(path: string, body: Uint8Array): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (reasonOf(error) === "ELOOP") return false;
    throw error;
  }
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size === body.length && Buffer.compare(await file.readFile(), body) === 0;
  } finally {
    await file.close();
  }
}
