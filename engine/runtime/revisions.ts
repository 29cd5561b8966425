import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Channel } from "../config/project.ts";
import { type ChannelRevision, programName } from "../flow/ports.ts";
import { asWritten } from "../flow/same-way.ts";
import type { ChannelProgram, Sandbox } from "../sandbox/sandbox.ts";
import { syncDirectory } from "../store/master-key.ts";

/** Revisions kept loaded beside the current ones. */
const mostEarlier = 16;

interface Kept {
  /** Without its places in files that may have changed. */
  readonly channel: Channel;
  readonly program: ChannelProgram;
}

/**
 * The channel revisions that accepted messages still in flight: an entry runs under the revision that accepted it (DESIGN 7).
 * Kept as files beside the store: configuration and code, no message, and of a secret its name alone.
 */
export class Revisions {
  readonly #folder: string;
  readonly #sandbox: Sandbox;
  /** The one used last stands last. */
  readonly #loaded = new Map<string, Promise<ChannelRevision | undefined>>();
  /** By channel: what new messages run under. */
  readonly #current = new Map<string, string>();

  constructor(dataDir: string, sandbox: Sandbox) {
    this.#folder = join(dataDir, "revisions");
    this.#sandbox = sandbox;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** From now on the channel runs under this revision, whose program is loaded. */
  begin(channel: Channel, program: ChannelProgram): void {
    this.keep(channel, program);
    const path = this.#path(channel.name, channel.revision);
    this.#current.set(channel.name, path);
    this.#loaded.delete(path);
    this.#loaded.set(path, Promise.resolve({ channel, program: programName(channel) }));
    this.#forget();
  }

  /** On the disk when it returns: an acknowledged message needs its revision after a power cut too. */
  keep(channel: Channel, program: ChannelProgram): void {
    const path = this.#path(channel.name, channel.revision);
    const text = JSON.stringify({ channel: { ...channel, place: undefined }, program }, asWritten);
    if (existsSync(path) && readFileSync(path, "utf8") === text) return;
    const file = openSync(`${path}.part`, "w", 0o600);
    writeFileSync(file, text);
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.part`, path);
    syncDirectory(this.#folder);
  }

  /** What could not be loaded is looked for again the next time. */
  find(channel: string, revision: string): Promise<ChannelRevision | undefined> {
    const path = this.#path(channel, revision);
    let loading = this.#loaded.get(path);
    if (!loading) {
      const forget = () => this.#loaded.delete(path);
      loading = this.#load(path, programName({ name: channel, revision }));
      this.#loaded.set(path, loading);
      loading.then((found) => found ?? forget(), forget);
    } else {
      this.#loaded.delete(path);
      this.#loaded.set(path, loading);
    }
    return loading;
  }

  /** A long day of edits leaves many revisions behind, and few have messages in flight; what is asked for again is loaded again. */
  #forget(): void {
    const current = new Set(this.#current.values());
    for (const [path, loaded] of this.#loaded) {
      if (this.#loaded.size - current.size <= mostEarlier) return;
      if (current.has(path)) continue;
      this.#loaded.delete(path);
      void loaded.then((found) => found && this.#sandbox.unload(found.program), () => undefined);
    }
  }

  async #load(path: string, program: string): Promise<ChannelRevision | undefined> {
    const kept = read(path);
    if (!kept) return undefined;
    // Code that this engine cannot compile any more is as good as lost: its entries wait for a person.
    const mistakes = await this.#sandbox.load({ ...kept.program, name: program });
    return mistakes.length > 0 ? undefined : { channel: kept.channel, program };
  }

  #path(channel: string, revision: string): string {
    return join(this.#folder, `${channel}@${revision}.json`);
  }
}

function read(path: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Kept;
  } catch {
    return undefined;
  }
}
