import { type Code, EngineError } from "../sdk/error.ts";
import { bytesOf, type Op, type Result, type Writer, type Written } from "./op.ts";

interface Waiting {
  readonly op: Op;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: EngineError) => void;
}

export interface GroupCommitOptions {
  readonly now: () => number;
  readonly defer: (run: () => void) => void;
  readonly onFault: (code: Code) => void;
  /** Chooses who writes the next list, given the last COMMIT's time; asked only between two lists. */
  readonly choose: (current: Writer | undefined, commitMs: number) => Writer | Promise<Writer>;
}

/** Bounds of one transaction, so that the first in it does not wait for a flood behind it. */
const most = { ops: 512, bytes: 8 * 1024 * 1024 };

/**
 * Commits whatever arrived while the last commit ran, in one transaction; never waits for more to come.
 * A promise resolves only when COMMIT has returned.
 */
export class GroupCommit {
  #options: GroupCommitOptions;
  #queue: Waiting[] = [];
  #writer: Writer | undefined;
  #commitMs = 0;
  #scheduled = false;
  #running: Promise<void> | undefined;
  #stopped: Code | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** The code after which nothing is written any more. */
  get stopped(): Code | undefined {
    return this.#stopped;
  }

  submit(op: Op): Promise<Result> {
    if (this.#stopped !== undefined) return Promise.reject(new EngineError(this.#stopped));
    return new Promise((resolve, reject) => {
      this.#queue.push({ op, resolve, reject });
      this.#schedule();
    });
  }

  /** Writes what waits, then nothing more. */
  async close(): Promise<void> {
    while (this.#queue.length > 0 || this.#running !== undefined) {
      if (this.#running === undefined) this.#flush();
      await this.#running;
    }
    this.#stopped ??= "STO-205";
    await this.#writer?.close();
    this.#writer = undefined;
  }

  #schedule(): void {
    if (this.#scheduled || this.#running !== undefined) return;
    this.#scheduled = true;
    this.#options.defer(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#queue.length === 0 || this.#running !== undefined) return;
    let writer: Writer | Promise<Writer>;
    try {
      writer = this.#options.choose(this.#writer, this.#commitMs);
    } catch {
      this.#stop("STO-203");
      return;
    }
    if (writer instanceof Promise) {
      this.#track(writer.then((chosen) => this.#writeWith(chosen)));
    } else {
      const written = this.#writeWith(writer);
      if (written !== undefined) this.#track(written);
    }
  }

  /** Undefined when the list is already committed. */
  #writeWith(writer: Writer): Promise<void> | undefined {
    this.#writer = writer;
    const batch = this.#take();
    const written = writer.write(batch.map(({ op }) => op), this.#options.now());
    // A writer that broke may have committed or not: the batch is refused and nothing more is written.
    const broken: Written = { results: [], commitMs: 0, failed: "STO-203" };
    if (written instanceof Promise) return written.catch(() => broken).then((value) => this.#turn(batch, value));
    this.#settle(batch, written);
    return undefined;
  }

  /** The writer's thread gets its next list before this thread looks at the results of the last: both work at once. */
  #turn(batch: readonly Waiting[], written: Written): void {
    this.#commitMs = written.commitMs;
    if (written.failed === undefined && this.#queue.length > 0) {
      this.#running = undefined;
      this.#flush();
    }
    this.#settle(batch, written);
  }

  #track(work: Promise<void>): void {
    const running: Promise<void> = work
      .catch(() => this.#stop("STO-203"))
      .then(() => {
        // A later list may be under way by now.
        if (this.#running === running) this.#running = undefined;
        if (this.#queue.length > 0) this.#schedule();
      });
    this.#running = running;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { op } of this.#queue) {
      if (count === most.ops || (count > 0 && bytes > most.bytes)) break;
      bytes += bytesOf(op);
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #settle(batch: readonly Waiting[], written: Written): void {
    this.#commitMs = written.commitMs;
    if (written.failed !== undefined) this.#stop(written.failed);
    batch.forEach(({ resolve, reject }, index) => {
      const result = written.results[index];
      if (result === undefined) reject(new EngineError("STO-203"));
      else if (result.kind !== "refused") resolve(result);
      else {
        if (result.code.startsWith("STO-2")) this.#options.onFault(result.code);
        reject(new EngineError(result.code));
      }
    });
    if (this.#queue.length > 0) this.#schedule();
  }

  /** After a failed flush the kernel may have dropped the pages: no later success would mean anything. */
  #stop(code: Code): void {
    this.#stopped = code;
    this.#options.onFault(code);
    for (const { reject } of this.#queue.splice(0)) reject(new EngineError(code));
  }
}
