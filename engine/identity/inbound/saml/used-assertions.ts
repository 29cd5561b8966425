import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** However many are taken within their time; beyond that nobody is let in, since nobody could be told apart. */
const most = 200_000;

/** Assertions that were taken, until nobody would take them any more: on disk, so that a restart is no second chance. Keyed hashes and times alone. */
export class UsedAssertions {
  readonly #path: string;
  /** Lines after which the file is written anew, without those that are over. */
  readonly #compactAfter: number;
  readonly #until = new Map<string, number>();
  #file: number | undefined;
  #lines = 0;

  constructor(dataFolder: string, compactAfter = 10_000) {
    this.#compactAfter = compactAfter;
    this.#path = join(dataFolder, "used-assertions");
  }

  /** `fresh`: it was not taken before, and from now on it was, on disk. Throws what the disk throws. */
  take(hash: string, untilMs: number, now: number): "fresh" | "used" | "full" {
    this.#file ??= this.#open(now);
    if ((this.#until.get(hash) ?? 0) > now) return "used";
    if (this.#until.size >= most || this.#lines >= this.#compactAfter) this.#compact(now);
    if (this.#until.size >= most) return "full";
    writeSync(this.#file, lineOf(hash, untilMs));
    fdatasyncSync(this.#file);
    this.#lines++;
    this.#until.set(hash, untilMs);
    return "fresh";
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(now: number): number {
    let text = "";
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    for (const line of text.split("\n")) {
      const [, until, hash] = /^(\d{1,16}) ([0-9a-zA-Z_-]{16,128})$/.exec(line) ?? [];
      if (hash !== undefined && Number(until) > now) this.#until.set(hash, Number(until));
    }
    return this.#written();
  }

  #compact(now: number): void {
    for (const [hash, until] of this.#until) if (until <= now) this.#until.delete(hash);
    const before = this.#file;
    this.#file = this.#written();
    if (before !== undefined) closeSync(before);
  }

  /** The file with what still counts, whole or as it was, open for more. */
  #written(): number {
    const part = `${this.#path}.part`;
    const file = openSync(part, "w", 0o600);
    for (const [hash, until] of this.#until) writeSync(file, lineOf(hash, until));
    fdatasyncSync(file);
    renameSync(part, this.#path);
    this.#lines = 0;
    return file;
  }
}

const lineOf = (hash: string, untilMs: number) => `${Math.ceil(untilMs)} ${hash}\n`;
