import { mkdirSync, renameSync, writeFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Channel } from "../config/project.ts";
import type { ChannelRevision } from "../flow/ports.ts";
import type { ChannelProgram, Sandbox } from "../sandbox/sandbox.ts";

interface Kept {
  readonly channel: Omit<Channel, "place">;
  readonly program: ChannelProgram;
}

/**
 * The channel revisions that accepted messages still in flight: an entry runs under the revision that accepted it (DESIGN 7).
 * Kept as files beside the store: configuration and code, no message, and no secret (a `SecretRef` prints as `[secret]`).
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

  keep(channel: Channel, program: ChannelProgram): void {
    const path = this.#path(channel.name, channel.revision);
    if (existsSync(path)) return;
    const { place: _, ...plain } = channel;
    writeFileSync(`${path}.part`, JSON.stringify({ channel: plain, program } satisfies Kept), { mode: 0o600 });
    renameSync(`${path}.part`, path);
  }

  find(channel: string, revision: string): Promise<ChannelRevision | undefined> {
    const path = this.#path(channel, revision);
    let loading = this.#loaded.get(path);
    if (!loading) {
      loading = this.#load(path, `${channel}@${revision}`);
      this.#loaded.set(path, loading);
    }
    return loading;
  }

  async #load(path: string, program: string): Promise<ChannelRevision | undefined> {
    if (!existsSync(path)) return undefined;
    const kept = JSON.parse(readFileSync(path, "utf8")) as Kept;
    await this.#sandbox.load({ ...kept.program, channel: program });
    return { channel: kept.channel as Channel, program };
  }

  #path(channel: string, revision: string): string {
    return join(this.#folder, `${channel}@${revision}.json`);
  }
}
