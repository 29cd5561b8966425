import { constants, existsSync, lstatSync } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, realpath, rename, unlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { EngineError, type Random } from "../../sdk/index.ts";
import { diskFailure, reasonOf } from "./failure.ts";
import { besideName, isSafeName } from "./safe-name.ts";

/** Names below an open folder by way of its handle: whatever is done to the path meanwhile, they stay below this very folder. */
const throughHandle = process.platform === "linux" && existsSync("/proc/self/fd");

/** File systems that have no second name for a file. */
const noLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

/** One open folder. The only code that turns a name into a path. */
export class Folder {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #node: bigint;
  readonly device: bigint;

  private constructor(handle: FileHandle, path: string, node: bigint, device: bigint) {
    this.#handle = handle;
    this.#path = path;
    this.#node = node;
    this.device = device;
  }

  /** Opens what is a folder itself and not a link to one. `isReserved`: folders, by their real path, that no partner's files belong in. */
  static async open(path: string, isReserved: (real: string) => boolean): Promise<Folder> {
    try {
      const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      try {
        const { ino, dev } = await handle.stat({ bigint: true });
        // Where the handle points to now, not where the path may point to by now.
        const real = throughHandle ? await realpath(`/proc/self/fd/${handle.fd}`) : await realpath(path);
        if (isReserved(real)) throw new EngineError("DIR-102");
        return new Folder(handle, real, ino, dev);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw diskFailure(error, "DIR-105");
    }
  }

  /** Whether a path leads to this very folder still. */
  isAt(path: string): boolean {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return found?.ino === this.#node && found.dev === this.device;
  }

  /** A folder directly below, made when it is missing and `make` says so. */
  async below(name: string, make: boolean): Promise<Folder> {
    const path = this.at(name);
    if (make) {
      await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
        if (reasonOf(error) !== "EEXIST") throw diskFailure(error, "DIR-105");
      });
    }
    return Folder.open(path, () => false);
  }

  /** Entries by name; names that are no text are left out. */
  async entries(): Promise<readonly { readonly name: string; readonly isFile: boolean }[]> {
    try {
      return (await readdir(this.at(""), { withFileTypes: true })).map((entry) => ({ name: entry.name, isFile: entry.isFile() }));
    } catch (error) {
      throw diskFailure(error, "DIR-105");
    }
  }

  /** The path of a name in this folder. Only names of the engine's making and safe ones come here. */
  at(name: string): string {
    if (name.includes(sep) || name === "..") throw new EngineError("DIR-202");
    if (throughHandle) return `/proc/self/fd/${this.#handle.fd}/${name}`;
    if (!this.isAt(this.#path)) throw new EngineError("DIR-101");
    return join(this.#path, name);
  }

  /**
   * Gives a file of `from` this name here, or one beside it where `random` is given; never over another file. Resolves with the name, or
   * `undefined` when it is taken.
   */
  async receive(from: Folder, own: string, name: string, random?: Random): Promise<string | undefined> {
    for (let wanted = name, tries = 0; ; tries++) {
      if (!isSafeName(wanted)) throw new EngineError("DIR-202");
      try {
        await link(from.at(own), this.at(wanted));
        await unlink(from.at(own));
        return wanted;
      } catch (error) {
        const reason = reasonOf(error);
        if (noLinks.has(reason) && (await this.#rename(from, own, wanted))) return wanted;
        if (reason !== "EEXIST" && !noLinks.has(reason)) throw error;
      }
      if (!random || tries >= 8) return undefined;
      wanted = besideName(name, random);
    }
  }

  /** Without hard links nothing but a look beforehand keeps a rename from overwriting. */
  async #rename(from: Folder, own: string, name: string): Promise<boolean> {
    if (lstatSync(this.at(name), { throwIfNoEntry: false })) return false;
    await rename(from.at(own), this.at(name));
    return true;
  }

  /** The names in it are on disk when this resolves. */
  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
