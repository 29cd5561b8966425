import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Endpoint } from "../../config/project.ts";
import { type Clock, type DestinationFiles, EngineError, type Inbox, type InboxOptions, type Random, type Released, type SendDatabase, type SourceFiles } from "../../sdk/index.ts";
import { spend } from "../net/outbound-wire.ts";
import { type DatabaseFile, openDatabase } from "./database-file.ts";
import { Folder } from "./folder.ts";
import { OpenInbox } from "./inbox.ts";
import { clearAbandoned, writeWhole } from "./outbox.ts";

export interface FilePorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Absolute path of the project; its own files are no partner's. */
  readonly root: string;
  /** Absolute path of the store's folder. */
  readonly data: string;
  /** A pinned endpoint of a partner, by its id. */
  readonly endpointOf: (partner: string, endpoint: string) => Endpoint | undefined;
  /** Whether the guard made this value (`phi/release`). */
  readonly isReleased: (value: unknown) => boolean;
}

/** What the engine reads of a project: a partner's file there would become configuration, or configuration a message. */
const projectFolders = ["channels", "lookups", "transforms", "secrets", "fixtures", "tests", "tls"];

/** Every file that the engine opens for a connector. */
export class Files implements SourceFiles {
  readonly #ports: FilePorts;
  readonly #inboxes = new Set<Inbox>();
  readonly #databases = new Set<DatabaseFile>();
  readonly #cleared = new Set<string>();

  constructor(ports: FilePorts) {
    this.#ports = ports;
  }

  async inbox(options: InboxOptions): Promise<Inbox> {
    const { clock, random } = this.#ports;
    const opened: Folder[] = [];
    const openOne = async (path: string): Promise<Folder> => {
      const folder = await this.#open(path);
      opened.push(folder);
      return folder;
    };
    try {
      const path = this.#resolve(options.directory);
      const folder = await openOne(path);
      const moveTo = options.moveTo === undefined ? undefined : await openOne(this.#resolve(options.moveTo));
      const errorTo = options.errorTo === undefined ? undefined : await openOne(this.#resolve(options.errorTo));
      // From one file system to another a file could only be copied, and then there are two for a moment.
      if ([moveTo, errorTo].some((each) => each && each.device !== folder.device)) throw new EngineError("DIR-103");
      const check = () => {
        if (!folder.isAt(path)) throw new EngineError("DIR-101");
      };
      const inbox: OpenInbox = new OpenInbox({ folder, moveTo, errorTo, clock, random, check, onClose: () => this.#inboxes.delete(inbox) });
      await inbox.recover();
      this.#inboxes.add(inbox);
      return inbox;
    } catch (error) {
      await Promise.all(opened.map((folder) => folder.close()));
      throw error;
    }
  }

  /** The files of one attempt. */
  forAttempt(signal: AbortSignal): DestinationFiles {
    return { write: (released, { mode }) => this.#write(released, mode, signal) };
  }

  /** The database file of a pinned endpoint. Rejects with EngineError `DIR-*`, `NET-202`. */
  async database(partner: string, endpoint: string): Promise<DatabaseFile> {
    const path = databaseOf(this.#ports.endpointOf(partner, endpoint));
    if (path === undefined) throw new EngineError("NET-202", { sent: false, partner, endpoint });
    const file = this.#resolve(path);
    // Opened for the checks alone: a folder of the engine's or the project's own is no partner's.
    await (await this.#open(dirname(file))).close();
    const opened = openDatabase(file);
    for (const each of this.#databases) if (!each.database.isOpen) this.#databases.delete(each);
    this.#databases.add(opened);
    return opened;
  }

  /** The same for one attempt, which spends the release. */
  async databaseFor(released: Released, signal: AbortSignal): Promise<SendDatabase> {
    if (!this.#ports.isReleased(released)) throw new EngineError("NET-201", { sent: false });
    if (signal.aborted) throw new EngineError("NET-210", { sent: false });
    const { database } = await this.database(released.partner, released.envelope.endpoint);
    const body = spend(released);
    return { database, body: () => new Uint8Array(body) };
  }

  async close(): Promise<void> {
    for (const { database } of this.#databases) if (database.isOpen) database.close();
    await Promise.all([...this.#inboxes].map((inbox) => inbox.close()));
  }

  async #write(released: Released, mode: number, signal: AbortSignal): Promise<"written" | "present"> {
    const { endpointOf, isReleased, clock } = this.#ports;
    if (!isReleased(released)) throw new EngineError("NET-201", { sent: false });
    if (signal.aborted) throw new EngineError("NET-210", { sent: false });
    const { partner, envelope } = released;
    const path = folderOf(endpointOf(partner, envelope.endpoint));
    if (path === undefined) throw new EngineError("DIR-201", { sent: false, partner });
    spend(released);
    let folder = await this.#open(this.#resolve(path));
    try {
      for (const part of (envelope.path ?? "").split("/").filter((each) => each !== "")) {
        const below = await folder.below(part, false);
        await folder.close();
        folder = below;
      }
      const place = `${path}\n${envelope.path ?? ""}`;
      if (!this.#cleared.has(place)) await clearAbandoned(folder, clock);
      this.#cleared.add(place);
      return await writeWhole(folder, released, envelope.names?.fileName ?? "", mode, this.#ports);
    } finally {
      await folder.close();
    }
  }

  #resolve(path: string): string {
    return resolve(this.#ports.root, path);
  }

  #open(path: string): Promise<Folder> {
    const [root, data] = [realpathSync(this.#ports.root), realpathSync(this.#ports.data)];
    const reserved = [data, ...projectFolders.map((name) => join(root, name))];
    return Folder.open(path, (real) => real === root || isWithin(root, real) || reserved.some((each) => isWithin(real, each)));
  }
}

/** The folder that a pinned endpoint names: `file:///absolute` or `file://./below-the-project`. */
function folderOf(endpoint: Endpoint | undefined): string | undefined {
  const [, path] = /^file:\/\/(\/.*|\.\/.*)$/.exec(endpoint?.url ?? "") ?? [];
  return path === undefined || path.split("/").includes("..") ? undefined : path;
}

/** The file that a pinned endpoint names: `sqlite:///absolute` or `sqlite://./below-the-project`. */
function databaseOf(endpoint: Endpoint | undefined): string | undefined {
  const [, path] = /^sqlite:\/\/(\/.*|\.\/.*)$/.exec(endpoint?.url ?? "") ?? [];
  return path === undefined || path.split("/").includes("..") ? undefined : path;
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
