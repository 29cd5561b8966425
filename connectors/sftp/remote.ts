import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { sftpFailure, status, statusOf } from "./failure.ts";
import type { Session } from "./session.ts";

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** Files of a server as promises. Rejects with EngineError `SFT-*`; a connection that breaks ends what is under way. */
export class Remote {
  readonly #sftp: SFTPWrapper;
  readonly #stream: OpenedStream["stream"];

  constructor({ sftp, opened }: Session) {
    this.#sftp = sftp;
    this.#stream = opened.stream;
  }

  list(folder: string): Promise<FileEntryWithStats[]> {
    return this.#call((done) => this.#sftp.readdir(folder, done));
  }

  /** What stands at a path, links not followed; `undefined`: nothing. */
  async look(path: string): Promise<Stats | undefined> {
    return this.#orNothing(this.#call<Stats>((done) => this.#sftp.lstat(path, done)));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call<void>((done) => this.#sftp.rename(from, to, (error) => done(error, undefined)));
  }

  async remove(path: string): Promise<void> {
    await this.#call<void>((done) => this.#sftp.unlink(path, (error) => done(error, undefined)));
  }

  async makeFolder(path: string): Promise<void> {
    await this.#call<void>((done) => this.#sftp.mkdir(path, { mode: 0o700 }, (error) => done(error, undefined)));
  }

  open(path: string, flags: "r" | "w", mode = 0o600): Promise<Buffer> {
    return this.#call((done) => this.#sftp.open(path, flags, mode, done));
  }

  async close(handle: Buffer): Promise<void> {
    await this.#call<void>((done) => this.#sftp.close(handle, (error) => done(error, undefined)));
  }

  /** Fills `into` from `offset`; gives how many bytes there were. */
  async read(handle: Buffer, into: Uint8Array, offset: number): Promise<number> {
    const buffer = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
    let filled = 0;
    while (filled < buffer.length) {
      const length = Math.min(chunk, buffer.length - filled);
      const got = await this.#call<number>((done) =>
        this.#sftp.read(handle, buffer, filled, length, offset + filled, (error, count) => (isEnd(error) ? done(null, 0) : done(error, count))));
      if (got === 0) break;
      filled += got;
    }
    return filled;
  }

  /** Writes a file whole and asks the server to put it on its disk, where it can. */
  async write(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    const handle = await this.open(path, "w", mode);
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < buffer.length; at += chunk) {
        const length = Math.min(chunk, buffer.length - at);
        await this.#call<void>((done) => this.#sftp.write(handle, buffer, at, length, at, (error) => done(error, undefined)));
      }
      await this.#sync(handle);
    } finally {
      await this.close(handle);
    }
  }

  /** Whether a file holds exactly these bytes. */
  async holds(path: string, bytes: Uint8Array): Promise<boolean> {
    const handle = await this.open(path, "r");
    try {
      const found = new Uint8Array(bytes.length + 1);
      const length = await this.read(handle, found, 0);
      return length === bytes.length && Buffer.compare(found.subarray(0, length), bytes) === 0;
    } finally {
      await this.close(handle);
    }
  }

  async #sync(handle: Buffer): Promise<void> {
    try {
      await this.#call<void>((done) => this.#sftp.ext_openssh_fsync(handle, (error) => done(error as Error | null | undefined, undefined)));
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "SFT-103") throw error;
    }
  }

  async #orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof EngineError && statusOf(error.cause) === status.noSuchFile) return undefined;
      throw error;
    }
  }

  #call<T>(start: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      // The library leaves what is under way without an answer when its connection ends.
      const broke = () => reject(new EngineError("SFT-105"));
      if (this.#stream.destroyed) return broke();
      this.#stream.once("close", broke);
      try {
        start((error, value) => {
          this.#stream.off("close", broke);
          if (error) reject(sftpFailure(error, "SFT-107"));
          else resolve(value);
        });
      } catch (error) {
        // What the server never offered the library refuses to ask for.
        this.#stream.off("close", broke);
        reject(sftpFailure(error, "SFT-103"));
      }
    });
  }
}

/** What every server takes in one request. */
const chunk = 32 * 1024;

function isEnd(error: unknown): boolean {
  return statusOf(error) === 1;
}
