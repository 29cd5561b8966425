import { type Clock, EngineError, type OpenedDatabase, type OpenedStream } from "../../engine/sdk/index.ts";
import { DatabaseFault, type Link } from "./link.ts";
import { openSqlite } from "./sqlite.ts";
import type { Dialect } from "./statement.ts";

interface Kept {
  readonly opened: OpenedStream | undefined;
  readonly link: Link;
}

/** What the engine opens for us; `S` and `D` hold the released body too where there is one. */
export interface Doors<S extends OpenedStream, D extends OpenedDatabase> {
  stream(kept: OpenedStream | undefined): Promise<S>;
  sqlite(): Promise<D>;
}

/** The link to one database, kept between messages and polls, and made again when it broke. A database file is opened for each use. */
export class Database {
  readonly #dialect: Dialect;
  readonly #timeoutMs: number;
  readonly #keepsFile: boolean;
  #kept: Kept | undefined;

  constructor(dialect: Dialect, timeoutMs: number, { keepsFile = false } = {}) {
    this.#dialect = dialect;
    this.#timeoutMs = timeoutMs;
    this.#keepsFile = keepsFile;
  }

  /** Rejects with `DatabaseFault` or EngineError `NET-*`, `DIR-*`, `SEC-*`. When the time is over or the engine stops, the connection ends and with it what is under way. */
  async use<S extends OpenedStream, D extends OpenedDatabase, T>({ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }, doors: Doors<S, D>, work: (link: Link, opened: S | D) => Promise<T>): Promise<T> {
    if (this.#dialect === "sqlite") return this.#useFile(doors, work);
    const login = await loginOf(this.#dialect);
    const opened = await doors.stream(this.#kept?.opened);
    let why: Error | undefined;
    const end = (error: Error) => {
      why ??= error;
      opened.stream.destroy();
    };
    const timer = clock.after(this.#timeoutMs, () => end(new DatabaseFault("DBS-103", { isAnswer: false })));
    const abort = () => end(new EngineError("NET-210"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    // A library may leave a query without an answer when its connection ends.
    const { promise: broke, reject } = Promise.withResolvers<never>();
    broke.catch(() => undefined);
    const onClose = () => reject(new DatabaseFault("DBS-102", { isAnswer: false }));
    opened.stream.once("close", onClose);
    try {
      if (this.#kept?.opened?.stream !== opened.stream) this.#kept = { opened, link: await Promise.race([login(opened), broke]) };
      return await Promise.race([work(this.#kept.link, opened), broke]);
    } catch (error) {
      if (why !== undefined || !(error instanceof DatabaseFault && error.isAnswer)) {
        opened.stream.destroy();
        this.#kept = undefined;
      }
      throw why ?? error;
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      opened.stream.off("close", onClose);
    }
  }

  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.link.close();
  }

  async #useFile<D extends OpenedDatabase, T>({ sqlite }: { sqlite(): Promise<D> }, work: (link: Link, opened: D) => Promise<T>): Promise<T> {
    if (this.#keepsFile && this.#kept) return work(this.#kept.link, undefined as never);
    const opened = await sqlite();
    const link = openSqlite(opened);
    if (this.#keepsFile) this.#kept = { opened: undefined, link };
    try {
      return await work(link, opened);
    } finally {
      if (!this.#keepsFile) await link.close();
    }
  }
}

/** A client library is read in by whoever connects, before there is a stream whose events it must hear. */
async function loginOf(dialect: Dialect): Promise<(opened: OpenedStream) => Promise<Link>> {
  return dialect === "postgres" ? (await import("./postgres.ts")).openPostgres : (await import("./mariadb.ts")).openMariadb;
}
