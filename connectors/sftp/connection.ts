import { type Clock, EngineError, type OpenedStream } from "../../engine/sdk/index.ts";
import { Remote } from "./remote.ts";
import type { Session } from "./session.ts";

/** A connection that is kept between messages and polls, and made again when it broke. */
export class Connection {
  readonly #timeoutMs: number;
  #session: Session | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Does some work on the server. `open` is given the stream that is open already, and gives it back or another. When the time is over or the
   * engine stops, the connection ends and with it what is under way. Rejects with EngineError `SFT-*`, `NET-*`, `SEC-*`.
   */
  async use<S extends OpenedStream, T>(parts: { readonly clock: Clock; readonly signal: AbortSignal }, open: (kept: OpenedStream | undefined) => Promise<S>, work: (remote: Remote, opened: S) => Promise<T>): Promise<T> {
    const { clock, signal } = parts;
    // The client library is read in by whoever connects, before there is a stream whose events it must hear.
    const { openSession } = await import("./session.ts");
    const opened = await open(this.#session?.opened);
    let why: EngineError | undefined;
    const end = (error: EngineError) => {
      why ??= error;
      opened.stream.destroy();
    };
    const timer = clock.after(this.#timeoutMs, () => end(new EngineError("SFT-104")));
    const abort = () => end(new EngineError("NET-210"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      if (this.#session?.opened.stream !== opened.stream) this.#session = await openSession(opened);
      return await work(new Remote(this.#session), opened);
    } catch (error) {
      if (why !== undefined || !isAnswer(error)) await this.close();
      throw why ?? error;
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", abort);
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }
}

/** Whether the server has answered, so that its connection is sound and nothing is in doubt. */
export function isAnswer(error: unknown): boolean {
  return error instanceof EngineError && ["SFT-103", "SFT-106", "SFT-107", "SFT-108", "SFT-109", "SFT-201"].includes(error.code);
}
