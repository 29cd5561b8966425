import { type Disposal, durationMs, EngineError, type FoundFile, type Inbox, type InboxFile, type Listed, type SourceContext } from "../../engine/sdk/index.ts";
import { Connection } from "./connection.ts";
import type { SourceOptions } from "./options.ts";
import type { Remote } from "./remote.ts";
import { besideName, folderPath, isPlainName } from "./remote-path.ts";

/** How many names beside a taken one are tried. */
const triesBeside = 50;

/** A folder of the server as a source empties it. The connection is made at the first look, and again when it broke. */
export class RemoteInbox implements Inbox {
  readonly #ctx: SourceContext;
  readonly #options: SourceOptions;
  readonly #connection: Connection;
  readonly #endpoint: string;

  constructor(ctx: SourceContext, options: SourceOptions) {
    this.#ctx = ctx;
    this.#options = options;
    this.#connection = new Connection(durationMs(options.timeout));
    this.#endpoint = options.endpoint ?? "";
  }

  list(wanted: (name: string) => boolean): Promise<Listed> {
    return this.use(async (remote, at) => {
      const files: FoundFile[] = [];
      let skipped = 0;
      for (const { filename, attrs } of await remote.list(at(this.#options.directory))) {
        if (filename.startsWith(".") || !wanted(filename)) continue;
        if (attrs.isFile() && isPlainName(filename)) files.push(this.#found(filename, attrs));
        else if (!attrs.isDirectory()) skipped++;
      }
      return { files, skipped };
    });
  }

  async open(found: FoundFile): Promise<InboxFile | undefined> {
    const handle = await this.use(async (remote, at) => {
      const path = this.#pathOf(found, at);
      return (await this.#isThere(remote, path, found)) ? remote.open(path, "r") : undefined;
    });
    if (!handle) return undefined;
    return {
      found,
      read: (offset, length, into = new Uint8Array(length)) => this.use(async (remote) => into.subarray(0, await remote.read(handle, into.subarray(0, length), offset))),
      unchanged: () => this.use((remote, at) => this.#isThere(remote, this.#pathOf(found, at), found)),
      dispose: (how) => this.use((remote, at) => this.#dispose(remote, found, how, at)),
      // Where the connection is gone, the handle is too.
      close: () => this.use((remote) => remote.close(handle)).catch(() => undefined),
    };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Work on the server; `at` gives the path of a folder below the endpoint's. */
  use<T>(work: (remote: Remote, at: (folder: string | undefined) => string) => Promise<T>): Promise<T> {
    return this.#connection.use(
      this.#ctx,
      async (kept) => (kept && !kept.stream.destroyed ? kept : this.#ctx.stream(this.#endpoint)),
      (remote, opened) => work(remote, (folder) => folderPath(opened, folder)),
    );
  }

  /** A server says no more of a file than its size and the second of its last change; the name stands in the mark as a keyed hash. */
  #found(name: string, { size, mtime }: { readonly size: number; readonly mtime: number }): FoundFile {
    const node = this.#ctx.opaque(name);
    return { name, size, changedAt: mtime * 1000, node, mark: `${node}.${size}.${mtime}` };
  }

  #pathOf({ name }: FoundFile, at: (folder: string | undefined) => string): string {
    return `${at(this.#options.directory)}/${name}`;
  }

  async #isThere(remote: Remote, path: string, found: FoundFile): Promise<boolean> {
    const stats = await remote.look(path);
    return stats?.isFile() === true && this.#found(found.name, stats).mark === found.mark;
  }

  async #dispose(remote: Remote, found: FoundFile, how: Disposal, at: (folder: string | undefined) => string): Promise<void> {
    const path = this.#pathOf(found, at);
    if (!(await this.#isThere(remote, path, found))) return;
    if (how === "delete") return remote.remove(path);
    const { moveTo, errorTo } = this.#options;
    let folder = at(how === "error" ? errorTo : moveTo);
    if (how === "archive") {
      folder = `${folder}/${new Date(this.#ctx.clock.now()).toISOString().slice(0, 10)}`;
      if (!(await remote.look(folder))) await remote.makeFolder(folder);
    }
    for (let n = 1; n <= triesBeside; n++) {
      const target = `${folder}/${n === 1 ? found.name : besideName(found.name, n)}`;
      if (await remote.look(target)) continue;
      return remote.rename(path, target);
    }
    throw new EngineError("SFT-108");
  }
}
