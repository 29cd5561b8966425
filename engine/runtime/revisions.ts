import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Channel } from "../config/project.ts";
import type { ChannelRevision } from "../flow/ports.ts";
import { asWritten } from "../flow/same-way.ts";
import type { ChannelProgram, Sandbox } from "../sandbox/sandbox.ts";
import { syncDirectory } from "../store/master-key.ts";

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
  readonly #loaded = new Map<string, Promise<ChannelRevision | undefined>>();

  constructor(dataDir: string, sandbox: Sandbox) {
    this.#folder = join(dataDir, "revisions");
    this.#sandbox = sandbox;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
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
      loading = this.#load(path, `${channel}@${revision}`);
      this.#loaded.set(path, loading);
      loading.then((found) => found ?? forget(), forget);
    }
    return loading;
  }

  async #load(path: string, program: string): Promise<ChannelRevision | undefined> {
    const kept = read(path);
    if (!kept) return undefined;
    // Code that this engine cannot compile any more is as good as lost: its entries wait for a person.
    const mistakes = await this.#sandbox.load({ ...kept.program, channel: program });
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
