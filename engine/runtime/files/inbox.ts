import { constants, type BigIntStats } from "node:fs";
import { type FileHandle, lstat, open, rename, unlink } from "node:fs/promises";
import { type Clock, type Disposal, EngineError, type FoundFile, type Inbox, type InboxFile, type Listed, type Random } from "../../sdk/index.ts";
import { diskFailure, reasonOf } from "./failure.ts";
import type { Folder } from "./folder.ts";
import { hex, isSafeName, own } from "./safe-name.ts";

export interface InboxParts {
  readonly folder: Folder;
  readonly moveTo: Folder | undefined;
  readonly errorTo: Folder | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Throws when the folder is not the configured one any more. */
  readonly check: () => void;
  readonly onClose: () => void;
}

/** A folder that a source empties (threat T12): regular files with plain names, opened without following a link. */
export class OpenInbox implements Inbox {
  readonly #parts: InboxParts;
  /** Held until they are closed: a handle that is forgotten would end the process when it is collected. */
  readonly #open = new Set<OpenFile>();
  #closed = false;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Files that a crash left half taken get their names back; what was done with them, the source's checkpoint says. */
  async recover(): Promise<void> {
    const { folder, random } = this.#parts;
    for (const { name } of await folder.entries()) {
      if (!name.startsWith(own.taken)) continue;
      const before = name.slice(own.taken.length + markLength + 1);
      await folder.receive(folder, name, isSafeName(before) ? before : hex(random.bytes(6)), random);
    }
  }

  async list(wanted: (name: string) => boolean): Promise<Listed> {
    const { folder, check } = this.#parts;
    check();
    const files: FoundFile[] = [];
    let skipped = 0;
    for (const { name, isFile } of await folder.entries()) {
      if (name.startsWith(".") || !wanted(name)) continue;
      const found = isFile && isSafeName(name) ? await this.#look(name) : undefined;
      if (found === "gone") continue;
      if (found) files.push(found);
      else skipped++;
    }
    return { files, skipped };
  }

  async #look(name: string): Promise<FoundFile | "gone" | undefined> {
    try {
      const stats = await lstat(this.#parts.folder.at(name), { bigint: true });
      return isOrdinary(stats) ? foundFile(name, stats) : undefined;
    } catch (error) {
      if (reasonOf(error) === "ENOENT") return "gone";
      throw diskFailure(error, "DIR-105");
    }
  }

  async open(found: FoundFile): Promise<InboxFile | undefined> {
    if (!isSafeName(found.name)) throw new EngineError("DIR-202");
    let handle: FileHandle;
    try {
      // Not blocking: what was a file a moment ago may be a pipe by now.
      handle = await open(this.#parts.folder.at(found.name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === "ENOENT" || reason === "ELOOP") return undefined;
      throw diskFailure(error, "DIR-105");
    }
    const stats = await handle.stat({ bigint: true });
    if (isOrdinary(stats) && markOf(stats) === found.mark) {
      const file: OpenFile = new OpenFile(found, handle, this.#parts, () => this.#open.delete(file));
      this.#open.add(file);
      return file;
    }
    await handle.close();
    return undefined;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { folder, moveTo, errorTo, onClose } = this.#parts;
    onClose();
    await Promise.all([...this.#open].map((file) => file.close()));
    await Promise.all([folder, moveTo, errorTo].map((each) => each?.close()));
  }
}

class OpenFile implements InboxFile {
  readonly found: FoundFile;
  readonly #handle: FileHandle;
  readonly #parts: InboxParts;
  readonly #onClose: () => void;

  constructor(found: FoundFile, handle: FileHandle, parts: InboxParts, onClose: () => void) {
    this.found = found;
    this.#handle = handle;
    this.#parts = parts;
    this.#onClose = onClose;
  }

  async read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const bytes = into ?? new Uint8Array(length);
    let filled = 0;
    try {
      while (filled < length) {
        const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw diskFailure(error, "DIR-105");
    }
    return filled === bytes.length ? bytes : bytes.subarray(0, filled);
  }

  async unchanged(): Promise<boolean> {
    return markOf(await this.#stats()) === this.found.mark;
  }

  /**
   * First under a name of the engine's, then away from there: between a look at a name and a deed a partner may put another file under
   * it. What was taken by mistake gets its name back.
   */
  async dispose(how: Disposal): Promise<void> {
    const { folder } = this.#parts;
    const target = this.#target(how);
    const staged = stagedName(this.found.name, this.#parts.random);
    try {
      await rename(folder.at(this.found.name), folder.at(staged));
    } catch (error) {
      if (reasonOf(error) === "ENOENT") return;
      throw diskFailure(error, "DIR-106");
    }
    try {
      const [taken, ours] = [await lstat(folder.at(staged), { bigint: true }), await this.#stats()];
      if (taken.ino !== ours.ino || taken.dev !== ours.dev) return await this.#putBack(staged);
      if (how === "delete") await unlink(folder.at(staged));
      else await this.#moveTo(target, staged, how);
      await folder.sync();
    } catch (error) {
      await this.#putBack(staged).catch(() => undefined);
      throw diskFailure(error, "DIR-106");
    }
  }

  async close(): Promise<void> {
    this.#onClose();
    await this.#handle.close();
  }

  #target(how: Disposal): Folder | undefined {
    const { moveTo, errorTo } = this.#parts;
    const target = how === "error" ? errorTo : moveTo;
    if (how !== "delete" && !target) throw new EngineError("DIR-107");
    return target;
  }

  async #moveTo(target: Folder | undefined, staged: string, how: Disposal): Promise<void> {
    const { folder, clock, random } = this.#parts;
    const day = how === "archive" ? await target?.below(new Date(clock.now()).toISOString().slice(0, 10), true) : undefined;
    const place = day ?? target;
    try {
      const name = await place?.receive(folder, staged, this.found.name, random);
      if (name === undefined) throw new EngineError("DIR-106");
      await place?.sync();
      if (day) await target?.sync();
    } finally {
      await day?.close();
    }
  }

  async #putBack(staged: string): Promise<void> {
    await this.#parts.folder.receive(this.#parts.folder, staged, this.found.name, this.#parts.random);
  }

  async #stats(): Promise<BigIntStats> {
    return this.#handle.stat({ bigint: true });
  }
}

const markLength = 12;

function stagedName(name: string, random: Random): string {
  const staged = `${own.taken}${hex(random.bytes(markLength / 2))}-${name}`;
  return Buffer.byteLength(staged) <= 255 ? staged : staged.slice(0, own.taken.length + markLength + 1);
}

/** A second name elsewhere would be a way to read, through us, what lies outside the folder. */
function isOrdinary(stats: BigIntStats): boolean {
  return stats.isFile() && stats.nlink === 1n;
}

function foundFile(name: string, stats: BigIntStats): FoundFile {
  return { name, size: Number(stats.size), changedAt: Number(stats.mtimeNs / 1_000_000n), mark: markOf(stats), node: nodeOf(stats) };
}

/** With the time it was made, where the file system keeps one: a node is used again once its file is gone. */
function nodeOf({ ino, birthtimeNs, ctimeNs }: BigIntStats): string {
  // Without one, some give the time of the last change of its name in its place.
  return birthtimeNs === 0n || birthtimeNs === ctimeNs ? String(ino) : `${ino}@${birthtimeNs}`;
}

/**
 * Not the number of the device, which changes when a share is mounted anew, and not the time of the last change of its name, which our own
 * moves change. A node is used again once its file is gone, hence size and nanoseconds.
 */
function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}.${size}.${mtimeNs}`;
}
